"""The layouts of the databases, as they are before anything is opened or changed."""

from __future__ import annotations

from collections.abc import Mapping

from bot.bootstrap.backup import PARTS
from bot.bootstrap.places import places_of
from bot.config import Settings
from storage.backup import layout_in
from storage.content.store import HISTORY as CONTENT
from storage.migrating import version_of
from storage.vault.vault import HISTORY as VAULT


async def layouts(settings: Settings) -> Mapping[str, str | None]:
    """Give the version of each database, None where there is none; raises ``StorageRefused``."""
    found = {part.name: await layout_in(settings.data_dir, part.history) for part in PARTS}
    places = places_of(settings)
    if places.shared:
        for database, history in ((places.content(), CONTENT), (places.vault(), VAULT)):
            try:
                await database.prepare()
                found[history.name] = await version_of(database, history)
            finally:
                await database.abandon()
    return found
