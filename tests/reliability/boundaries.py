"""The named commit boundaries of T-41, and a hook that ends the bot at exactly one of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from bot.commands.context import Context
from bot.identity.home_chats import HomeChats
from storage.content.inbox import InboxRows
from storage.content.queue import OutboxQueue
from storage.content.spreading import Spreader
from storage.vault.vault import VaultStore

Die = Callable[[], None]
"""Ends the bot; what stands after it in the code is never reached."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A step of the bot; ``before`` says on which side of it the end comes, ``counts`` which calls are meant.

    ``counts`` sees the call's arguments, without the object, and after the step also its result.
    """

    owner: type
    step: str
    before: bool
    counts: Callable[..., bool] = lambda *_: True


def _to_room(claimed: Any, *_: Any) -> bool:
    return claimed is not None and bool(claimed.room)


BOUNDARIES = {
    "inbox committed": Boundary(InboxRows, "accept", before=False, counts=lambda *seen: bool(seen[-1])),
    "command committed": Boundary(Context, "work", before=False),
    "delivery claimed": Boundary(OutboxQueue, "claim", before=False, counts=lambda *seen: _to_room(seen[-1])),
    "sent but not recorded": Boundary(OutboxQueue, "sent", before=True, counts=_to_room),
    "ended and the next one claimed": Boundary(
        OutboxQueue, "claim", before=False, counts=lambda *seen: bool(seen[2]) and _to_room(seen[-1])
    ),
    "part recorded but not ended": Boundary(OutboxQueue, "record", before=False),
    "direct message claimed": Boundary(
        OutboxQueue, "claim", before=False, counts=lambda *seen: seen[-1] is not None and not seen[-1].room
    ),
    "direct message sent but not recorded": Boundary(
        HomeChats, "keep_part", before=True, counts=lambda *seen: seen[-1].kind == "message"
    ),
    "own message tagged": Boundary(HomeChats, "tag", before=False),
    "group ended but not reported": Boundary(
        OutboxQueue, "sent", before=False, counts=lambda *seen: seen[-1] is not None
    ),
    "quarantined, moderators not yet told": Boundary(OutboxQueue, "quarantine", before=False),
    "some of a list have their deliveries": Boundary(Spreader, "_spread_some", before=False),
    "account pending in the vault": Boundary(VaultStore, "add_account", before=False),
    "member in the content but not active in the vault": Boundary(VaultStore, "replace_account", before=True),
}
PLATFORM_BOUNDARIES = tuple(BOUNDARIES)[:4]
"""Those of a posting's way, from the inbox to its end."""


@contextmanager
def ending_at(boundary: Boundary, die: Die, *, time: int = 1) -> Iterator[None]:
    """End the bot when the boundary is crossed for the ``time``-th time."""
    original = getattr(boundary.owner, boundary.step)
    crossings = 0

    def crossed(*seen: Any) -> None:
        nonlocal crossings
        if boundary.counts(*seen):
            crossings += 1
            if crossings == time:
                die()

    step = _work(original, crossed) if boundary.step == "work" else _step(original, crossed, boundary.before)
    setattr(boundary.owner, boundary.step, step)
    try:
        yield
    finally:
        setattr(boundary.owner, boundary.step, original)


def _step(original: Any, crossed: Callable[..., None], before: bool) -> Any:
    async def step(self: Any, *given: Any, **named: Any) -> Any:
        if before:
            crossed(*given)
            return await original(self, *given, **named)
        result = await original(self, *given, **named)
        crossed(*given, result)
        return result

    return step


def _work(original: Any, crossed: Callable[..., None]) -> Any:
    @asynccontextmanager
    async def step(self: Any) -> AsyncIterator[Any]:
        async with original(self) as work:
            yield work
        crossed(None)

    return step
