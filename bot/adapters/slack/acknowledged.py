"""Which submitted forms still wait for their acknowledgement, so that no answer overtakes it.

The acknowledgement puts "Working on it." into the modal. An answer that came first would be overwritten.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

_KEPT = 1000


class Acknowledged:
    """Submissions by event id, as long as this process knows them."""

    def __init__(self) -> None:
        self._open: dict[str, asyncio.Event] = {}
        self._seen: OrderedDict[str, None] = OrderedDict()

    def expect(self, event_id: str) -> bool:
        """Begin to wait for an acknowledgement; False when this submission was seen before."""
        if event_id in self._seen:
            return False
        self._seen[event_id] = None
        if len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        self._open[event_id] = asyncio.Event()
        return True

    def done(self, event_id: str) -> None:
        """The acknowledgement went out, or never will."""
        waiting = self._open.pop(event_id, None)
        if waiting is not None:
            waiting.set()

    def forget(self, event_id: str) -> None:
        """Nothing was committed: the same submission may come again."""
        self._seen.pop(event_id, None)
        self.done(event_id)

    async def wait(self, event_id: str) -> None:
        """Return when the acknowledgement is out; at once for what this process does not know."""
        waiting = self._open.get(event_id)
        if waiting is not None:
            await waiting.wait()
