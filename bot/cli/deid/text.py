"""`curbside deid text`: JSON lines in, cleaned JSON lines out, or one plain text."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final

from bot.cli.deid.cleaning import LONGEST_TEXT, Outcome, anonymizer, as_posted, checked, clean_line
from bot.cli.deid.crew import Crew
from bot.cli.json_lines import BadLine, LineSource
from bot.cli.progress import Progress

_BYTES_A_CHARACTER: Final = 4


class Tally:
    """Counts over a run, for the closing report; nothing of any text."""

    def __init__(self) -> None:
        """Start at nothing."""
        self.cleaned = 0
        self.refused = 0
        self._kinds: Counter[tuple[str, str]] = Counter()

    def add(self, outcome: Outcome) -> None:
        """Count one line; an empty one is no line."""
        self.cleaned += bool(outcome.answer)
        self.refused += bool(outcome.error)
        self._kinds.update(outcome.kinds or {})

    def report(self) -> Iterator[str]:
        """Yield the lines of the closing report."""
        yield f"{self.cleaned:,} lines cleaned, {self.refused:,} refused"
        if not self._kinds:
            return
        yield f"  {'found':<14}{'auto':>9}{'ask':>9}"
        for kind in sorted({kind for kind, _ in self._kinds}):
            yield f"  {kind:<14}{self._kinds[kind, 'auto']:>9,}{self._kinds[kind, 'ask']:>9,}"


def lines(*, keep_ask: bool, workers: int) -> int:
    """Clean JSON lines from standard input to standard output; 1 when a line was refused."""
    if sys.stdin.isatty():
        print("Reading JSON lines {id, text} from this terminal; Ctrl-D ends.", file=sys.stderr)
    source, tally = LineSource(sys.stdin.buffer), Tally()
    clean = partial(clean_line, anonymizer(), keep_ask=keep_ask)
    with Progress("lines", source.size()) as progress, Crew(clean, workers) as crew:
        for outcome in crew.outcomes(source):
            tally.add(outcome)
            _tell(outcome, progress)
            progress.step(outcome.end)
    if progress.terminal:
        print(*tally.report(), sep="\n", file=sys.stderr)
    return 1 if tally.refused else 0


def plain(*, keep_ask: bool) -> int:
    """Clean all of standard input as one text; 1 and no output when it cannot be."""
    try:
        text = _whole_text()
        _write(as_posted(checked(anonymizer(), text), text, keep_ask=keep_ask))
    except BadLine as error:
        print(json.dumps({"error": str(error)}), file=sys.stderr)
        return 1
    return 0


def _tell(outcome: Outcome, progress: Progress) -> None:
    if outcome.answer:
        _write(f"{outcome.answer}\n")
    if outcome.error:
        progress.say(outcome.error)


def _whole_text() -> str:
    content = sys.stdin.buffer.read(LONGEST_TEXT * _BYTES_A_CHARACTER + 1)
    if len(content) > LONGEST_TEXT * _BYTES_A_CHARACTER:
        raise BadLine(f"the text is longer than {LONGEST_TEXT} characters")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise BadLine("this is not UTF-8 text") from error


def _write(text: str) -> None:
    """Write UTF-8 whatever the terminal's encoding, and let it go at once."""
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()
