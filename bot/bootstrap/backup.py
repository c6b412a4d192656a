"""Taking a backup of all three databases in one instant, beside a running bot."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from bot.bootstrap.places import places_of
from bot.config import Settings
from bot.identity.sealing import AesSealer
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import Sealer
from storage.backup import (
    DISK_TROUBLE,
    Copied,
    Part,
    copy_file,
    copy_out,
    digest_of,
    one_instant,
    require_layout,
    require_layout_there,
    sync_file,
    why,
)
from storage.content.backup import BACKUP as CONTENT
from storage.content.backup import backup_at
from storage.files import private_folder
from storage.manifest import NAME, Manifest
from storage.places import Places
from storage.refused import StorageRefused
from storage.roster.backup import BACKUP as ROSTER
from storage.sqlite import SqliteDatabase
from storage.vault.backup import BACKUP as VAULT
from storage.vault.keyring import open_keys
from storage.vault.tombstones import Tombstones

PARTS: Final = (CONTENT, VAULT, ROSTER)
TOMBSTONES: Final = "tombstones"
_UNFINISHED: Final = ".partial"


async def take_backup(settings: Settings, folder: Path, clock: Clock, chance: Chance) -> Manifest:
    """Write a backup into a folder that is new or empty.

    It is the same whether content and vault are files or on a server. Raises ``StorageRefused`` and
    ``KeyRefused``. A backup that stopped half-way has no manifest.
    """
    places = places_of(settings)
    await _require_layouts(places)
    keys = await open_keys(places, settings.key_file, chance)
    _make_room(folder, settings)
    taken = clock.now().astimezone(UTC).replace(second=0, microsecond=0)
    try:
        copied = await _copy_all(places, folder, backup_at(clock.now()))
        tombstones = _copy_tombstones(settings.data_dir, folder)
        manifest = Manifest(_version(), taken, copied, tombstones)
        _finish(folder, replace(manifest, seal=seal_of(manifest, AesSealer(keys, chance))))
    except DISK_TROUBLE as error:
        raise StorageRefused(
            f"The backup in {folder} could not be written ({why(error)}); remove it and take another."
        ) from None
    return manifest


def seal_of(manifest: Manifest, sealer: Sealer) -> str:
    """Give the keyed hash of a manifest: whoever has no key file can change nothing unnoticed."""
    return sealer.index("backup", manifest.sealed_over()).hex()


def _make_room(folder: Path, settings: Settings) -> None:
    if folder.resolve().is_relative_to(settings.data_dir.resolve()):
        raise StorageRefused(f"{folder} lies inside data_dir, where a backup helps nobody; choose another.")
    private_folder(folder)
    try:
        if any(folder.iterdir()):
            raise StorageRefused(f"{folder} is not empty; give the backup a folder of its own.")
        folder.chmod(0o700)
    except OSError as error:
        raise StorageRefused(f"{folder} cannot be used ({error.strerror}).") from None


async def _require_layouts(places: Places) -> None:
    for part, database in ((CONTENT, places.content()), (VAULT, places.vault())):
        try:
            if places.shared:
                await require_layout_there(database, part.history)
            else:
                await require_layout(places.folder, part.history)
        finally:
            await database.abandon()
    await require_layout(places.folder, ROSTER.history)


async def _copy_all(places: Places, folder: Path, chosen: Part) -> dict[str, Copied]:
    """Copy content and vault as they are in one instant, the roster for itself: it refers to neither.

    Whoever writes content may write to the vault meanwhile, and never the other way round.
    """
    pair = [places.content(), places.vault()]
    alone = SqliteDatabase(places.folder / ROSTER.file)
    try:
        async with one_instant(*pair) as (content, vault):
            copied = {
                part.name: await copy_out(source, _partial(folder, part.file), part)
                for part, source in ((chosen, content), (VAULT, vault))
            }
        async with alone.reading() as roster:
            copied[ROSTER.name] = await copy_out(roster, _partial(folder, ROSTER.file), ROSTER)
    finally:
        # What a running bot erased meanwhile is cut from the logs here: the reading was in its way.
        for database in (*pair, alone):
            await database.close()
    return copied


def _copy_tombstones(data_dir: Path, folder: Path) -> str:
    """Copy the list of who has left after the databases, so that nobody is missing who is missing there."""
    marks = Tombstones(data_dir / TOMBSTONES)
    if not marks.all():
        return ""
    copy_file(data_dir / TOMBSTONES, _partial(folder, TOMBSTONES))
    return digest_of(_partial(folder, TOMBSTONES))


def _finish(folder: Path, manifest: Manifest) -> None:
    """Give every file its name, the manifest last."""
    for file in sorted(folder.glob(f"*{_UNFINISHED}")):
        file.rename(file.with_suffix(""))
    sync_file(folder)
    unfinished = _partial(folder, NAME)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
        opened.write(manifest.write())
    sync_file(unfinished)
    unfinished.rename(folder / NAME)
    sync_file(folder)


def _partial(folder: Path, name: str) -> Path:
    return folder / f"{name}{_UNFINISHED}"


def _version() -> str:
    try:
        return version("curbside")
    except PackageNotFoundError:
        return "(not installed)"
