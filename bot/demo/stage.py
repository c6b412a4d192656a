"""Stage: what the page's server asks of a world with two hospitals, real or made up for a test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

Json: TypeAlias = dict[str, Any]


class CannotAct(Exception):
    """An act that the person's client would not do; the message is for the person at the page."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that the person at the page picked or dropped."""

    name: str
    mime: str
    content: bytes

    def __repr__(self) -> str:
        """Show the size only."""
        return f"Upload({len(self.content)} bytes)"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture as one person's own client shows it, decrypted where it was encrypted."""

    mime: str
    content: bytes


class Stage(Protocol):
    """Both hospitals, seen and played through the clients of their people."""

    def about(self) -> Json:
        """Say who is there and what is real: hospitals, people, rooms, times in seconds."""
        ...

    def view(self, person: str) -> Json:
        """Give everything that this person's client shows now."""
        ...

    async def act(self, person: str, act: Json, uploads: Sequence[Upload]) -> Json:
        """Do one thing as this person and say how it went; raises :class:`CannotAct`."""
        ...

    async def media(self, person: str, reference: str) -> Media:
        """Open a picture as this person; KeyError where this person has no such picture."""
        ...

    def changes(self) -> AsyncIterator[None]:
        """Yield after every change of anybody's view, from now on."""
        ...
