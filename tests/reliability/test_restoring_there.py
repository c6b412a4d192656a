"""Backup and restore with databases on a server: refusals in a sentence, and a restore that stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copyfile

import pytest
from pydantic import SecretStr

from bot.bootstrap import Bot, restoring
from bot.bootstrap.backup import take_backup
from bot.bootstrap.restoring import Restored, restore_backup
from bot.config.sections import Database
from bot.config.settings import Settings
from bot.ports.adapter import ConfigurationRefused
from storage import pouring
from storage.backup import MOVING, STAGE
from storage.copying import copy_table
from storage.moving import Side
from storage.refused import StorageRefused
from tests import server
from tests.reliability.test_moving import lived_in
from tests.stories.clock import StoryChance, StoryClock

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(bool(server.missing_postgres()), reason=server.missing_postgres() or "there"),
]
CLOCK, CHANCE = StoryClock(), StoryChance(seed=9)


@pytest.fixture
async def backup(tmp_path: Path) -> Path:
    """A backup of an installation on files, with its key beside it."""
    world = await lived_in(tmp_path)
    await take_backup(world.bot._settings, tmp_path / "backup", CLOCK, CHANCE)
    return tmp_path / "backup"


def machine(folder: Path, backup: Path, content: str = "", vault: str = "") -> Settings:
    """Give the settings of another machine, whose databases lie on the server."""
    folder.mkdir()
    copyfile(backup.parent / "master.key", folder / "master.key")
    (folder / "master.key").chmod(0o600)
    lies = server.places_on_postgres(folder / "var")
    database = Database(
        url=SecretStr(content or lies.content_url), vault_url=SecretStr(vault or lies.vault_url)
    )
    return Settings.model_construct(
        data_dir=folder / "var", key_file=folder / "master.key", database=database, slack=(), matrix=()
    )


async def lives_elsewhere(folder: Path) -> Settings:
    """Have another installation, on files too."""
    (folder / "elsewhere").mkdir()
    return (await lived_in(folder / "elsewhere")).bot._settings


async def restore(there: Settings, backup: Path) -> Restored:
    return await restore_backup(there, backup, CLOCK, CHANCE)


@asynccontextmanager
async def opened(there: Settings) -> AsyncIterator[Bot]:
    bot = await Bot.open(there, CLOCK, (), CHANCE)
    try:
        yield bot
    finally:
        await bot.stop()


async def cases(there: Settings) -> int:
    async with opened(there) as bot, bot.house.content.work() as work:
        return await work.cases.by_number(101) is not None


def held(there: Settings, kind: str, table: str) -> int:
    name = server.name_of(there.data_dir, kind)
    ((found,),) = server.run(server.server().ask(f"SELECT count(*) FROM curbside.{table}", database=name))  # noqa: S608 - of this file
    return int(found)


async def test_a_restore_never_goes_over_what_a_server_holds(tmp_path: Path, backup: Path) -> None:
    there = machine(tmp_path / "machine", backup)
    restored = await restore(there, backup)
    assert restored.manifest.rows > 40
    accounts, cases_there = held(there, "vault", "accounts"), held(there, "content", "cases")
    assert (accounts, cases_there) == (8, 1)
    for file in there.data_dir.iterdir():
        file.unlink()
    with pytest.raises(
        StorageRefused, match="The content database on the server is not empty; stop all bots"
    ):
        await restore(there, backup)
    assert list(there.data_dir.iterdir()) == []

    mixed = machine(tmp_path / "mixed", backup, vault=there.database.vault_url.get_secret_value())
    with pytest.raises(StorageRefused, match="The vault database on the server is not empty"):
        await restore(mixed, backup)
    assert held(mixed, "content", "cases") == 0


async def test_a_restore_that_stopped_goes_on_with_the_same_backup_only(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = machine(tmp_path / "machine", backup)
    poured: list[str] = []
    pour = pouring.pour

    async def cut_off(side: Side) -> None:
        if poured == ["content"]:
            poured.append("")
            raise KeyboardInterrupt
        await pour(side)
        poured.append(side.history.name)

    monkeypatch.setattr(restoring, "pour", cut_off)
    with pytest.raises(KeyboardInterrupt):
        await restore(there, backup)
    assert (there.data_dir / STAGE / MOVING).exists()
    assert (held(there, "content", "cases"), held(there, "vault", "accounts")) == (1, 0)
    with pytest.raises(ConfigurationRefused, match="has not ended; give `curbside restore` with the same"):
        await cases(there)

    later = StoryClock()
    later.pass_(60)
    await take_backup(await lives_elsewhere(tmp_path), tmp_path / "later", later, CHANCE)
    with pytest.raises(StorageRefused, match="has not ended; give that one again, or name new databases"):
        await restore(there, tmp_path / "later")

    restored = await restore(there, backup)
    assert poured == ["content", "", "content", "vault"]
    assert restored.manifest.rows > 40
    assert not (there.data_dir / STAGE).exists()
    assert await cases(there)
    async with opened(there) as bot:
        assert [entry.what for entry in await bot.wall.audit.entries()].count("backup_restored") == 1


async def test_between_two_databases_no_bot_of_another_machine_starts(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = machine(tmp_path / "machine", backup)
    pour = pouring.pour

    async def cut_off(side: Side) -> None:
        if side.history.name == "vault":
            raise KeyboardInterrupt
        await pour(side)

    monkeypatch.setattr(restoring, "pour", cut_off)
    with pytest.raises(KeyboardInterrupt):
        await restore(there, backup)
    (tmp_path / "third").mkdir()
    third = there.model_copy(update={"data_dir": tmp_path / "third"})
    with pytest.raises(ConfigurationRefused, match="key"):
        await cases(third)


async def test_what_a_server_does_not_hold_as_it_was_written_is_not_kept(
    tmp_path: Path, backup: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = machine(tmp_path / "machine", backup)

    async def lossy(source: object, target: object, table: object) -> object:
        copied = await copy_table(source, target, table)  # type: ignore[arg-type]  # handed through
        if table.name == "cases":  # type: ignore[attr-defined]  # as above
            await target.exec_driver_sql("UPDATE cases SET title = 'lost'")  # type: ignore[attr-defined]  # as above
        return copied

    monkeypatch.setattr("storage.pouring.copy_table", lossy)
    with pytest.raises(
        StorageRefused, match="The table cases on the server does not hold what the backup does"
    ):
        await restore(there, backup)
    assert held(there, "content", "members") == 0


async def test_a_server_that_is_away_or_empty_is_one_sentence(tmp_path: Path, backup: Path) -> None:
    away = "postgresql+asyncpg://curbside@127.0.0.1:9/{}"
    gone = machine(tmp_path / "gone", backup, away.format("content"), away.format("vault"))
    with pytest.raises(StorageRefused, match=r"The content database on 127\.0\.0\.1 cannot be reached"):
        await restore(gone, backup)
    with pytest.raises(StorageRefused, match=r"The content database on 127\.0\.0\.1 cannot be reached"):
        await take_backup(gone, tmp_path / "copy", CLOCK, CHANCE)
    assert not (tmp_path / "copy").exists()

    names = ("bare_content", "bare_vault")
    await server.server().ask(*(f"CREATE DATABASE {name}" for name in names))
    empty = machine(tmp_path / "empty", backup, *(server.server().url(name) for name in names))
    with pytest.raises(StorageRefused, match="There is no content database in its place on the server"):
        await take_backup(empty, tmp_path / "copy", CLOCK, CHANCE)


async def test_a_snapshot_may_stand_still(tmp_path: Path) -> None:
    database = server.places_on_postgres(tmp_path).content()
    asked = "SHOW idle_in_transaction_session_timeout"
    async with database.reading_long() as connection:
        assert (await connection.exec_driver_sql(asked)).scalar() == "0"
    async with database.reading() as connection:
        assert (await connection.exec_driver_sql(asked)).scalar() == "10s"
    await database.close()
