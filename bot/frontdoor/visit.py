"""A visit: one event being handled, with who came and through which adapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.chat.events import Event
from bot.domain.members import Member
from bot.domain.standing import Standing
from bot.frontdoor.talk import Talk
from bot.identity.wall import Known
from bot.ports.adapter import Adapter
from bot.ports.inbox import Received


@dataclass(frozen=True, slots=True)
class Stopped:
    """A member who is suspended or banned, and why."""

    member: Member
    standing: Standing


@dataclass(frozen=True, slots=True)
class Visit:
    """One event being handled: who came, through which adapter, and what may be unfinished.

    ``key`` finds the unfinished talk. ``member`` is None for strangers and for whoever is ``stopped``.
    ``afterwards`` is called once the person has been answered. ``settled`` holds what stays unfinished, once
    that was committed with what the request changed.
    """

    received: Received
    adapter: Adapter
    known: Known | None
    member: Member | None
    key: str
    stopped: Stopped | None = None
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    settled: list[Talk] = field(default_factory=list)

    @property
    def event(self) -> Event:
        """What the person did."""
        return self.received.event
