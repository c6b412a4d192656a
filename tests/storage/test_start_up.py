"""Start-up says no in one clear sentence, and leaves the files as they were."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path

import pytest

from bot.chat.cards import note
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from storage.content.store import ContentStore, open_content
from storage.refused import StorageRefused
from storage.vault.vault import VaultStore, open_vault
from tests.server import places
from tests.storage.due import due
from tests.storage.handed_in import ROOMS, START, SeededChance, StillClock


@pytest.fixture
def stranger(chance: SeededChance) -> AesSealer:
    return AesSealer(MasterKey(bytes(range(1, 33))), chance)


async def reopen(folder: Path, sealer: AesSealer, chance: SeededChance) -> ContentStore:
    return await open_content(places(folder), sealer, rooms=ROOMS, clock=StillClock(), chance=chance)


async def test_the_wrong_key_is_refused_and_the_right_one_still_fits(
    tmp_path: Path, sealer: AesSealer, stranger: AesSealer, chance: SeededChance
) -> None:
    await (await reopen(tmp_path, sealer, chance)).close()
    await (await open_vault(places(tmp_path), sealer)).close()
    with pytest.raises(StorageRefused, match="not the one that the content database was sealed with"):
        await reopen(tmp_path, stranger, chance)
    with pytest.raises(StorageRefused, match="not the one that the vault database was sealed with"):
        await open_vault(places(tmp_path), stranger)
    await (await reopen(tmp_path, sealer, chance)).close()
    await (await open_vault(places(tmp_path), sealer)).close()


async def test_what_was_kept_is_there_when_it_is_opened_again(
    tmp_path: Path, sealer: AesSealer, chance: SeededChance
) -> None:
    for expected in (101, 102):
        content = await reopen(tmp_path, sealer, chance)
        vault = await open_vault(places(tmp_path), sealer)
        async with content.work() as work:
            assert await work.cases.next_number() == expected
        await content.close()
        await vault.close()


@pytest.mark.sqlite
async def test_two_bots_on_one_database_are_refused(
    content: ContentStore, vault: VaultStore, tmp_path: Path, sealer: AesSealer, chance: SeededChance
) -> None:
    await content.own()
    await vault.own()
    other, other_vault = (
        await reopen(tmp_path / "var", sealer, chance),
        await open_vault(places(tmp_path / "var"), sealer),
    )
    with pytest.raises(StorageRefused, match="Another Curbside is running"):
        await other.own()
    with pytest.raises(StorageRefused, match="Another Curbside is running"):
        await other_vault.own()
    await content.close()
    await other.own()
    await other.close()
    await other_vault.close()


async def test_the_shell_may_write_beside_a_running_bot(
    content: ContentStore, tmp_path: Path, sealer: AesSealer, chance: SeededChance
) -> None:
    await content.own()
    shell = await reopen(tmp_path / "var", sealer, chance)
    async with shell.work() as work:
        assert await work.cases.next_number() == 101
    await shell.close()
    async with content.work() as work:
        assert await work.cases.next_number() == 102


async def test_what_the_shell_puts_into_the_outbox_wakes_the_running_bot(
    content: ContentStore, tmp_path: Path, sealer: AesSealer, chance: SeededChance
) -> None:
    woken = asyncio.Event()
    content.changed.append(woken.set)
    await content.own()
    shell = await reopen(tmp_path / "var", sealer, chance)
    for number in range(2):
        async with shell.work() as work:
            await work.outbox.post(f"case:{number}", note("x"), release_at=START)
        await asyncio.wait_for(woken.wait(), 5)
        woken.clear()
    await shell.close()


async def test_ringing_at_an_empty_house_harms_nobody(content: ContentStore) -> None:
    async with content.work() as work:
        await work.outbox.post("case:1", note("x"), release_at=START)
    await content.own()
    await content.close()
    assert await due(content.queue, START) == ("room:north", "room:south")


@pytest.mark.sqlite
@pytest.mark.parametrize("name", ["content", "vault"])
async def test_a_file_that_is_no_database_is_refused_and_kept(
    tmp_path: Path, sealer: AesSealer, chance: SeededChance, name: str
) -> None:
    damaged = b"this was never a database, whatever its name says. " * 100
    (tmp_path / f"{name}.db").write_bytes(damaged)
    with pytest.raises(StorageRefused, match=f"The {name} database cannot be read"):
        await (
            reopen(tmp_path, sealer, chance) if name == "content" else open_vault(places(tmp_path), sealer)
        )
    assert (tmp_path / f"{name}.db").read_bytes() == damaged


@pytest.mark.sqlite
async def test_all_files_are_their_owners_alone(
    content: ContentStore, vault: VaultStore, tmp_path: Path
) -> None:
    await content.own()
    async with content.work() as work:
        await work.cases.next_number()
    files = sorted((tmp_path / "var").iterdir())
    named = {"content.bell", "content.db", "content.db-wal", "content.lock", "vault.db"}
    assert named <= {file.name for file in files}
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700
