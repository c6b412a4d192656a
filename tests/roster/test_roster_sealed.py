"""The hospital's list lies sealed: nothing of it can be read without the keys, whatever version wrote it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.members import Role
from bot.domain.roster import ListedRow
from bot.identity.sealing import AesSealer
from bot.ports.sealing import SealBroken
from storage.files import private_folder
from storage.migrating import step
from storage.refused import StorageRefused
from storage.roster.roster import HISTORY, StaffedRoster, open_roster, open_staffed_roster
from storage.sqlite import SqliteDatabase
from tests.identity.test_resealing import lived_in
from tests.roster.desk import Desk, keys
from tests.roster.files import ADA
from tests.roster.test_roster_list import BO, LIST, take
from tests.stories.world import bytes_below

WORDS = (b"lind falk", b"A17", b"B18", b"Dermatology")
OLD = "INSERT INTO listed VALUES (?, ?, 'm', 'Vanoldlist', 'Paediatrics', 'trainee')"
CY = ListedRow("C19", "cy", "m", "Vanoldlist", "Paediatrics", Role.TRAINEE)


async def test_nothing_of_a_list_lies_open(desk: Desk, data_dir: Path) -> None:
    await take(desk, LIST)
    await take(desk, LIST.replace("B 18", "C 19"))

    assert [word for word in WORDS if word.lower() in bytes_below(data_dir).lower()] == []
    await desk.roster.close()
    assert [word for word in WORDS if word.lower() in bytes_below(data_dir).lower()] == []


async def test_nobody_else_finds_a_number_and_no_row_can_be_swapped(desk: Desk, data_dir: Path) -> None:
    await take(desk, LIST)
    other = await open_staffed_roster(data_dir, keys(1))

    assert await other.listed("A17") is None
    with pytest.raises(StorageRefused, match="was sealed with another key; import it again"):
        await other.require_key()
    await other.close()
    await desk.roster.require_key()

    with closing(sqlite3.connect(data_dir / "roster.db")) as raw:
        (one, other_one) = raw.execute("SELECT sealed FROM staff").fetchall()
        raw.execute(
            "UPDATE staff SET sealed = CASE sealed WHEN ? THEN ? ELSE ? END", (*one, *other_one, *one)
        )
        raw.commit()
    with pytest.raises(SealBroken):
        await desk.roster.listed("A17")


async def test_the_list_is_sealed_again_after_a_rotation(tmp_path: Path) -> None:
    async with lived_in(tmp_path, people=0) as house:
        roster = await open_staffed_roster(tmp_path / "var", AesSealer(house.keys, house.chance))
        await take(Desk(roster, tmp_path), LIST)
        before = await house.rotate()
        assert await roster.sealed.use() == {before: 2}

        await house.care(house.vault.sealed, house.content.sealed, roster.sealed).tend()

        assert await roster.sealed.use() == {house.keys.current: 2}
        assert house.keys.current != before
        assert await roster.listed("B18") == BO
        await roster.close()


async def open_list(data_dir: Path, people: int) -> None:
    """Leave a list as the version before left it, and one before that in pages that nothing uses."""
    private_folder(data_dir)
    database = SqliteDatabase(data_dir / "roster.db")
    async with database.transaction() as connection:
        await step(connection, HISTORY, "0002")
    await database.close()
    with closing(sqlite3.connect(data_dir / "roster.db")) as raw:
        raw.execute("PRAGMA secure_delete = OFF")
        raw.executemany(OLD, [(f"A{number}", "Vanbefore") for number in range(people)])
        raw.commit()
        raw.execute("DELETE FROM listed")
        raw.executemany(OLD, [("C19", "cy"), ("D20", "dee")])
        raw.commit()


async def test_a_list_of_an_earlier_version_is_sealed_and_nothing_stays(tmp_path: Path) -> None:
    data_dir = tmp_path / "var"
    await open_list(data_dir, people=500)
    assert b"Vanbefore" in bytes_below(data_dir)

    unsealing = await open_roster(data_dir)
    assert await unsealing.by_npi(ADA) is None
    await unsealing.close()
    for _ in range(2):
        roster = await open_staffed_roster(data_dir, keys())
        assert await roster.listed("c-19") == CY
        assert [word for word in (b"Vanoldlist", b"Vanbefore", b"C19") if word in bytes_below(data_dir)] == []
        await roster.close()


async def test_a_list_that_cannot_be_sealed_now_is_sealed_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data_dir = tmp_path / "var"
    await open_list(data_dir, people=3)
    await (await open_roster(data_dir)).close()
    with monkeypatch.context() as hasty, closing(sqlite3.connect(data_dir / "roster.db")) as another:
        hasty.setattr(StaffedRoster, "_pragmas", ("PRAGMA busy_timeout = 50",))
        another.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageRefused, match=r"cannot be sealed \(database is locked\)"):
            await open_staffed_roster(data_dir, keys())

    roster = await open_staffed_roster(data_dir, keys())
    assert await roster.listed("C19") == CY
    await roster.close()
