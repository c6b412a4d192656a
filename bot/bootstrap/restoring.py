"""Restoring a backup into an empty data folder: everything is tried first, then moved into place.

Where content and vault belong on a server, their rows are put there from the stage, into empty databases; how
the backup was taken makes no difference.
"""

from __future__ import annotations

import hmac
import shutil
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap.backup import PARTS, TOMBSTONES, seal_of
from bot.bootstrap.places import places_of
from bot.config import Settings
from bot.identity.audit import Audit
from bot.identity.keys import KeyRefused, load_master_key
from bot.identity.sealing import AesSealer
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from storage.backup import DISK_TROUBLE, MOVING, STAGE, copy_file, digest_of, sync_file, trouble_in, why
from storage.content.backup import BACKUP as CONTENT
from storage.content.backup import begin_again
from storage.content.store import open_content
from storage.content.words_tsvector import INDEX
from storage.files import private_folder
from storage.manifest import NAME, Manifest, damaged, newer_backup, read_manifest
from storage.moving import Side
from storage.places import Places
from storage.pouring import pour, require_empty
from storage.refused import StorageRefused
from storage.roster.backup import BACKUP as ROSTER
from storage.roster.roster import open_staffed_roster
from storage.sqlite import SqliteDatabase
from storage.vault.backup import BACKUP as VAULT
from storage.vault.keyring import open_keys
from storage.vault.tombstones import Tombstones
from storage.vault.vault import open_vault


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back, and how many have left since: ``data_dir`` listed them, and the backup did not."""

    manifest: Manifest
    left_since: int


async def restore_backup(settings: Settings, folder: Path, clock: Clock, chance: Chance) -> Restored:
    """Restore a backup into ``data_dir``, which holds nothing, or nothing but a list of who has left.

    Databases on a server have to be empty too. Raises ``StorageRefused`` and ``KeyRefused``; then nothing has
    changed there, but for what a server had taken before it went away: the same restore goes on from there.
    """
    manifest = read_manifest(folder)
    _require_known(manifest)
    load_master_key(settings.key_file)
    data_dir, stage, places = settings.data_dir, settings.data_dir / STAGE, places_of(settings)
    try:
        if places.shared and (stage / MOVING).exists():
            _require_same(folder, stage)
        else:
            _clear_away(data_dir)
            _require_empty(data_dir)
            await _require_empty_there(places)
            private_folder(stage)
            try:
                await _make_ready(settings, folder, manifest, clock, chance)
            except BaseException:
                shutil.rmtree(stage)
                raise
        return Restored(manifest, await _move_in(stage, places))
    except DISK_TROUBLE as error:
        raise StorageRefused(
            f"The backup could not be put into {data_dir} ({why(error)}); mend that, and restore again."
        ) from None


async def _make_ready(
    settings: Settings, folder: Path, manifest: Manifest, clock: Clock, chance: Chance
) -> None:
    """Put the backup's files into the stage as a bot can begin with them."""
    stage = settings.data_dir / STAGE
    copy_file(folder / NAME, stage / NAME)
    _copy_in(folder, stage, manifest)
    for part in PARTS:
        if trouble := await trouble_in(stage / part.file, part, manifest.databases[part.name]):
            raise damaged(f"{part.file}: {trouble}")
    sealer = await _sealer_of(settings, stage, manifest, chance)
    await _open_once(stage, sealer, clock, chance)
    await _leave_a_gap(stage)


def _require_known(manifest: Manifest) -> None:
    for part in PARTS:
        copied = manifest.databases.get(part.name)
        if copied is None:
            raise damaged(f"the {part.name} database is missing")
        if copied.version > part.history.head:
            raise StorageRefused(newer_backup(manifest.curbside))


def _require_same(folder: Path, stage: Path) -> None:
    """Let a restore into a server that stopped go on with its own backup only."""
    if (folder / NAME).read_bytes() != (stage / NAME).read_bytes():
        raise StorageRefused(
            f"The restore of a backup of {read_manifest(stage).moment} has not ended; give that one again, "
            f"or name new databases in [database] and remove {stage}."
        )


async def _require_empty_there(places: Places) -> None:
    for part, database in ((CONTENT, places.content()), (VAULT, places.vault())) if places.shared else ():
        try:
            await require_empty(database, part.history)
        finally:
            await database.abandon()


def _clear_away(data_dir: Path) -> None:
    """Remove what a restore that stopped has left: its stage and, if it was moving, what it had moved."""
    stage = data_dir / STAGE
    if not stage.exists():
        return
    if (stage / MOVING).exists():
        for part in PARTS:
            (data_dir / part.file).unlink(missing_ok=True)
    shutil.rmtree(stage)


def _require_empty(data_dir: Path) -> None:
    if not data_dir.exists():
        return
    if there := sorted(file.name for file in data_dir.iterdir() if file.name != TOMBSTONES):
        raise StorageRefused(
            f"{data_dir} is not empty ({there[0]}); stop the bot, move the folder aside, and put nothing but "
            f"its file {TOMBSTONES} into the new one."
        )


def _copy_in(folder: Path, stage: Path, manifest: Manifest) -> None:
    """Copy every file and compare it with what was written; the backup itself is never opened."""
    told = {part.file: manifest.databases[part.name].sha256 for part in PARTS}
    if manifest.tombstones:
        told[TOMBSTONES] = manifest.tombstones
    for name, digest in told.items():
        if not (folder / name).is_file():
            raise damaged(f"{name} is missing")
        copy_file(folder / name, stage / name)
        if digest_of(stage / name) != digest:
            raise damaged(f"{name} is not as it was written")


async def _sealer_of(settings: Settings, stage: Path, manifest: Manifest, chance: Chance) -> AesSealer:
    """Open the backup's keys, and see that nobody without them has changed what the manifest says."""
    try:
        sealer = AesSealer(await open_keys(stage, settings.key_file, chance), chance)
    except KeyRefused:
        raise StorageRefused(
            f"{settings.key_file} is not the key of this backup of {manifest.moment}; name the one of that "
            "time as key_file."
        ) from None
    if not hmac.compare_digest(seal_of(manifest, sealer), manifest.seal):
        raise damaged("its manifest was changed")
    return sealer


async def _open_once(stage: Path, sealer: AesSealer, clock: Clock, chance: Chance) -> None:
    """Bring each database to this version's layout, try the key, and write down what happens here."""
    vault = await open_vault(stage, sealer)
    try:
        await Audit(vault, sealer, clock).append("backup_restored", by="shell", reference="")
    finally:
        await vault.close()
    await (await open_content(stage, sealer, rooms=(), clock=clock, chance=chance)).close()
    await (await open_staffed_roster(stage, sealer)).close()


async def _leave_a_gap(stage: Path) -> None:
    content = SqliteDatabase(stage / CONTENT.file)
    try:
        async with content.transaction() as connection:
            await begin_again(connection)
    finally:
        await content.close()


async def _move_in(stage: Path, places: Places) -> int:
    """Move everything from the stage to its place; what stops here is done by the next restore."""
    data_dir = places.folder
    left_since = _join_tombstones(stage, data_dir)
    (stage / MOVING).touch()
    sync_file(stage)
    if places.shared:
        await _pour(stage, places)
    for part in (ROSTER,) if places.shared else PARTS:
        if (stage / part.file).exists():
            (stage / part.file).rename(data_dir / part.file)
    sync_file(data_dir)
    shutil.rmtree(stage)
    sync_file(data_dir)
    return left_since


async def _pour(stage: Path, places: Places) -> None:
    """Put content and vault into the server: a bot that started in between would not fit its key."""
    staged = Places(stage)
    for side in (
        Side(CONTENT.history, staged.content(), places.content(), INDEX.rebuilt_by),
        Side(VAULT.history, staged.vault(), places.vault()),
    ):
        try:
            await pour(side)
        finally:
            await side.source.close()
            await side.target.close()


def _join_tombstones(stage: Path, data_dir: Path) -> int:
    """Give the new folder the marks of both lists; says how many the backup did not have."""
    here, backed_up = Tombstones(data_dir / TOMBSTONES), Tombstones(stage / TOMBSTONES).all()
    known = here.all()
    for mark, posts in backed_up.items():
        if mark not in known:
            here.add(mark, posts)
    return len(known.keys() - backed_up.keys())
