"""A backup is taken beside the running bot, and another machine goes on from it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from copy import deepcopy
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest

from bot.bootstrap.backup import TOMBSTONES, take_backup
from bot.bootstrap.restoring import Restored, restore_backup
from bot.config.settings import Settings
from bot.domain.members import Role
from bot.domain.rewording import EARLY_FOR
from bot.frontdoor.talk import WIZARD_FOR
from storage.columns import ticks
from storage.content.backup import VOTES_LIE_FOR
from tests import server
from tests.stories.test_case_crosses import QUESTION, posted
from tests.stories.world import UNDO, Beginning, World, bytes_below, database_in, open_world

TALKERS = ("ravi", "sana", "tove", "udo")
COMMENTS = 28


async def back_up(world: World, folder: Path) -> None:
    await take_backup(world.bot._settings, folder, world.clock, world.chance)


async def restore(world: World, backup: Path, machine: Path, *, marks: bool = True) -> Restored:
    """Restore into a new machine's folder; ``marks`` puts the newest list of who has left there before."""
    settings, var = world.bot._settings, machine / "var"
    var.mkdir(parents=True)
    copyfile(settings.key_file, machine / "master.key")
    (machine / "master.key").chmod(0o600)
    if marks and (settings.data_dir / TOMBSTONES).exists():
        copyfile(settings.data_dir / TOMBSTONES, var / TOMBSTONES)
    there = Settings.model_construct(data_dir=var, key_file=machine / "master.key", database=database_in(var))
    return await restore_backup(there, backup, world.clock, world.chance)


@asynccontextmanager
async def going_on(world: World, machine: Path, folder: Path) -> AsyncIterator[World]:
    """Open the restored bot in front of the chats as they are now."""
    sites = {site.site: deepcopy({**vars(site), "_intake": None}) for site in (world.forms, world.words)}
    beginning = Beginning(machine, sites, world.clock, deepcopy(world.chance))
    async with open_world(folder, beginning=beginning) as after:
        await after.settle()
        yield after


def rows(folder: Path, question: str, name: str = "content") -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"{(folder / name).as_uri()}.db?mode=ro", uri=True)) as connection:
        return connection.execute(question).fetchall()


def live(folder: Path, question: str) -> list[tuple[Any, ...]]:
    """Ask the content database of an installation, whatever kind it is of."""
    return server.look(folder, "content", question)


async def busy(world: World) -> None:
    """Leave something of every kind behind."""
    await posted(world)
    await world.say("ravi", "opinion 101 1) cellulitis 2) erysipelas next: blood cultures")
    await world.command("ada", 'poll "Tap it?" yes | no [closes 3h]')
    await world.post("ada")
    await world.wait(UNDO + 5)
    for person in ("ben", "cleo", "ravi"):
        await world.say(person, "vote 102 1")
    await world.command("dara", "case")
    await world.submit("dara", {"story": "Seen by Dr. Quillwort.", "question": QUESTION, "urgency": "soon"})


async def test_another_machine_goes_on_from_a_backup(world: World, tmp_path: Path) -> None:
    await busy(world)
    await back_up(world, tmp_path / "backup")
    await world.command("sana", "me delete keep yes")
    await world.command("ben", "case")
    await world.submit("ben", {"story": "A later story.", "question": QUESTION, "urgency": "soon"})
    await world.post("ben")
    await world.wait(UNDO + 5)
    before = [world.room(world.forms), world.room(world.words)]
    restored = await restore(world, tmp_path / "backup", tmp_path / "machine")
    assert restored.left_since == 1

    async with going_on(world, tmp_path / "machine", tmp_path / "after") as after:
        assert "cellulitis" in await after.command("ada", "show 101")
        assert "#101" in await after.command("cleo", "find antibiotics")
        assert await after.bot.wall.who(after.words.account("sana")) is None
        assert "I know no case" in await after.command("ben", "show 103")
        for room, was in zip((after.forms, after.words), before, strict=True):
            now = after.room(room)
            assert len(now) == len(was)
            assert [words for words in now if "#101" in words] == [words for words in was if "#101" in words]
            assert any("I came back from a backup" in words for words in now)
        assert any("is closed" in words for words in after.home("ada"))
        await after.command("dara", "case")
        await after.submit("dara", {"story": "A new story.", "question": QUESTION, "urgency": "soon"})
        assert "#1103" in await after.post("dara")
        audit = after.bot.wall.audit
        assert (await audit.verify()).problem == ""
        assert [entry.what for entry in await audit.entries()].count("backup_restored") == 1


@pytest.mark.skipif(bool(server.missing_postgres()), reason=server.missing_postgres() or "there")
async def test_a_backup_comes_back_on_the_other_kind_of_database_and_from_there(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await busy(world)
    await back_up(world, tmp_path / "backup")
    last, backups, kinds = world, tmp_path / "backup", (not server.ON_POSTGRES, server.ON_POSTGRES)
    for number, kind in enumerate(kinds):
        monkeypatch.setattr(server, "ON_POSTGRES", kind)
        await restore(last, backups, tmp_path / f"machine{number}", marks=False)
        backups = tmp_path / f"backup{number}"
        async with going_on(last, tmp_path / f"machine{number}", tmp_path / f"after{number}") as after:
            assert "cellulitis" in await after.command("ada", "show 101")
            assert "#101" in await after.command("cleo", "find antibiotics")
            await after.command("dara", "case")
            await after.submit("dara", {"story": "A new story.", "question": QUESTION, "urgency": "soon"})
            assert f"#{1103 + 1001 * number}" in await after.post("dara")
            await after.wait(UNDO + 5)
            assert (await after.bot.wall.audit.verify()).problem == ""
            await back_up(after, backups)
            last = after


async def test_what_must_not_lie_in_a_backup_does_not(world: World, tmp_path: Path) -> None:
    await busy(world)
    source, backup = world.bot._settings.data_dir, tmp_path / "backup"
    assert live(source, "SELECT count(*) FROM originals") != [(0,)]
    assert live(source, "SELECT count(*) FROM ballots") == [(3,)]
    secret = [row[0] for row in live(source, "SELECT urn_key FROM polls")]
    secret += [row[0] for row in live(source, "SELECT sealed FROM ballots UNION SELECT key FROM originals")]
    await world.say("tove", "vote 102")
    soon = f"until <= {ticks(world.clock.now() + VOTES_LIE_FOR)}"
    talk = live(source, f"SELECT sealed FROM dialogs WHERE {soon}")  # noqa: S608
    assert talk
    secret += [row[0] for row in talk]
    await back_up(world, backup)

    written = bytes_below(backup)
    assert not [one for one in secret if one in written]
    secret = [(tmp_path / "master.key").read_bytes(), b"Planted", b"Quillwort", b"master"]
    assert not [one for one in secret if one in written]
    for table in ("originals", "original_pictures", "ballots", "invitations", "checkpoints"):
        assert rows(backup, f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608
    assert rows(backup, "SELECT urn_key, tally, releases FROM polls") == [(None, None, None)]
    assert rows(backup, "SELECT count(*) FROM inbox WHERE sealed IS NOT NULL") == [(0,)]
    assert rows(backup, "SELECT count(*) FROM outbox WHERE member <> '' AND payload IS NOT NULL") == [(0,)]
    assert rows(backup, "SELECT count(*) FROM drafts") == [(1,)]
    assert WIZARD_FOR < VOTES_LIE_FOR > EARLY_FOR
    assert rows(backup, f"SELECT count(*) FROM dialogs WHERE {soon}") == [(0,)]  # noqa: S608
    assert rows(backup, "SELECT count(*) FROM dialogs") != [(0,)]
    assert sorted(file.name for file in backup.iterdir()) == [
        "content.db",
        "manifest.json",
        "roster.db",
        "vault.db",
    ]
    assert {file.stat().st_mode & 0o777 for file in backup.iterdir()} == {0o600}
    assert backup.stat().st_mode & 0o777 == 0o700


async def test_what_left_after_the_backup_is_not_sent_again(world: World, tmp_path: Path) -> None:
    await posted(world)
    await world.command("ravi", "comment 101 It looks worn in.")
    await back_up(world, tmp_path / "backup")
    waiting = rows(tmp_path / "backup", "SELECT tried FROM outbox WHERE ended = 0")
    assert waiting
    assert set(waiting) == {(1,)}
    assert live(world.bot._settings.data_dir, "SELECT count(*) FROM outbox WHERE ended = 0 AND tried") == [
        (0,)
    ]
    await world.wait(UNDO + 5)
    await restore(world, tmp_path / "backup", tmp_path / "machine")

    async with going_on(world, tmp_path / "machine", tmp_path / "after") as after:
        await after.wait(UNDO + 5)
        for room in (after.forms, after.words):
            assert len([words for words in after.room(room) if "worn in" in words]) == 1


async def test_t47_a_backup_under_load_is_one_instant_between_its_begin_and_its_end(
    world: World, tmp_path: Path
) -> None:
    await posted(world)
    said: list[int] = []
    begun = asyncio.Event()

    async def talk() -> None:
        for number in range(COMMENTS):
            await world.say(TALKERS[number % 4], f"comment 101 Word {number} of many.")
            said.append(number)
            if number == COMMENTS // 8:
                begun.set()

    async def welcome() -> None:
        for number in range(12):
            account = world.forms.account(f"new{number}")
            await world.bot.wall.joining.enrol(
                account, f"New {number}", "Cardiology", Role.PHYSICIAN, by="test"
            )

    talking, welcoming = asyncio.create_task(talk()), asyncio.create_task(welcome())
    await begun.wait()
    before = len(said)
    await back_up(world, tmp_path / "backup")
    after = len(said)
    await asyncio.gather(talking, welcoming)

    kept = [text for (text,) in rows(tmp_path / "backup", "SELECT text FROM comments ORDER BY row")]
    assert kept == [f"Word {number} of many." for number in range(len(kept))]
    assert before <= len(kept) <= after + 1
    assert after < COMMENTS
    for name in ("content", "vault", "roster"):
        assert rows(tmp_path / "backup", "PRAGMA integrity_check", name) == [("ok",)]
    await restore(world, tmp_path / "backup", tmp_path / "machine")

    async with going_on(world, tmp_path / "machine", tmp_path / "after") as again:
        enrolled = {one.member for _, one in await again.bot.wall.accounts.all()}
        members = {row[0] for row in live(tmp_path / "after" / "var", "SELECT id FROM members")}
        assert enrolled == members
        await again.wait(UNDO + 5)
        shown = [words for words in again.room(again.forms) if "of many" in words]
        assert len(shown) == len(set(shown)) >= len(kept)
