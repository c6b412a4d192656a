"""Care of the keys: everything comes under the newest key, and a key that nothing uses leaves the ring."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.identity.audit import Audit
from bot.ports.resealing import SealedRows

Drop = Callable[[frozenset[bytes]], Awaitable[bool]]
"""Takes keys off the ring, by id; False, and nothing, while a rotation is under way."""


class Ring(Protocol):
    """The ring of a running bot."""

    @property
    def current(self) -> bytes:
        """The id of the key that seals."""
        ...

    @property
    def ids(self) -> frozenset[bytes]:
        """The ids of all keys on the ring."""
        ...

    def refresh(self) -> None:
        """Read the ring anew: somebody may have rotated it."""
        ...


class KeyCare:
    """Seals again what lies under earlier keys. Meant to be asked now and then, an hour apart."""

    def __init__(self, ring: Ring, databases: Sequence[SealedRows], drop: Drop, audit: Audit) -> None:
        """Take the ring, the databases, what changes the ring, and where that is written down."""
        self._ring = ring
        self._databases = databases
        self._drop = drop
        self._audit = audit
        self._idle = frozenset[bytes]()

    async def tend(self) -> int:
        """Seal everything under the newest key; gives how many values it were.

        A key leaves the ring when nothing was found under it twice in a row: by the second time whoever
        opened the ring before the rotation has long ended, so that nothing more can be sealed with it.
        """
        self._ring.refresh()
        if self._ring.ids == {self._ring.current}:
            return 0
        used = await self.use()
        done = sum([await database.reseal() for database in self._databases])
        idle = self._ring.ids - used.keys() - {self._ring.current}
        if leaving := idle & self._idle:
            await self._drop_all(leaving)
        self._idle = idle
        return done

    async def use(self) -> Counter[bytes]:
        """Count the values of all databases by the id of their key."""
        counted = Counter[bytes]()
        for database in self._databases:
            counted.update(await database.use())
        return counted

    async def _drop_all(self, leaving: frozenset[bytes]) -> None:
        if await self._drop(leaving):
            for key_id in sorted(leaving):
                await self._audit.append("key_dropped", by="bot", reference=key_id.hex())
            self._ring.refresh()
