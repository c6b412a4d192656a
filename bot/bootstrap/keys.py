"""How much lies under which key of the ring, for the operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from bot.bootstrap.places import places_of
from bot.bootstrap.system import SystemChance, SystemClock
from bot.config import Settings
from bot.identity.keyring import LiveKeys
from bot.identity.resealing import KeyCare
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.ports.chance import Chance
from bot.ports.resealing import SealedRows
from storage.content.store import open_content
from storage.roster.roster import StaffedRoster, open_staffed_roster
from storage.vault.keyring import drop_keys, open_keys
from storage.vault.vault import open_vault


class Store(Protocol):
    """A database in which sealed values lie."""

    @property
    def sealed(self) -> SealedRows:
        """Its sealed values."""
        ...


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key-encryption key of the ring, by its id in hex, and how many values are sealed with it."""

    key: str
    current: bool
    values: int


async def key_use(settings: Settings) -> tuple[KeyUse, ...]:
    """Count the values of all databases by key, the current one first.

    Raises ``KeyRefused`` and ``StorageRefused`` as opening does.
    """
    chance = SystemChance()
    keys = await open_keys(places_of(settings), settings.key_file, chance)
    used = await _counted(settings, AesSealer(keys, chance))
    known = sorted(keys.ids | used.keys(), key=lambda one: (one != keys.current, one))
    return tuple(KeyUse(one.hex(), one == keys.current, used.get(one, 0)) for one in known)


async def earlier_values(settings: Settings) -> int:
    """Count the values under keys that no longer seal; where there is one key alone, nothing is read."""
    keys = await open_keys(places_of(settings), settings.key_file, SystemChance())
    if keys.ids == {keys.current}:
        return 0
    return sum(one.values for one in await key_use(settings) if not one.current)


async def _counted(settings: Settings, sealer: AesSealer) -> Mapping[bytes, int]:
    counted = Counter[bytes]()
    vault = await open_vault(places_of(settings), sealer)
    try:
        counted.update(await vault.sealed.use())
    finally:
        await vault.close()
    content = await open_content(
        places_of(settings), sealer, rooms=(), clock=SystemClock(), chance=SystemChance()
    )
    try:
        counted.update(await content.sealed.use())
    finally:
        await content.close()
    roster = await open_staffed_roster(settings.data_dir, sealer)
    try:
        counted.update(await roster.sealed.use())
    finally:
        await roster.close()
    return counted


async def roster_with_keys(settings: Settings) -> StaffedRoster:
    """Open the roster for the hospital's list; raises ``KeyRefused`` and ``StorageRefused``."""
    chance = SystemChance()
    keys = await open_keys(places_of(settings), settings.key_file, chance)
    return await open_staffed_roster(settings.data_dir, AesSealer(keys, chance))


def key_care_of(
    settings: Settings, keys: LiveKeys, stores: Sequence[Store], wall: Wall, chance: Chance
) -> KeyCare:
    """Make the one who seals everything again after a rotation."""
    drop = partial(drop_keys, places_of(settings), settings.key_file, chance)
    return KeyCare(keys, [store.sealed for store in stores], drop, wall.audit)
