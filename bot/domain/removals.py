"""Pieces that were taken out of a draft's words, and what their author decides about each."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from dataclasses import field as made
from enum import StrEnum
from typing import Final

from bot.domain.refusal import Refused

PLACE: Final = re.compile(r"⟦(\d+)⟧")
"""Where a removed piece stands in a draft's template, by its number."""
_PLACES: Final = re.compile(r"(⟦\d+⟧)")
BY_AUTHOR: Final = "BY YOU"
"""The category of words that their author took out by hand."""
_NEVER_BACK = {"NAME", "SSN", "MRN", "HEALTH_PLAN", "ACCOUNT", "BIOMETRIC", "PHOTO"}


class Fate(StrEnum):
    """What becomes of a piece that the anonymizer found."""

    HIDDEN = "hidden"
    OPEN = "open"
    """Hidden for now: its author has to decide before the draft can be posted."""
    KEPT = "kept"
    """Its author said that it identifies nobody."""


@dataclass(frozen=True, slots=True)
class Removal:
    """One piece that was found in the text: its number, what it is, why, and two letters of it.

    ``original`` is the piece itself: it lies sealed with the draft and goes with it.
    """

    number: int
    field: str
    category: str
    tier: str
    shown_as: str
    reason: str
    hint: str
    original: str = made(default="", repr=False)
    fate: Fate = Fate.HIDDEN

    @property
    def shown(self) -> str:
        """The words that stand in its place."""
        return self.original if self.fate is Fate.KEPT else self.shown_as

    @property
    def marked(self) -> str:
        """How the preview shows its place."""
        return self.original if self.fate is Fate.KEPT else f"⟦{self.number} {self.category}⟧"

    @property
    def can_return(self) -> bool:
        """Whether its author may put it back; names and record numbers that were found for sure stay out."""
        return not (self.tier == "auto" and self.category in _NEVER_BACK)

    def keep(self) -> Removal:
        """Put it back; raises :class:`Refused` where that may not be."""
        if not self.can_return:
            raise Refused(
                "never_back", f"Piece {self.number} identifies somebody and cannot be put back.", "preview"
            )
        if not self.original:
            raise Refused("too_old", "What was taken out is kept for a day only. Write it anew.", "discard")
        return replace(self, fate=Fate.KEPT)

    def hide(self) -> Removal:
        """Leave it out."""
        return replace(self, fate=Fate.HIDDEN)


def common_fate(fates: AbstractSet[Fate] | None, otherwise: Fate) -> Fate:
    """Give the one fate of equal pieces; where they differ the careful one, and ``otherwise`` for none."""
    if not fates:
        return otherwise
    if len(fates) == 1:
        return next(iter(fates))
    return Fate.OPEN if Fate.OPEN in fates else Fate.HIDDEN


def taken_out(pattern: re.Pattern[str], number: int, text: str) -> str:
    """Put the place of piece ``number`` wherever a pattern matches, never into the places of other pieces."""
    parts = _PLACES.split(text)
    return "".join(part if PLACE.fullmatch(part) else pattern.sub(f"⟦{number}⟧", part) for part in parts)
