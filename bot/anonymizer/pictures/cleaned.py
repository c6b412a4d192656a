"""What comes out of cleaning a picture, and how a picture is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

BoxKind: TypeAlias = Literal["text", "unreadable text", "code", "face", "by hand"]
"""What stood under a box: text not known to be clinical; unreadable writing; a QR or bar code; a face.

`by hand` is for boxes that a person asked for; no check makes them.
"""


@dataclass(frozen=True, slots=True)
class Box:
    """What was covered, in pixels of the cleaned picture: the upright rectangle around it.

    `corners` is the polygon that was filled, clockwise or not, inside the rectangle; without any it was the
    rectangle itself.
    """

    left: int
    top: int
    width: int
    height: int
    kind: BoxKind
    corners: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Box:
        """Return the box whose plain values, as in a report, were read from JSON."""
        return cls(**{**values, "corners": tuple((x, y) for x, y in values["corners"])})


@dataclass(frozen=True, slots=True)
class CleanedPicture:
    """A picture built anew from pixels. With a name in `failed` it must not be posted as it is.

    `bare` is the same picture, as large, of the same `mime` and without metadata, but with nothing covered:
    it is for its author's sealed draft and may go nowhere else. `ran` and `failed` name checks.
    """

    data: bytes = field(repr=False)
    bare: bytes = field(repr=False)
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
        """Return everything but the pictures as plain values, for a draft or a report file."""
        left_out = ("data", "bare", "covered")
        values = {name: getattr(self, name) for name in self.__slots__ if name not in left_out}
        return {**values, "covered": [{n: getattr(box, n) for n in Box.__slots__} for box in self.covered]}


class PictureRefused(Exception):
    """A picture that cannot be cleaned: `code` for counting, `sentence` for the author."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the code and the sentence; neither holds anything of the file."""
        super().__init__(f"{code}: {sentence}")
        self.code = code
        self.sentence = sentence
