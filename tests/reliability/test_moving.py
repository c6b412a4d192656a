"""From files to a server: everything is there afterwards, and a move that stopped goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table

from bot.bootstrap.moving import move_databases
from bot.chat.cards import note
from bot.domain.members import MemberId, listed
from bot.ports.outbox import Telling
from storage import moving
from storage.copying import Fingerprint
from storage.refused import StorageRefused
from tests import server
from tests.stories.world import World, enrol_everybody, open_world

pytestmark = [
    pytest.mark.sqlite,
    pytest.mark.skipif(bool(server.missing_postgres()), reason=server.missing_postgres() or "there"),
]


INBOX = "content.inbox"


@pytest.fixture
def two_folders(tmp_path: Path) -> tuple[Path, Path]:
    folders = tmp_path / "one", tmp_path / "two"
    for folder in folders:
        folder.mkdir()
    return folders


async def lived_in(folder: Path, life: int = 1) -> World:
    """An installation on files with a case, a comment and homes full of news."""
    async with open_world(folder, undo=0, life=life) as world:
        await enrol_everybody(world)
        await world.settle()
        await world.command("ben", "case")
        await world.submit("ben", {"story": "It began with a soft lamp.", "question": "What next?"})
        await world.post("ben")
        await world.command("cleo", "comment 101 the border is sharp")
        await world.say("ravi", "follow 101")
        return world


def watched() -> tuple[dict[str, Fingerprint], moving.Watcher]:
    seen: dict[str, Fingerprint] = {}
    return seen, seen.__setitem__


async def test_after_a_move_everything_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await lived_in(tmp_path)
    there = server.places_on_postgres(tmp_path / "var")
    seen, watcher = watched()
    moved = await move_databases(world.bot._settings, there.content_url, there.vault_url, watcher)
    assert moved.content > 20
    assert moved.vault > 20
    assert seen["content.cases"].rows == 1
    assert seen["vault.accounts"].rows == 8
    assert not (tmp_path / "var" / "content.db").exists()
    monkeypatch.setattr(server, "ON_POSTGRES", True)
    async with open_world(tmp_path, undo=0, life=2) as after:
        assert "soft lamp" in await after.command("ben", "show 101")
        await after.command("dara", "comment 101 the border is pale")
        assert any("the border is pale" in shown for shown in after.room(after.words))
        await after.command("ada", "case")
        await after.submit("ada", {"story": "A second lamp flickers.", "question": "And now?"})
        await after.post("ada")
        assert "#102" in await after.command("ada", "show 102")
        assert "#101" in await after.command("ada", "find next")


async def test_whoever_is_on_a_list_is_told_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(tmp_path, undo=0) as world:
        content, tomorrow = world.bot._content, world.clock.now() + timedelta(days=1)
        content.listed.clear()
        members = listed(MemberId(f"{number:032x}") for number in range(150))
        async with content.work() as work:
            await work.outbox.tell_all(Telling(members, note("come"), note("news"), "k", tomorrow))
    there = server.places_on_postgres(tmp_path / "var")
    seen, watcher = watched()
    await move_databases(world.bot._settings, there.content_url, there.vault_url, watcher)
    assert seen["content.tellings"].rows == seen["content.listed_members"].rows == 1
    monkeypatch.setattr(server, "ON_POSTGRES", True)
    async with open_world(tmp_path, undo=0, life=2) as after:
        await after.bot._content.spreading.spread()
        assert (await after.bot.queue.depth())["waiting"] == 150
        async with after.bot._content.work() as work:
            assert await work.outbox.hold_back("")
    ((lists,),) = server.look(tmp_path / "var", "content", "SELECT count(*) FROM tellings")
    assert lists == 0


async def test_a_move_that_stopped_goes_on_and_copies_no_table_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = await lived_in(tmp_path)
    there = server.places_on_postgres(tmp_path / "var")
    copied: list[str] = []
    copy = moving._copy

    async def cut_off(side: moving.Side, table: Table) -> None:
        name = f"{side.history.name}.{table.name}"
        if name == INBOX and INBOX not in copied:
            copied.append(INBOX)
            raise KeyboardInterrupt
        copied.append(name)
        await copy(side, table)

    monkeypatch.setattr(moving, "_copy", cut_off)
    _, watcher = watched()
    addresses = (there.content_url, there.vault_url)
    with pytest.raises(KeyboardInterrupt):
        await move_databases(world.bot._settings, *addresses, watcher)
    assert (tmp_path / "var" / "content.db").exists()
    before = [name for name in copied if name != INBOX]
    moved = await move_databases(world.bot._settings, *addresses, watcher)
    assert moved.content > 20
    assert all(copied.count(name) == 1 for name in before)


async def test_a_server_that_holds_something_else_is_refused(two_folders: tuple[Path, Path]) -> None:
    one, two = two_folders
    first, second = await lived_in(one), await lived_in(two, life=2)
    there = server.places_on_postgres(one / "var")
    addresses = (there.content_url, there.vault_url)
    _, watcher = watched()
    await move_databases(first.bot._settings, *addresses, watcher)
    with pytest.raises(StorageRefused, match="belongs to another installation"):
        await move_databases(second.bot._settings, *addresses, watcher)
    assert (two / "var" / "content.db").exists()
    with pytest.raises(StorageRefused, match="nothing to move"):
        await move_databases(first.bot._settings, *addresses, watcher)
