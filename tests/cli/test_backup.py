"""`curbside backup` and `restore`: what they say and leave on disk, and a sentence for what is wrong."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

import pytest

from bot.bootstrap import Bot, SystemChance
from bot.bootstrap.backup import seal_of
from bot.chat.events import Account
from bot.cli import perform
from bot.cli.checks.parts import parts
from bot.cli.database import _NO_WAY_BACK
from bot.cli.opening import open_bot
from bot.config import load
from bot.domain.members import Role
from bot.identity.keys import create_key_file
from bot.identity.sealing import AesSealer
from bot.ports.adapter import ConfigurationRefused
from storage.backup import MOVING, STAGE, digest_of, layout_in
from storage.content.store import HISTORY
from storage.manifest import read_manifest
from storage.migrating import _downgrade
from storage.roster.roster import HISTORY as ROSTER
from storage.sqlite import SqliteDatabase
from storage.vault.keyring import open_keys
from storage.vault.vault import HISTORY as VAULT
from tests.cli.stage import Terminal
from tests.storage.templates import lay_out

ADA = Account("matrix", "city.example", "@ada:city.example")


_KEPT: dict[str, Path] = {}
"""An installation and its backup, made once in each process."""


@pytest.fixture
def shell(terminal: Terminal, tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """A data folder with one member in it."""
    if "first" not in _KEPT:
        _KEPT["first"] = tmp_path_factory.mktemp("first")
        (terminal.folder / "keys").mkdir()
        create_key_file(terminal.folder / "keys" / "master.key", SystemChance())
        lay_out(terminal.folder / "var")
        asyncio.run(enrol(terminal))
        assert terminal.type("backup", "copy").code == 0
        for name in ("keys", "var", "copy"):
            copytree(terminal.folder / name, _KEPT["first"] / name, ignore=ignore_patterns("*.bell"))
            rmtree(terminal.folder / name)
    for name in ("keys", "var"):
        copytree(_KEPT["first"] / name, terminal.folder / name)
    return terminal


async def enrol(terminal: Terminal) -> None:
    bot = await Bot.open(load(terminal.folder / "curbside.toml"), adapters=())
    try:
        await bot.wall.joining.enrol(ADA, "Ada Lind", "Cardiology", Role.PHYSICIAN, by="test")
    finally:
        await bot.stop()


async def is_member(terminal: Terminal) -> bool:
    bot = await Bot.open(load(terminal.folder / "curbside.toml"), adapters=())
    try:
        return await bot.wall.who(ADA) is not None
    finally:
        await bot.stop()


def backed_up(shell: Terminal) -> Path:
    return copytree(_KEPT["first"] / "copy", shell.folder / "copy")


def emptied(shell: Terminal) -> Path:
    """Move the data folder aside, as after a broken disk."""
    (shell.folder / "var").rename(shell.folder / "broken")
    return shell.folder / "var"


def changed(manifest: Path, change: Callable[[dict[str, object]], object]) -> None:
    told = json.loads(manifest.read_text())
    change(told)
    manifest.write_text(json.dumps(told))


def test_a_backup_comes_back_in_an_empty_folder(shell: Terminal) -> None:
    ended = shell.type("backup", "copy")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("copy holds the backup of 20")
    assert "is not in it. Keep a copy of that in another place." in ended.out
    var = emptied(shell)

    ended = shell.type("restore", "copy")
    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith(f"{var} is as it was on 20")
    assert "a newer tombstones file" in ended.out
    assert asyncio.run(is_member(shell))
    assert {file.name for file in var.iterdir() if file.suffix != ".lock"} == {
        "content.db",
        "roster.db",
        "vault.db",
    }


def test_both_say_the_same_as_json(shell: Terminal) -> None:
    taken = json.loads(shell.type("backup", "copy", "--json").out)
    emptied(shell)
    restored = json.loads(shell.type("restore", "copy", "--json").out)
    assert restored == {"taken": taken["taken"], "rows": taken["rows"], "left_since": 0}
    assert restored["rows"] > 5


def test_a_backup_never_goes_where_something_lies(shell: Terminal) -> None:
    (shell.folder / "full").mkdir()
    (shell.folder / "full" / "letter").touch()
    (shell.folder / "file").touch()
    for folder, said in (
        ("full", "full is not empty; give the backup a folder of its own."),
        ("var/copy", "var/copy lies inside data_dir, where a backup helps nobody; choose another."),
        ("file", "The folder file cannot be made (File exists)."),
    ):
        ended = shell.type("backup", folder)
        assert (ended.code, ended.out, ended.err) == (2, "", f"curbside: {said}\n")
    assert [file.name for file in (shell.folder / "full").iterdir()] == ["letter"]


def test_where_there_is_nothing_or_an_older_layout_there_is_no_backup(shell: Terminal) -> None:
    with closing(sqlite3.connect(shell.folder / "var" / "content.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0022'")
    ended = shell.type("backup", "copy")
    assert ended.code == 2
    assert f"has an older layout (0022, this version has {HISTORY.head})." in ended.err
    emptied(shell)
    ended = shell.type("backup", "copy")
    assert ended.code == 2
    assert "There is no content database in" in ended.err
    assert not (shell.folder / "copy").exists()


def test_a_restore_never_goes_over_something(shell: Terminal) -> None:
    backed_up(shell)
    ended = shell.type("restore", "copy")
    assert ended.code == 2
    assert "is not empty (content.bell)" in ended.err or "is not empty (content.db)" in ended.err
    assert "put nothing but its file tombstones into the new one." in ended.err


def damage(folder: Path) -> None:
    data = bytearray((folder / "content.db").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "content.db").write_bytes(data)


def other_rows(told: dict[str, object]) -> None:
    told["taken"] = "2031-01-01T00:00+00:00"


def newer_layout(told: dict[str, object]) -> None:
    databases = told["databases"]
    assert isinstance(databases, dict)
    databases["vault"]["version"] = "9999"
    told["curbside"] = "9.9"


NEWER = "This backup was taken by a newer version of Curbside (9.9); install that, then restore."
DAMAGES = {
    "a flipped bit": (damage, "This backup is damaged (content.db is not as it was written)"),
    "a missing file": (lambda folder: (folder / "vault.db").unlink(), "(vault.db is missing)"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "copy holds no whole backup"),
    "half a manifest": (
        lambda folder: (folder / "manifest.json").write_text('{"format": 1'),
        "This backup is damaged (manifest.json)",
    ),
    "a changed manifest": (
        lambda folder: changed(folder / "manifest.json", other_rows),
        "(its manifest was changed)",
    ),
    "a newer layout": (lambda folder: changed(folder / "manifest.json", newer_layout), NEWER),
    "a newer format": (
        lambda folder: changed(folder / "manifest.json", lambda told: told.update(format=2, curbside="9.9")),
        NEWER,
    ),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_what_is_not_whole_or_too_new_changes_nothing(shell: Terminal, what: str) -> None:
    act, said = DAMAGES[what]
    act(backed_up(shell))
    var = emptied(shell)
    ended = shell.type("restore", "copy")
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert ended.err.count("\n") == 1
    assert not var.exists() or not list(var.iterdir())


def test_another_key_opens_no_backup(shell: Terminal) -> None:
    backed_up(shell)
    var, key = emptied(shell), shell.folder / "keys" / "master.key"
    key.unlink()
    create_key_file(key, SystemChance())
    ended = shell.type("restore", "copy")
    assert ended.code == 2
    assert f"curbside: {key} is not the key of this backup of 20" in ended.err
    assert "name the one of that time as key_file." in ended.err
    assert list(var.iterdir()) == []


def test_after_a_restore_that_stopped_no_bot_starts_until_it_was_given_again(shell: Terminal) -> None:
    backed_up(shell)
    var = emptied(shell)
    (var / STAGE).mkdir(parents=True)
    (var / STAGE / MOVING).touch()
    (var / "vault.db").write_bytes(b"half of a copy")
    with pytest.raises(ConfigurationRefused, match="has not ended; give `curbside restore` with the same"):
        asyncio.run(is_member(shell))
    assert shell.type("restore", "copy").code == 0
    assert not (var / STAGE).exists()
    assert asyncio.run(is_member(shell))


async def down(file: Path) -> None:
    """Take a content database back to the layout before this version's."""
    database = SqliteDatabase(file)
    async with database.transaction() as connection:
        await connection.run_sync(_downgrade, HISTORY, "0022")
    await database.close()


def test_a_backup_of_an_earlier_version_comes_back_in_this_layout(shell: Terminal) -> None:
    folder, var, key = backed_up(shell), shell.folder / "var", shell.folder / "keys" / "master.key"
    asyncio.run(down(folder / "content.db"))
    told = read_manifest(folder)
    copied = replace(told.databases["content"], version="0022", sha256=digest_of(folder / "content.db"))
    aged = replace(told, databases={**told.databases, "content": copied})
    sealer = AesSealer(asyncio.run(open_keys(var, key, SystemChance())), SystemChance())
    (folder / "manifest.json").write_text(replace(aged, seal=seal_of(aged, sealer)).write())
    emptied(shell)
    assert shell.type("restore", "copy").code == 0
    assert asyncio.run(layout_in(var, HISTORY)) == HISTORY.head
    assert asyncio.run(is_member(shell))


def test_an_upgrade_says_from_where_to_where_and_that_there_is_no_way_back(shell: Terminal) -> None:
    var = shell.folder / "var"
    (var / "roster.db").unlink()
    asyncio.run(down(var / "content.db"))
    code = perform(["db", "upgrade"])
    assert code == 0
    assert shell.captured.readouterr().out.splitlines() == [
        f"content  0022 -> {HISTORY.head}",
        f"vault    {VAULT.head}, as it was",
        f"roster   made, {ROSTER.head}",
        _NO_WAY_BACK,
    ]
    assert perform(["db", "upgrade", "--json"]) == 0
    told = json.loads(shell.captured.readouterr().out)
    assert told["content"] == {"from": HISTORY.head, "to": HISTORY.head}


NEWER_DATABASE = "database was written by a newer version of Curbside; run that version, or restore a backup"


@pytest.mark.parametrize("name", ["content", "vault", "roster"])
def test_a_database_of_a_newer_version_stops_every_command(shell: Terminal, name: str) -> None:
    with closing(sqlite3.connect(shell.folder / "var" / f"{name}.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    commands = ("run", "backup copy", "keys rotate" if name == "vault" else "keys status")
    for command in commands:
        code, said = perform(command.split()), shell.captured.readouterr()
        assert (code, said.out) == (2, ""), command
        assert f"The {name} {NEWER_DATABASE}" in said.err, command
        assert said.err.count("\n") == 1, command


async def said_of_the_parts(shell: Terminal) -> list[str]:
    """Give what the doctor says of databases that do not open."""
    settings = load(shell.folder / "curbside.toml")
    return [f"{check.state} {check.remedy}" async for check in parts(settings, open_bot)]


def test_the_doctor_names_a_database_of_a_newer_version(shell: Terminal) -> None:
    with closing(sqlite3.connect(shell.folder / "var" / "roster.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    (said,) = asyncio.run(said_of_the_parts(shell))
    assert said.startswith("fail ")
    assert f"The roster {NEWER_DATABASE}" in said


def test_the_doctor_tells_a_wrong_key_from_a_missing_one(shell: Terminal) -> None:
    key = shell.folder / "keys" / "master.key"
    key.unlink()
    assert asyncio.run(said_of_the_parts(shell)) == ["fail could not be tried without the key file"]
    create_key_file(key, SystemChance())
    (said,) = asyncio.run(said_of_the_parts(shell))
    assert "This is not the key of this data folder; put the right key file back." in said


def test_what_came_back_by_hand_meanwhile_is_not_touched(shell: Terminal) -> None:
    backed_up(shell)
    (shell.folder / "var" / STAGE).mkdir()
    before = (shell.folder / "var" / "vault.db").read_bytes()
    ended = shell.type("restore", "copy")
    assert ended.code == 2
    assert "is not empty" in ended.err
    assert (shell.folder / "var" / "vault.db").read_bytes() == before


def test_a_disk_that_is_full_is_one_sentence(shell: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(ENOSPC, "No space left on device")

    folder, var = backed_up(shell), emptied(shell)
    monkeypatch.setattr("bot.bootstrap.restoring.copy_file", full)
    ended = shell.type("restore", str(folder))
    assert ended.code == 2
    assert ended.err == (
        f"curbside: The backup could not be put into {var} (No space left on device); mend that, and restore"
        " again.\n"
    )
    assert list(var.iterdir()) == []
