"""How much lies under which key of the ring, for the operator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.bootstrap.system import SystemChance, SystemClock
from bot.config import Settings
from bot.identity.keyring import LiveKeys
from bot.identity.resealing import KeyCare
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.ports.chance import Chance
from storage.content.store import ContentStore, open_content
from storage.vault.keyring import drop_keys, open_keys
from storage.vault.vault import VaultStore, open_vault


@dataclass(frozen=True, slots=True)
class KeyUse:
    """One key-encryption key of the ring, by its id in hex, and how many values are sealed with it."""

    key: str
    current: bool
    values: int


async def key_use(settings: Settings) -> tuple[KeyUse, ...]:
    """Count the values of both databases by key, the current one first.

    Raises ``KeyRefused`` and ``StorageRefused`` as opening does.
    """
    chance = SystemChance()
    keys = await open_keys(settings.data_dir, settings.key_file, chance)
    used = await _counted(settings, AesSealer(keys, chance))
    known = sorted(keys.ids | used.keys(), key=lambda one: (one != keys.current, one))
    return tuple(KeyUse(one.hex(), one == keys.current, used.get(one, 0)) for one in known)


async def earlier_values(settings: Settings) -> int:
    """Count the values under keys that no longer seal; where there is one key alone, nothing is read."""
    keys = await open_keys(settings.data_dir, settings.key_file, SystemChance())
    if keys.ids == {keys.current}:
        return 0
    return sum(one.values for one in await key_use(settings) if not one.current)


async def _counted(settings: Settings, sealer: AesSealer) -> Mapping[bytes, int]:
    counted = Counter[bytes]()
    vault = await open_vault(settings.data_dir, sealer)
    try:
        counted.update(await vault.sealed.use())
    finally:
        await vault.close()
    content = await open_content(
        settings.data_dir, sealer, rooms=(), clock=SystemClock(), chance=SystemChance()
    )
    try:
        counted.update(await content.sealed.use())
    finally:
        await content.close()
    return counted


def key_care_of(
    settings: Settings, keys: LiveKeys, vault: VaultStore, content: ContentStore, wall: Wall, chance: Chance
) -> KeyCare:
    """Make the one who seals everything again after a rotation."""
    drop = partial(drop_keys, settings.data_dir, settings.key_file, chance)
    return KeyCare(keys, (vault.sealed, content.sealed), drop, wall.audit)
