"""Drafts: cleaned words and pictures that wait for their author's decision. Originals are never in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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


@dataclass(frozen=True, slots=True)
class Removal:
    """One piece that was taken out of the text: its number, what it was, why, and two letters of it."""

    number: int
    field: str
    category: str
    tier: str
    shown_as: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class DraftPicture:
    """A cleaned picture of a draft. ``media`` is empty where cleaning failed; ``problem`` says why."""

    media: str
    alt: str
    removed: tuple[str, ...] = ()
    problem: str = ""
    not_looked_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Something a member is about to post. ``fields`` are cleaned; ``failed`` names checks that did not run.

    ``about`` is the case's number where the draft belongs to one.
    """

    id: str
    member: MemberId
    kind: DraftKind
    fields: Mapping[str, str]
    created_at: datetime
    about: int | None = None
    removals: tuple[Removal, ...] = ()
    pictures: tuple[DraftPicture, ...] = ()
    failed: tuple[str, ...] = ()
    marked: Mapping[str, str] = field(default_factory=dict)
    """The same fields with each replaced piece shown as ``⟦1 DATE⟧``: what the preview shows."""

    @property
    def code(self) -> str:
        """Four characters that tell this draft from an older one in a button or a command."""
        return self.id[:4]

    def obstacles(self) -> tuple[str, ...]:
        """Say in sentences why this cannot be posted yet; empty when it can."""
        checks = tuple(f"The check “{name}” did not run on the text." for name in self.failed)
        pictures = tuple(
            f"Picture {number} could not be checked ({picture.problem})."
            for number, picture in enumerate(self.pictures, start=1)
            if picture.problem
        )
        return checks + pictures

    def require_postable(self) -> None:
        """Refuse to post while any check did not run (fail closed)."""
        if obstacles := self.obstacles():
            raise Refused("not_checked", f"I can't post this yet. {' '.join(obstacles)}", *self._ways_out())

    def _ways_out(self) -> tuple[str, ...]:
        broken = [f"picture {n} remove" for n, picture in enumerate(self.pictures, 1) if picture.problem]
        return (*broken, "discard")

    def without_picture(self, number: int) -> Draft:
        """Take out picture ``number`` (from 1)."""
        if not 1 <= number <= len(self.pictures):
            raise Refused("no_such_picture", f"This draft has {len(self.pictures)} picture(s).", "preview")
        return replace(self, pictures=self.pictures[: number - 1] + self.pictures[number:])


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
