"""The databases of the settings, opened one after the other."""

from __future__ import annotations

from contextlib import AsyncExitStack

from bot.bootstrap.places import places_of, setting_of
from bot.bootstrap.sites import moderators_room
from bot.config import Settings
from bot.identity.keyring import LiveKeys
from bot.identity.keys import KeyRefused
from bot.identity.sealing import AesSealer
from bot.ports.adapter import ConfigurationRefused
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from storage.backup import require_restored
from storage.content.store import ContentStore, open_content
from storage.refused import StorageRefused
from storage.roster.roster import StaffedRoster, open_staffed_roster
from storage.vault.keyring import open_keys
from storage.vault.vault import VaultStore, open_vault


async def open_stores(
    settings: Settings, rooms: tuple[str, ...], clock: Clock, chance: Chance
) -> tuple[LiveKeys, VaultStore, ContentStore, StaffedRoster]:
    """Open all of them, migrated to this version; raises ``ConfigurationRefused`` and leaves none open."""
    try:
        require_restored(settings.data_dir)
        keys = await open_keys(places_of(settings), settings.key_file, chance)
        sealer = AesSealer(keys, chance)
        async with AsyncExitStack() as opened:
            vault = await open_vault(places_of(settings), sealer)
            opened.push_async_callback(vault.close)
            content = await open_content(
                places_of(settings),
                sealer,
                rooms=rooms,
                moderators=moderators_room(settings),
                clock=clock,
                chance=chance,
            )
            opened.push_async_callback(content.close)
            roster = await open_staffed_roster(settings.data_dir, sealer)
            opened.push_async_callback(roster.close)
            await roster.require_key()
            opened.pop_all()
    except KeyRefused as refused:
        raise ConfigurationRefused("key_file", refused.sentence) from refused
    except StorageRefused as refused:
        raise ConfigurationRefused(setting_of(settings), refused.sentence) from refused
    return keys, vault, content, roster
