"""Rows out of a roster's file: each with its line, and no broken one takes its neighbours along."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from storage.roster.columns import Layout, UnknownColumns, layout_of, parsed
from storage.roster.rows import BadRow
from storage.roster.source import RosterFile, RosterFileRefused

_TITLE_LINES: Final = 10
"""The registry's list of deactivations has a title above its header."""
_LINES_OF_A_ROW: Final = 8
"""How far the end of a quotation is looked for: a field may hold line breaks, and a quote may be missing."""


class _Line(NamedTuple):
    number: int
    content: bytes | None
    end: int


class Rows:
    """Reads a file from its header on.

    ``line`` is the line in which the row given last began; ``last_line`` and ``end`` say where it ended.
    """

    def __init__(self, file: RosterFile, reads_header: Callable[[str], Layout | None] = layout_of) -> None:
        """Read the header; raises :class:`RosterFileRefused` when there is none of the wanted kind."""
        self._file = file
        self._reads_header = reads_header
        self._lines = _numbered(file, 0)
        self._waiting: deque[_Line] = deque()
        self._require_text()
        self.line = self.last_line = self.end = 0
        self.layout = self._header()

    def go_on(self, line: int, end: int) -> None:
        """Go on behind a row that ended at this line and at this byte of the text."""
        self._waiting.clear()
        self._file.go_to(end)
        self._lines = _numbered(self._file, line)
        self.last_line, self.end = line, end

    def __iter__(self) -> Iterator[list[str] | BadRow]:
        """Yield the values of each row, or what is wrong with it; empty lines are passed over."""
        while (line := self._next()) is not None:
            self._stand_behind(line)
            self.line = line.number
            try:
                values = self._values(line)
            except BadRow as bad:
                yield bad
            else:
                if values:
                    yield values

    def _next(self) -> _Line | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def _values(self, line: _Line) -> list[str]:
        text = _text(line)
        try:
            return parsed(text, self.layout.dialect)
        except csv.Error as error:
            return self._over_lines(text, error)

    def _over_lines(self, text: str, error: csv.Error) -> list[str]:
        """Take the next lines along until the quotation ends; raises :class:`BadRow` if it does not."""
        while len(self._waiting) < _LINES_OF_A_ROW and (line := next(self._lines, None)):
            self._waiting.append(line)
        for count, line in enumerate(self._waiting, start=1):
            if not _is_open(error):
                break
            text += _text(line)
            try:
                values = parsed(text, self.layout.dialect)
            except csv.Error as again:
                error = again
                continue
            if len(values) == self.layout.width:
                return self._taken(count, values)
            break
        raise BadRow("a quotation mark is missing or stands in the wrong place")

    def _taken(self, count: int, values: list[str]) -> list[str]:
        for _ in range(count):
            self._stand_behind(self._waiting.popleft())
        return values

    def _stand_behind(self, line: _Line) -> None:
        self.last_line, self.end = line.number, line.end

    def _require_text(self) -> None:
        start = self._file.start()
        if start.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise RosterFileRefused(f"{self._file.path} is UTF-16; save it as CSV (UTF-8) and import that.")
        if b"\0" in start:
            raise RosterFileRefused(f"{self._file.path} is no CSV file, or none in UTF-8.")

    def _header(self) -> Layout:
        path = self._file.path
        for line in islice(self._lines, _TITLE_LINES):
            self._stand_behind(line)
            try:
                layout = self._reads_header(_text(line).removeprefix("\ufeff"))
            except BadRow as bad:
                raise RosterFileRefused(f"{path} is no CSV file: {bad}.") from None
            except UnknownColumns as unknown:
                raise RosterFileRefused(f"{path} {unknown}.") from None
            if layout:
                return layout
        raise RosterFileRefused(
            f"{path} has no column NPI in its first {_TITLE_LINES} lines; is it the registry's CSV file?"
            if self._reads_header is layout_of
            else f"{path} does not have all the columns of --map in one of its first {_TITLE_LINES} lines."
        )


def _numbered(file: RosterFile, line: int) -> Iterator[_Line]:
    for number, content in enumerate(file.lines(), start=line + 1):
        yield _Line(number, content, file.offset)


def _text(line: _Line) -> str:
    if line.content is None:
        raise BadRow("the line is longer than 1 MB")
    if b"\0" in line.content:
        raise BadRow("the line holds a NUL")
    try:
        return line.content.decode()
    except UnicodeDecodeError:
        raise BadRow("the line is not UTF-8 text") from None


def _is_open(error: csv.Error) -> bool:
    return "unexpected end of data" in str(error)
