"""What comes out of cleaning a picture, and how a picture is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle that was covered, in pixels of the cleaned picture; `kind` says what stood there."""

    left: int
    top: int
    width: int
    height: int
    kind: str


@dataclass(frozen=True, slots=True)
class CleanedPicture:
    """A picture built anew from pixels. With a name in `failed` it must not be posted as it is."""

    data: bytes
    mime: str
    width: int
    height: int
    removed: tuple[str, ...]
    covered: tuple[Box, ...]
    ran: tuple[str, ...]
    failed: tuple[str, ...]
    notes: tuple[str, ...]
    not_looked_for: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Say whether every check that was asked for ran, which posting requires."""
        return not self.failed

    def report(self) -> dict[str, Any]:
        """Return everything but the bytes as plain values, for a draft or a report file."""
        values = {name: getattr(self, name) for name in self.__slots__ if name not in ("data", "covered")}
        return {**values, "covered": [{n: getattr(box, n) for n in Box.__slots__} for box in self.covered]}


class PictureRefused(Exception):
    """A picture that cannot be cleaned: `code` for counting, `sentence` for the author."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the code and the sentence; neither holds anything of the file."""
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
