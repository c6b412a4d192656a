"""Freshly migrated databases, made once per process and copied: migrating is the slow part of opening."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from storage.content.store import HISTORY as CONTENT
from storage.files import private_folder
from storage.migrating import History, step
from storage.roster.roster import HISTORY as ROSTER
from storage.sqlite import SqliteDatabase
from storage.vault.vault import HISTORY as VAULT
from tests import server

_SIDES = (("content.db", CONTENT), ("vault.db", VAULT), ("roster.db", ROSTER))


def lay_out(folder: Path) -> None:
    """Put the databases, empty and of this version, into a data folder that has none. They fit any key."""
    private_folder(folder)
    server.places(folder)
    for name, history in _SIDES[-1:] if server.ON_POSTGRES else _SIDES:
        path = folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(_migrated(history))


@cache
def _migrated(history: History) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template.db"
        server.run(_migrate(path, history))
        return path.read_bytes()


async def _migrate(path: Path, history: History) -> None:
    database = SqliteDatabase(path)
    async with database.transaction() as connection:
        await step(connection, history, "head")
    await database.close()
