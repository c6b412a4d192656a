"""One line of JSON lines cleaned: what goes to standard output, or why it cannot."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from bot.anonymizer import Anonymizer, CleanedText
from bot.cli.json_lines import BadLine, Line, dumped, encodable, json_object

LONGEST_TEXT: Final = 200_000
"""Characters of one text; a longer one is refused."""
_SECONDS: Final = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: an answer, an error object, or neither for an empty line.

    `end` is how many bytes of the input end with it; `kinds` counts its findings by type and tier.
    """

    number: int
    end: int
    answer: str = ""
    error: str = ""
    kinds: Counter[tuple[str, str]] | None = None


def anonymizer() -> Anonymizer:
    """Return an anonymizer for long texts in which nobody waits for an answer."""
    return Anonymizer(longest=LONGEST_TEXT, seconds=_SECONDS)


def clean_line(cleaner: Anonymizer, line: Line, *, keep_ask: bool) -> Outcome:
    """Clean one line; whatever is wrong with it is told in the outcome."""
    if line.content is not None and not line.content.strip():
        return Outcome(line.number, line.end)
    values: dict[str, Any] = {}
    try:
        values = json_object(line.content)
        text = _text_of(values)
        ident = _ident(values).get("id")
        cleaned = checked(cleaner, text)
        answer = dumped(_answer(ident, cleaned, as_posted(cleaned, text, keep_ask=keep_ask)))
    except BadLine as error:
        return failed(line, str(error), values)
    return Outcome(
        line.number,
        line.end,
        answer=answer,
        kinds=Counter((finding.category, finding.tier) for finding in cleaned.findings),
    )


def failed(line: Line, sentence: str, values: dict[str, Any] | None = None) -> Outcome:
    """Return the error object of a line, with its id where that is known; nothing of its text."""
    try:
        known = _ident(values or {})
    except BadLine:
        known = {}
    return Outcome(line.number, line.end, error=json.dumps({"line": line.number, **known, "error": sentence}))


def _ident(values: dict[str, Any]) -> dict[str, Any]:
    """Return the id of a line as it can be given back; BadLine where no JSON can hold it."""
    known = {"id": values["id"]} if "id" in values else {}
    dumped(known)
    return known


def checked(cleaner: Anonymizer, text: str) -> CleanedText:
    """Clean one text; BadLine when it is too long, no Unicode text, or was not checked to the end."""
    if len(text) > LONGEST_TEXT:
        raise BadLine(f"the text is longer than {LONGEST_TEXT} characters")
    if not encodable(text):
        raise BadLine("the text holds half of a character (a lone surrogate)")
    cleaned = cleaner.clean({"text": text})
    if cleaned.failed:
        raise BadLine(f"not checked, because this did not run: {', '.join(cleaned.failed)}")
    return cleaned


def as_posted(cleaned: CleanedText, text: str, *, keep_ask: bool) -> str:
    """Return the cleaned text, with `keep_ask` as if an author had let every `ask` stand."""
    if not keep_ask:
        return cleaned.text("text")
    pieces, at = [], 0
    for finding in cleaned.findings:
        if finding.tier == "auto":
            pieces += [text[at : finding.start], finding.surrogate]
            at = finding.end
    return "".join(pieces) + text[at:]


def _text_of(values: dict[str, Any]) -> str:
    if "text" not in values:
        raise BadLine("there is no `text`")
    text = values["text"]
    if not isinstance(text, str):
        raise BadLine("`text` is no string")
    return text


def _answer(ident: object, cleaned: CleanedText, text: str) -> dict[str, Any]:
    spans = [
        {"start": found.start, "end": found.end, "type": found.category, "tier": found.tier}
        for found in cleaned.findings
    ]
    return {"id": ident, "text": text, "spans": spans}
