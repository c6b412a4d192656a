"""Drafts: cleaned words and pictures that wait for their author's decision. Originals are never in here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as made
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.members import MemberId
from bot.domain.refusal import Refused


class DraftKind(StrEnum):
    """What the draft becomes when it is posted."""

    CASE = "case"
    OPINION = "opinion"
    COMMENT = "comment"
    POLL = "poll"


class Fate(StrEnum):
    """What becomes of a piece that the anonymizer found."""

    HIDDEN = "hidden"
    OPEN = "open"
    """Hidden for now: its author has to decide before the draft can be posted."""
    KEPT = "kept"
    """Its author said that it identifies nobody."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One message by which an author sent something: the site where it was said, and the adapter's remote.

    It is a place in the author's own chat, hence identity: it lies sealed with what was sent.
    """

    site: str
    remote: str


_NEVER_BACK = {"NAME", "SSN", "MRN", "HEALTH_PLAN", "ACCOUNT", "BIOMETRIC", "PHOTO"}


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

    def keep(self) -> Removal:
        """Put it back; names and record numbers that were found for sure stay hidden."""
        if self.tier == "auto" and self.category in _NEVER_BACK:
            raise Refused(
                "never_back", f"Piece {self.number} identifies somebody and cannot be put back.", "preview"
            )
        if not self.original:
            raise Refused("too_old", "What was taken out is kept for a day only. Write it anew.", "discard")
        return replace(self, fate=Fate.KEPT)

    def hide(self) -> Removal:
        """Leave it out."""
        return replace(self, fate=Fate.HIDDEN)


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A cleaned picture of a draft. ``media`` is empty where cleaning failed; ``problem`` says why."""

    media: str
    alt: str
    removed: tuple[str, ...] = ()
    problem: str = ""
    not_looked_for: tuple[str, ...] = ()


PLACE = re.compile(r"⟦(\d+)⟧")
"""Where a removed piece stands in a draft's template, by its number."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Something a member is about to post. ``failed`` names checks that did not run.

    ``templates`` are the cleaned fields, with ``⟦3⟧`` where piece 3 was taken out. ``settings`` are choices
    that hold no free text (urgency). ``about`` is the case's number where the draft belongs to one.
    """

    id: str
    member: MemberId
    kind: DraftKind
    templates: Mapping[str, str]
    created_at: datetime
    about: int | None = None
    removals: tuple[Removal, ...] = ()
    pictures: tuple[DraftPicture, ...] = ()
    failed: tuple[str, ...] = ()
    settings: Mapping[str, str] = made(default_factory=dict)

    @property
    def code(self) -> str:
        """Four characters that tell this draft from an older one in a button or a command."""
        return self.id[:4]

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields as they would be posted."""
        return {name: self._filled(text, lambda piece: piece.shown) for name, text in self.templates.items()}

    @property
    def marked(self) -> Mapping[str, str]:
        """The fields as the preview shows them: ``⟦1 DATE⟧`` for what is hidden."""
        return {name: self._filled(text, _mark) for name, text in self.templates.items()}

    @property
    def undecided(self) -> tuple[int, ...]:
        """Numbers of the pieces that wait for their author's decision."""
        return tuple(piece.number for piece in self.removals if piece.fate is Fate.OPEN)

    def _filled(self, text: str, show: Callable[[Removal], str]) -> str:
        pieces = {piece.number: piece for piece in self.removals}
        return PLACE.sub(lambda place: show(pieces[int(place[1])]), text)

    def decide(self, numbers: Sequence[int], change: Callable[[Removal], Removal]) -> Draft:
        """Keep or hide pieces by their numbers; raises :class:`Refused` for a number that is none."""
        known = {piece.number for piece in self.removals}
        if wrong := [number for number in numbers if number not in known]:
            raise Refused("no_such_piece", f"There is no piece {wrong[0]} in this draft.", "preview")
        pieces = tuple(change(piece) if piece.number in numbers else piece for piece in self.removals)
        return replace(self, removals=pieces)

    def hide_words(self, words: str) -> Draft:
        """Take out words that the anonymizer did not find, wherever they stand, in any case."""
        pattern = re.compile(re.escape(words), re.IGNORECASE)
        number = max((piece.number for piece in self.removals), default=0) + 1
        templates = {name: pattern.sub(f"⟦{number}⟧", text) for name, text in self.templates.items()}
        where = next((name for name, text in templates.items() if text != self.templates[name]), "")
        if not where or PLACE.search(words):
            raise Refused("no_such_words", "I don't find these words in your draft.", "preview")
        hint = f"{words[0]}…{words[-1]}"
        piece = Removal(number, where, "BY YOU", "ask", "[removed]", "You took it out.", hint, words)
        return replace(self, templates=templates, removals=(*self.removals, piece))

    def without_originals(self) -> Draft:
        """Forget what was taken out and not put back; the cleaned draft stays."""
        pieces = tuple(
            piece if piece.fate is Fate.KEPT else replace(piece, original="") for piece in self.removals
        )
        return replace(self, removals=pieces)

    def obstacles(self) -> tuple[str, ...]:
        """Say in sentences why this cannot be posted yet; empty when it can."""
        open_ = self.undecided
        undecided = (f"Decide first: keep or hide {_listed(open_)}.",) if open_ else ()
        checks = tuple(f"The check “{name}” did not run on the text." for name in self.failed)
        pictures = tuple(
            f"Picture {number} could not be checked ({picture.problem})."
            for number, picture in enumerate(self.pictures, start=1)
            if picture.problem
        )
        return checks + pictures + undecided

    def require_postable(self) -> None:
        """Refuse to post while any check did not run (fail closed)."""
        if obstacles := self.obstacles():
            raise Refused("not_checked", f"I can't post this yet. {' '.join(obstacles)}", *self._ways_out())

    def _ways_out(self) -> tuple[str, ...]:
        broken = [f"picture {n} remove" for n, picture in enumerate(self.pictures, 1) if picture.problem]
        hide = ("hide all",) if self.undecided else ()
        return (*broken, *hide, "discard")

    def without_picture(self, number: int) -> Draft:
        """Take out picture ``number`` (from 1)."""
        if not 1 <= number <= len(self.pictures):
            raise Refused("no_such_picture", f"This draft has {len(self.pictures)} picture(s).", "preview")
        return replace(self, pictures=self.pictures[: number - 1] + self.pictures[number:])


def _mark(piece: Removal) -> str:
    return piece.original if piece.fate is Fate.KEPT else f"⟦{piece.number} {piece.category}⟧"


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(str(number) for number in numbers)


class Drafts(Protocol):
    """Drafts by author."""

    async def add(self, draft: Draft) -> None:
        """Keep a new draft."""
        ...

    async def get(self, draft: str) -> Draft | None:
        """Find one by id, whoever's it is."""
        ...

    async def of_member(self, member: MemberId) -> tuple[Draft, ...]:
        """List the member's drafts, newest first."""
        ...

    async def replace(self, draft: Draft) -> None:
        """Keep a changed draft."""
        ...

    async def older_than(self, moment: datetime) -> tuple[Draft, ...]:
        """List everybody's drafts from before a moment."""
        ...

    async def remove(self, draft: Draft) -> None:
        """Forget a draft; its pictures stay until :class:`Pictures` drops them."""
        ...


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
