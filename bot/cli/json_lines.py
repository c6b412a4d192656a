"""Lines of JSON: read from a stream as they come, one object a line, and no line without its number."""

from __future__ import annotations

import io
import json
import os
import select
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NoReturn

_AT_ONCE: Final = 16 * 1024
"""Bytes of one read: some fifty posts, well under a second of work."""
_LONGEST_LINE: Final = 32 * 1024 * 1024
"""Bytes of a line that is still looked into; of a longer one nothing but its number is kept."""


class BadLine(Exception):
    """A line that cannot be worked on; the message says why and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line, its number from 1, and how many bytes of the stream end with it; None if far too long."""

    number: int
    content: bytes | None
    end: int


class LineSource:
    """Reads whole lines from a binary stream, as many as have arrived, and never waits for more than one."""

    def __init__(self, stream: BinaryIO, longest: int = _LONGEST_LINE) -> None:
        """Take the stream and the longest line to keep, in bytes."""
        self._stream = stream
        self._longest = longest
        self._rest = bytearray()
        self._overlong = False
        self._number = 0
        self._taken = 0
        self._ended = False

    def size(self) -> int | None:
        """Return how many bytes are to come where that is known: in a file, not in a pipe."""
        descriptor = _descriptor(self._stream)
        if descriptor is None or not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return os.fstat(descriptor).st_size - os.lseek(descriptor, 0, os.SEEK_CUR)

    def ready(self) -> bool:
        """Say whether a read would return at once."""
        descriptor = _descriptor(self._stream)
        return descriptor is None or bool(select.select([descriptor], [], [], 0)[0])

    def read(self) -> list[Line] | None:
        """Return the lines that one read completes, perhaps none; None at the end. Waits for input."""
        if self._ended:
            return None
        chunk = self._stream.read1(_AT_ONCE)  # type: ignore[attr-defined]  # every buffered stream has it
        if not chunk:
            self._ended = True
            return [self._line()] if self._rest or self._overlong else []
        *whole, rest = chunk.split(b"\n")
        lines = [self._line(piece, newline=1) for piece in whole]
        self._keep(rest)
        return lines

    def _line(self, last: bytes = b"", newline: int = 0) -> Line:
        self._keep(last)
        self._number += 1
        self._taken += newline
        content = None if self._overlong else bytes(self._rest)
        self._rest, self._overlong = bytearray(), False
        return Line(self._number, content, self._taken)

    def _keep(self, piece: bytes) -> None:
        self._taken += len(piece)
        self._overlong = self._overlong or len(self._rest) + len(piece) > self._longest
        if self._overlong:
            self._rest.clear()
        else:
            self._rest += piece


def json_object(content: bytes | None) -> dict[str, Any]:
    """Return the object of one line; BadLine when it holds none."""
    if content is None:
        raise BadLine(f"this line is longer than {_LONGEST_LINE // 1024**2} MB")
    try:
        values = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise BadLine("this line is not UTF-8 text") from error
    except (ValueError, RecursionError) as error:
        raise BadLine("this line is no JSON") from error
    if not isinstance(values, dict):
        raise BadLine("this line is no JSON object")
    return values


def dumped(values: Mapping[str, Any]) -> str:
    """Return a line of JSON that UTF-8 can hold; BadLine for numbers that no JSON has, or endless nesting."""
    try:
        line = json.dumps(values, ensure_ascii=False, allow_nan=False)
    except (RecursionError, ValueError) as error:
        raise BadLine("it is nested too deeply, or holds a number that is none in JSON") from error
    return line if encodable(line) else json.dumps(values, allow_nan=False)


def encodable(text: str) -> bool:
    """Say whether UTF-8 can hold a text: half of a surrogate pair it cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _descriptor(stream: BinaryIO) -> int | None:
    try:
        return stream.fileno()
    except io.UnsupportedOperation:
        return None
