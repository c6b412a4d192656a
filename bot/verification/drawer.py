"""A drawer of a cabinet for what waits to be typed or to come back: small records that have their day."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime
from typing import Final

from bot.ports.cabinet import Cabinet
from bot.ports.clock import Clock

_LIST: Final = "what lies here"


class Drawer:
    """Keeps one record for each owner, and knows until when; a cabinet alone cannot say what lies in it.

    The list of records lies sealed in the same cabinet. A record is listed before it is put in and until it
    is taken out, so that a crash leaves none that nobody would ever tidy away.
    """

    def __init__(self, cabinet: Cabinet, clock: Clock) -> None:
        """Use a cabinet that nobody else uses."""
        self._cabinet = cabinet
        self._clock = clock
        self._turn = asyncio.Lock()

    async def get(self, name: str) -> bytes | None:
        """Open a record, or None where there is none."""
        return await self._cabinet.get(name)

    async def put(self, name: str, value: bytes, *, owner: str, until: datetime) -> None:
        """Keep a record until then, in place of whatever lies here for the same owner."""
        async with self._turn:
            listed = await self._listed()
            entry, earlier = [name, until.isoformat()], listed.get(owner)
            if earlier is not None and earlier[0] != name:
                await self._cabinet.drop(earlier[0])
            if earlier != entry:
                await self._write({**listed, owner: entry})
            await self._cabinet.put(name, value)

    async def change(self, name: str, value: bytes) -> None:
        """Keep a record's new value until the same time; one that is gone meanwhile stays gone."""
        async with self._turn:
            if await self._cabinet.get(name) is not None:
                await self._cabinet.put(name, value)

    async def drop(self, name: str) -> None:
        """Forget a record; nothing happens where there is none."""
        async with self._turn:
            await self._forget({name})

    async def tidy(self) -> None:
        """Forget every record whose time is over."""
        async with self._turn:
            now = self._clock.now()
            over = (name for name, until in (await self._listed()).values() if _is_over(until, now))
            await self._forget(set(over))

    async def _forget(self, names: set[str]) -> None:
        for name in names:
            await self._cabinet.drop(name)
        listed = await self._listed()
        left = {owner: entry for owner, entry in listed.items() if entry[0] not in names}
        if left != listed:
            await self._write(left)

    async def _listed(self) -> dict[str, list[str]]:
        kept = await self._cabinet.get(_LIST)
        listed: dict[str, list[str]] = json.loads(kept) if kept else {}
        return listed

    async def _write(self, listed: dict[str, list[str]]) -> None:
        if listed:
            await self._cabinet.put(_LIST, json.dumps(listed).encode())
        else:
            await self._cabinet.drop(_LIST)


def _is_over(until: str, now: datetime) -> bool:
    return now >= datetime.fromisoformat(until)
