"""Deactivations: a new file of the registry stops whose number is off, and lets go whose is back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import Final

from bot.chat.shapes import NUMBER, TEXTS, pack, record, unpack
from bot.domain.roster import Roster
from bot.domain.standing import Cause
from bot.domain.verification import HardKey, KeyKind
from bot.identity.hard_keys import HardKeys
from bot.identity.standing import Stopping
from bot.ports.cabinet import Cabinet

_WALKED: Final = "walked"
_AT_ONCE: Final = 400
"""Numbers of one question to the vault: a whole register has some hundred thousand that are off."""


@dataclass(frozen=True, slots=True)
class Walked:
    """How far imports were looked through, and the members' numbers that are switched off, kept sealed."""

    latest: int = 0
    numbers: tuple[str, ...] = field(default=(), repr=False)


_SHAPE: Final = record(Walked, latest=NUMBER, numbers=TEXTS)


class Deactivations:
    """Walks the numbers that imports found deactivated, never the members: the vault lists none."""

    def __init__(self, roster: Roster, hard_keys: HardKeys, stopping: Stopping, cabinet: Cabinet) -> None:
        """Take the register, what leads from a number to its member, who stops them, and a cabinet."""
        self._roster = roster
        self._hard_keys = hard_keys
        self._stopping = stopping
        self._cabinet = cabinet
        self._walking = asyncio.Lock()

    async def walk(self) -> None:
        """Do what new imports ask for; nothing where there is none. May be broken off and begun again."""
        async with self._walking:
            await self._walk()

    async def _walk(self) -> None:
        walked = await self._walked()
        latest = await self._roster.latest_import()
        if latest == walked.latest:
            await self._forget_left(walked)
            return
        found = await self._of_members(await self._roster.deactivated_since(walked.latest))
        # Noted before anybody is stopped: whom this run stops, a later one must be able to let go.
        noted = replace(walked, numbers=tuple(dict.fromkeys((*walked.numbers, *found))))
        await self._keep(noted)
        for number in found:
            await self._stop(number)
        left = [number for number in noted.numbers if not await self._let_go(number)]
        await self._keep(Walked(latest, tuple(left)))

    async def _forget_left(self, walked: Walked) -> None:
        """Forget the numbers whose owners have left since: nothing of theirs is kept anywhere."""
        owned = await self._of_members(walked.numbers)
        if len(owned) < len(walked.numbers):
            await self._keep(replace(walked, numbers=tuple(owned)))

    async def _stop(self, number: str) -> None:
        owner = await self._hard_keys.owner(_key(number))
        if owner is not None:
            await self._stopping.stop(owner, Cause.NUMBER)

    async def _let_go(self, number: str) -> bool:
        """Let the member go whose number is on again; False where it is still off.

        A number whose owner has left stops nobody any more.
        """
        owner = await self._hard_keys.owner(_key(number))
        if owner is None:
            return True
        row = await self._roster.by_npi(number)
        if row is not None and row.deactivated:
            return False
        await self._stopping.lift(owner, Cause.NUMBER)
        return True

    async def _of_members(self, numbers: tuple[str, ...]) -> list[str]:
        """Pick out the numbers that belong to members."""
        owned: list[str] = []
        for first in range(0, len(numbers), _AT_ONCE):
            few = [_key(number) for number in numbers[first : first + _AT_ONCE]]
            owned += (key.value for key in await self._hard_keys.held(few))
        return owned

    async def _walked(self) -> Walked:
        kept = await self._cabinet.get(_WALKED)
        return Walked() if kept is None else unpack(_WALKED, _SHAPE, kept, Walked)

    async def _keep(self, walked: Walked) -> None:
        await self._cabinet.put(_WALKED, pack(_WALKED, _SHAPE, walked))


def _key(number: str) -> HardKey:
    return HardKey(KeyKind.NPI, number)
