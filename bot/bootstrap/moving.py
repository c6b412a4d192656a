"""From files to servers: content and vault are copied, compared, and the files put out of use."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from bot.config import Settings
from storage.content.store import HISTORY as CONTENT
from storage.content.words_tsvector import INDEX
from storage.copying import Fingerprint
from storage.migrating import bring_up
from storage.moving import Side, move
from storage.places import Places
from storage.refused import StorageRefused
from storage.vault.vault import HISTORY as VAULT

MOVED: Final = ".moved"
"""What the names of files end in that are not used any more."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How many rows each database holds at its new address."""

    content: int
    vault: int


async def move_databases(
    settings: Settings, url: str, vault_url: str, watcher: Callable[[str, Fingerprint], None]
) -> Moved:
    """Move content and vault of ``data_dir`` to two addresses; raises ``StorageRefused``.

    What was moved already, by a move that stopped, is not copied again.
    """
    files, there = Places(settings.data_dir), Places(settings.data_dir, url, vault_url)
    for name in ("content", "vault"):
        if not (settings.data_dir / f"{name}.db").exists():
            raise StorageRefused(f"There is no {name}.db in {settings.data_dir}, so nothing to move.")
    sides = (
        Side(CONTENT, files.content(), there.content(), INDEX.rebuilt_by),
        Side(VAULT, files.vault(), there.vault()),
    )
    try:
        async with AsyncExitStack() as alone:
            for side in sides:
                await bring_up(side.source, side.history)
                await alone.enter_async_context(side.source.alone())
            rows = [await move(side, watcher) for side in sides]
    finally:
        for side in sides:
            await side.source.close()
            await side.target.close()
    for name in ("content", "vault"):
        file = settings.data_dir / f"{name}.db"
        file.rename(file.with_name(f"{file.name}{MOVED}"))
    return Moved(*rows)
