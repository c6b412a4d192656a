"""Pictures of a draft: what is covered on them, and what their author has seen and found clean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

from bot.domain.refusal import Refused

GRID: Final = 8
"""Columns (A to H) and rows (1 to 8) of the grid by which an author points at a place."""
_CELLS: Final = re.compile(r"([A-H])([1-8])(?:\s*[-:]\s*([A-H])([1-8]))?", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s,;]*")
_FOR_GOOD: Final = frozenset({"face"})


@dataclass(frozen=True, slots=True)
class Cover:
    """One place that is filled, in pixels of the picture; ``corners`` where it does not lie upright.

    ``number`` tells it from every other cover of its draft, ``kind`` says what was found there.
    """

    number: int
    left: int
    top: int
    width: int
    height: int
    kind: str
    corners: tuple[tuple[int, int], ...] = ()
    by_hand: bool = False

    @property
    def for_good(self) -> bool:
        """Whether it may never be taken off again."""
        return self.kind in _FOR_GOOD


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A cleaned picture of a draft. ``media`` is empty where cleaning failed; ``problem`` says why.

    ``id`` stays the same while other pictures go; ``size`` is width and height in pixels. ``seen`` says that
    the picture as it is now was delivered to its author, ``clean`` that the author found it clean.
    ``grid`` is the copy with the grid on it, which only the author sees.
    """

    id: str
    media: str
    size: tuple[int, int] = (0, 0)
    covers: tuple[Cover, ...] = ()
    removed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    not_looked_for: tuple[str, ...] = ()
    problem: str = ""
    seen: bool = False
    clean: bool = False
    grid: str = ""

    @property
    def medias(self) -> tuple[str, ...]:
        """The ids of everything that is kept of it."""
        return tuple(media for media in (self.media, self.grid) if media)

    @property
    def caption_field(self) -> str:
        """The name of the draft's field that holds its caption."""
        return f"{self.id} caption"

    @property
    def alt_field(self) -> str:
        """The name of the draft's field that holds its text alternative."""
        return f"{self.id} alt"

    def plain_alt(self, number: int) -> str:
        """Give the text alternative of picture ``number`` for an author who wrote none."""
        count = len(self.covers)
        covered = f", {count} {'place' if count == 1 else 'places'} covered" if count else ""
        return f"Picture {number} of the case{covered}"

    def found_clean(self, number: int) -> DraftPicture:
        """Take the author's word that it is clean; refuse it for a picture that nobody could look at.

        Raises :class:`Refused`.
        """
        if self.problem:
            raise Refused(
                "not_checked",
                f"Picture {number} could not be checked. {self.problem}",
                f"picture {number} remove",
            )
        if self.not_looked_for and not any(cover.by_hand for cover in self.covers):
            raise Refused(
                "cover_first",
                f"I cannot look for {' or '.join(self.not_looked_for)} here. Cover by hand what could "
                f"tell who it is on picture {number}, or take it out.",
                f"cover {number}",
                f"picture {number} remove",
            )
        if not self.seen:
            raise Refused(
                "not_seen", f"You have not been shown picture {number} yet. Look first.", f"picture {number}"
            )
        return replace(self, clean=True)

    def shown(self, medias: Sequence[str]) -> DraftPicture:
        """Note that its author has it on the screen, where it is among ``medias`` as it is now."""
        return replace(self, seen=True) if self.media in medias else self

    def redrawn(self, covers: Sequence[Cover], media: str) -> DraftPicture:
        """Give it other covers: it has to be looked at anew."""
        return replace(self, covers=tuple(covers), media=media, grid="", seen=False, clean=False)


def cells(words: str, size: tuple[int, int], first: int) -> tuple[Cover, ...]:
    """Read cells of the grid (``B3``, ``B3-D4``, ``B3 C3``) as covers numbered from ``first``.

    Raises :class:`Refused` for anything else.
    """
    covers: list[Cover] = []
    at = 0
    text = words.strip()
    while at < len(text):
        match = _CELLS.match(text, at)
        if match is None:
            break
        covers.append(_cover(match, size, first + len(covers)))
        gap = _BETWEEN.match(text, match.end())
        at = gap.end() if gap else match.end()
    if at < len(text) or not covers:
        raise Refused(
            "no_cells", "Name cells by letter and number, A1 to H8, for example: B3, or B3-D4.", "preview"
        )
    return tuple(covers)


def _cover(match: re.Match[str], size: tuple[int, int], number: int) -> Cover:
    columns = sorted(ord(letter.upper()) - ord("A") for letter in (match[1], match[3] or match[1]))
    rows = sorted(int(digit) - 1 for digit in (match[2], match[4] or match[2]))
    left, right = _edges(columns, size[0])
    top, bottom = _edges(rows, size[1])
    return Cover(number, left, top, right - left, bottom - top, "by hand", by_hand=True)


def _edges(span: Sequence[int], side: int) -> tuple[int, int]:
    return span[0] * side // GRID, -(-(span[1] + 1) * side // GRID)


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """A cleaned picture as it is kept: bytes without any metadata."""

    media: str
    data: bytes
    mime: str


class Pictures(Protocol):
    """Cleaned pictures by their random id."""

    async def add(self, picture: StoredPicture) -> None:
        """Keep one."""
        ...

    async def get(self, media: str) -> StoredPicture | None:
        """Open one."""
        ...

    async def drop(self, media: str) -> None:
        """Forget one."""
        ...
