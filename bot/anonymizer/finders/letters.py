"""Names where letters and tables have them: behind `Dear`, below `Regards`, in the column of a table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.anonymizer.finders.runs import Runs
from bot.anonymizer.found import Found

_LONGEST: Final = 4
_COLUMNS: Final = frozenset(
    (
        "name",
        "names",
        "patient",
        "pt",
        "surname",
        "last name",
        "first name",
        "family name",
        "forename",
        "full name",
        "patient name",
        "pt name",
        "client",
        "resident",
        "gp",
        "doctor",
        "physician",
        "consultant",
        "contact",
        "next of kin",
        "nurse",
        "provider",
        "attending",
    )
)
_CELL: Final = re.compile(r"[^|\t\n]+")
_CELLS: Final = 3


class Letters(Runs):
    """Finds the names that the layout of a letter or of a table announces."""

    def find(self) -> Iterator[Found]:
        """Yield names of salutations, of signatures and of tables."""
        lines = self._lines()
        for number, (first, last) in enumerate(lines):
            if self.reading.among(first, "meeting") and self.reading.low(first) in ("dear", "hi", "hello"):
                yield from self._greeted(first, last)
            elif number and self._closes(lines[number - 1]):
                yield from self._signed(first, last)
        if "|" in self.reading.field.text or "\t" in self.reading.field.text:
            yield from self._tables()

    def _lines(self) -> list[tuple[int, int]]:
        """Return the first and the last token of every line that has one."""
        lines, first = [], 0
        for at in range(len(self.reading)):
            if "\n" in self.reading.gap(at):
                lines.append((first, at))
                first = at + 1
        return lines

    def _greeted(self, first: int, last: int) -> Iterator[Found]:
        """`Dear Back,`: one word between a greeting and a comma at the end of the line."""
        reading, at = self.reading, self.behind_titles(first + 1)
        ends = at == last and reading.gap(at).strip(" ")[:1] in (",", ":", "\n")
        if ends and self._could_be(at) and not reading.among(at, "sorts", "relatives"):
            yield self.take(at, at, "A letter begins with this name.")

    def _closes(self, line: tuple[int, int]) -> bool:
        """Say whether a line is the closing of a letter, or the name under one in front of a rule."""
        first, last = line
        gap = self.reading.gap(last)
        if last - first < _LONGEST and self.reading.among(last, "closings"):
            return gap.strip() in (",", "", ".", "-", "--", "!")
        return last - first < _LONGEST and gap.strip() == "--" and self.is_name(last)

    def _signed(self, first: int, last: int) -> Iterator[Found]:
        """Take a line of a few words that could be a name, up to a degree."""
        end = first
        while end < last and self._joined(end) and not self.degree(end + 1):
            end += 1
        degree = end < last and self.degree(end + 1)
        if (end < last and not degree) or end - first >= _LONGEST:
            return
        if all(self._part(at) for at in range(first, end + 1)) and self._named(first, end):
            yield self.take(first, end, "A letter is signed with this name.")

    def _joined(self, at: int) -> bool:
        return self.reading.gap(at) in (" ", "-", ". ", ".", ", ")

    def _part(self, at: int) -> bool:
        reading = self.reading
        return reading.initial(at) or self.particle(at) or self._could_be(at)

    def _could_be(self, at: int) -> bool:
        """Say whether a word is no stop word, no degree, no people's name, and written like a name."""
        reading = self.reading
        if not reading.tokens[at].word or reading.taken[at] or self.degree(at):
            return False
        if reading.stop(at) and not reading.among(at, "given stops"):
            before = reading.words[at - 1]
            return reading.words[at].family >= _LONGEST and at > 0 and before.given > 0 and before.english < 2
        if reading.among(at, "clinician cues", "patient cues", "peoples", "sorts", "institutions"):
            return False
        word = reading.words[at]
        return word.name > 0 or word.unknown or (word.place > 0 and not word.plain)

    def _named(self, first: int, last: int) -> bool:
        """Say whether a word of the line is a name more than anything else, or all are names too."""
        words = [self.reading.words[at] for at in range(first, last + 1) if not self.reading.initial(at)]
        if any(word.unknown or (word.name >= 2 and word.margin >= -1.0) for word in words):
            return True
        return bool(words) and all(word.name >= _LONGEST for word in words)

    def _tables(self) -> Iterator[Found]:
        """Take the cells below a heading that says that names stand there."""
        text, start, columns = self.reading.field.text, 0, frozenset[int]()
        for line in text.splitlines(keepends=True):
            cells = list(_CELL.finditer(line))
            heads = frozenset(n for n, cell in enumerate(cells) if cell.group().strip().lower() in _COLUMNS)
            if len(cells) < _CELLS:
                columns = frozenset()
            elif heads:
                columns = heads
            else:
                for number in columns:
                    if number < len(cells):
                        yield from self._cell(start + cells[number].start(), start + cells[number].end())
            start += len(line)

    def _cell(self, start: int, end: int) -> Iterator[Found]:
        """Take the words of a cell up to a degree or a number."""
        within = self.reading.within(start, end)
        first = self.behind_titles(within.start) if len(within) else 0
        last = first
        while last < within.stop and self.reading.tokens[last].word and not self.degree(last):
            if self.reading.taken[last] or last - first > _LONGEST:
                break
            last += 1
        plain = all(
            self.reading.words[at].name == 0 and self.reading.words[at].plain for at in range(first, last)
        )
        if within.start <= first < last and not plain:
            yield self.take(first, last - 1, "The heading of this column says that names stand here.")
