"""Making: the parts that a delivery to a room makes, each kept before the next thing is done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from functools import partial
from typing import Final

from bot.ports.adapter import Action, Part, Post
from bot.ports.outbox import Claimed, Queue
from bot.relay.insisting import Insisting

_SMALL: Final = 1_500
"""Bytes of a card that fits into one message of every platform, whatever has to be escaped or styled."""
_FEW: Final = 12
"""Blocks and buttons of such a card."""


def is_single(claimed: Claimed, action: Action) -> bool:
    """Say whether a delivery surely makes one message and nothing else, whatever the platform."""
    if not isinstance(action, Post) or action.card.pictures:
        return False
    return claimed.size <= _SMALL and len(action.card.blocks) + len(action.card.buttons) <= _FEW


class Making:
    """Keeps parts as they are made. With ``waits`` the last one is left to the commit that ends the delivery.

    Whoever dies before that commit finds the message as one finds it that was not recorded: the delivery is
    marked as tried.
    """

    def __init__(self, queue: Queue, insisting: Insisting, claimed: Claimed, *, waits: bool) -> None:
        """Know of no part yet."""
        self._queue = queue
        self._insisting = insisting
        self._claimed = claimed
        self._waits = waits
        self.unrecorded: tuple[Part, ...] = ()
        """What is still to be kept."""

    async def record(self, part: Part) -> None:
        """Take a part; what was made before it is on the disk when this returns."""
        await self._keep_unrecorded()
        self.unrecorded = (part,)
        if not self._waits:
            await self._keep_unrecorded()

    async def done_by(self, delivering: Awaitable[None]) -> None:
        """Deliver; where that breaks off, everything that was made is kept first."""
        try:
            await delivering
        except (Exception, asyncio.CancelledError):
            await self._keep_unrecorded()
            raise

    async def _keep_unrecorded(self) -> None:
        for part in self.unrecorded:
            await self._insisting.while_away(partial(self._queue.record, self._claimed, part))
        self.unrecorded = ()
