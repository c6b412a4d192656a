"""Sealing again after a rotation: every column, beside whoever writes, and the old key leaves the ring."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, MetaData, text

from bot.domain.members import Role
from bot.domain.poll_tally import Counts
from bot.domain.polls import Ballot, Poll
from bot.identity.keyring import LiveKeys
from bot.identity.keys import create_key_file
from bot.identity.resealing import KeyCare
from bot.identity.rotation import KeyFiles, Rotated, rotate
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.ports.resealing import SealedRows
from storage.content.sealed import SEALED
from storage.content.store import ContentStore, open_content
from storage.content.tables import metadata as content_tables
from storage.resealing import SealedValues
from storage.vault.keyring import drop_keys, keyring_rows, open_keys
from storage.vault.sealed import sealed_columns
from storage.vault.tables import metadata as vault_tables
from storage.vault.vault import VaultStore, open_vault
from tests.storage.handed_in import ROOMS, SeededChance, StillClock, disk
from tests.storage.test_planted import account, event, live

NOT_UNDER_THE_RING = {
    "accounts.index",
    "applications.index",
    "hard_keys.index",
    "mailboxes.route",
    "member_accounts.route",
    "links.index",
    "personae.index",
    "vouches.index",
    "routing.index",
    "signals.signal",
    "signals.owner",
    "home_postings.message",
    "listed_members.members",
    "home_postings.subject",
    "secrets.name",
    "audit.mac",
    "inbox.key",
    "dialogs.key",
    "standings.key",
    # Under the master key, and under keys of their own.
    "keyring.sealed",
    "originals.sealed",
    "original_pictures.sealed",
}
"""Columns of bytes that are keyed hashes, or sealed under something else than the ring."""


class House:
    """An installation with people in it, its ring and its key file."""

    def __init__(self, folder: Path, keys: LiveKeys, vault: VaultStore, content: ContentStore) -> None:
        self.folder, self.keys, self.vault, self.content = folder, keys, vault, content
        self.chance, self.clock = SeededChance(5), StillClock()
        self.key = folder / "master.key"
        self.wall = Wall(vault, content, AesSealer(keys, self.chance), chance=self.chance, clock=self.clock)

    def care(self, *more: SealedRows) -> KeyCare:
        drop = partial(drop_keys, self.folder / "var", self.key, self.chance)
        databases = more or (self.vault.sealed, self.content.sealed)
        return KeyCare(self.keys, databases, drop, self.wall.audit)

    async def rotate(self) -> bytes:
        """Rotate beside the running bot, as the shell does; gives the id of the key that sealed before."""
        before = self.keys.current

        async def note(_ring: object, key_id: str) -> None:
            await self.wall.audit.append("keys_rotated", by="shell", reference=key_id)

        async with keyring_rows(self.folder / "var") as rows:
            assert await rotate(KeyFiles(self.key), rows, self.chance, note) is Rotated.ROTATED
        return before


@asynccontextmanager
async def lived_in(folder: Path, people: int = 4) -> AsyncIterator[House]:
    chance, clock = SeededChance(3), StillClock()
    key = folder / "master.key"
    if not key.exists():
        create_key_file(key, chance)
    keys = await open_keys(folder / "var", key, chance)
    sealer = AesSealer(keys, chance)
    vault = await open_vault(folder / "var", sealer)
    content = await open_content(folder / "var", sealer, rooms=ROOMS, clock=clock, chance=chance)
    house = House(folder, keys, vault, content)
    for number in range(people):
        await live(number, house.wall, content, clock)
    try:
        yield house
    finally:
        await content.close()
        await vault.close()


async def ask_poll(house: House) -> Poll:
    known = await house.wall.who(account(0))
    assert known is not None
    poll = Poll("p1", 101, known.member, "Biopsy?", ("yes", "no"), house.clock.now())
    async with house.content.work() as work:
        await work.polls.add(poll, b"planted-urn-key-" * 2)
        for voter in ("a", "b"):
            await work.polls.cast(poll, Ballot("p1", voter, (1,)))
    return poll


@pytest.mark.parametrize("tables", [content_tables, vault_tables], ids=["content", "vault"])
def test_every_column_of_bytes_is_sealed_again_or_said_not_to_be(tables: MetaData, sealer: AesSealer) -> None:
    listed = {f"{one.table.name}.{one.name}" for one in (*SEALED, *sealed_columns(sealer))}
    held = {
        str(column)
        for table in tables.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    assert held - NOT_UNDER_THE_RING == {one for one in listed if one in held}
    assert held <= listed | NOT_UNDER_THE_RING


async def test_everything_comes_under_the_new_key_and_still_opens(tmp_path: Path) -> None:
    async with lived_in(tmp_path) as house:
        poll = await ask_poll(house)
        former = await house.rotate()
        care = house.care()
        before = await care.use()
        # One entry was written under the former key by the rotation itself.
        assert set(before) == {former}

        assert await care.tend() == before[former]

        assert set(await care.use()) == {house.keys.current}
        assert house.keys.current != former
        for number in range(4):
            known = await house.wall.who(account(number))
            assert known is not None
            assert await house.wall.mailbox(known.member) == account(number)
            assert await house.wall.home.subject(account(number), f"remote{number}q") == "case:1"
            cabinet = house.wall.cabinet("slack:north")
            assert await cabinet.get(f"secret{number}q") == f"secret{number}q".encode()
            async with house.content.work() as work:
                (draft,) = await work.drafts.of_member(known.member)
                assert draft.source is not None
                assert draft.source.fields == {"story": f"typedstory{number}q"}
                assert await work.drafts.uncovered(draft, "p1") == f"uncovered{number}q".encode() * 9
                picture = await work.pictures.get(f"m{number}")
                assert picture is not None
                assert await work.dialogs.get(house.wall.talk_key(account(number)))
            claimed = await house.content.queue.claim(f"home:{known.member}", house.clock.now())
            assert claimed is not None
        waiting = [one.event for one in await house.content.inbox.waiting()]
        assert waiting == [event(number) for number in (1, 2, 3)]
        async with house.content.work() as work:
            assert (await work.polls.urn(poll)).cells == {"": Counts(2, (0, 2))}
            assert (await work.polls.cast(poll, Ballot("p1", "a", (0,)))).replaced
            assert await work.polls.urn_key(poll) == b"planted-urn-key-" * 2


async def test_the_audit_chain_holds_when_its_entries_are_sealed_again(tmp_path: Path) -> None:
    async with lived_in(tmp_path, people=3) as house:
        care, audit = house.care(), house.wall.audit
        for turn in range(3):
            head = await audit.append("enrolled", by="shell", reference=f"E-{turn}")
            entries = await audit.entries()
            await house.rotate()
            await care.tend()
            assert (await audit.verify(head)).problem == ""
            assert (await audit.entries())[: len(entries)] == entries
        for change in (
            "UPDATE audit SET sealed = (SELECT sealed FROM audit WHERE number = 1) WHERE number = 2",
            "DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)",
        ):
            async with house.vault._database.transaction() as connection:
                await connection.execute(text(change))
            assert "audit chain" in (await audit.verify()).problem


async def test_a_key_under_which_nothing_lies_twice_in_a_row_leaves_the_ring(tmp_path: Path) -> None:
    async with lived_in(tmp_path) as house:
        former = await house.rotate()
        care = house.care()
        for _ in range(2):
            await care.tend()
            assert former in house.keys.ids
        await care.tend()
        assert house.keys.ids == {house.keys.current}
        assert house.keys.kek(former) is None
        assert (await house.wall.audit.entries())[-1].what == "key_dropped"
        assert (await house.wall.audit.verify()).problem == ""
    async with lived_in(tmp_path, people=0) as again:
        assert again.keys.ids == {again.keys.current}
        assert await again.wall.who(account(1)) is not None


async def test_a_value_sealed_late_under_the_former_key_keeps_it_on_the_ring(tmp_path: Path) -> None:
    """A shell that opened the ring before the rotation still seals with what it knows."""
    async with lived_in(tmp_path) as house:
        shell = AesSealer(await open_keys(tmp_path / "var", house.key, house.chance), house.chance)
        former = await house.rotate()
        care = house.care()
        for _ in range(2):
            await care.tend()
        late = Wall(house.vault, house.content, shell, chance=house.chance, clock=house.clock)
        await late.joining.enrol(account(9), "Late Example", "Surgery", Role.PHYSICIAN, by="shell")
        assert await care.tend() > 0
        await care.tend()
        assert former in house.keys.ids
        await care.tend()
        assert former not in house.keys.ids
        assert await house.wall.who(account(9)) is not None


async def test_nothing_under_the_former_key_stays_on_the_disk(tmp_path: Path) -> None:
    async with lived_in(tmp_path) as house:
        blobs: list[bytes] = []
        async with house.vault._database.reading() as connection:
            blobs += (await connection.execute(text("SELECT sealed FROM accounts"))).scalars().all()
        async with house.content._database.reading() as connection:
            blobs += (await connection.execute(text("SELECT sealed FROM drafts"))).scalars().all()
        assert all(blob[:40] in disk(tmp_path / "var") for blob in blobs)
        await house.rotate()
        await house.care().tend()
        assert not [blob for blob in blobs if blob[:40] in disk(tmp_path / "var")]


async def test_nothing_is_read_while_there_is_one_key_alone(tmp_path: Path) -> None:
    async with lived_in(tmp_path, people=1) as house:

        class Unread:
            async def use(self) -> dict[bytes, int]:
                raise AssertionError("read for nothing")

            async def reseal(self) -> int:
                raise AssertionError("read for nothing")

        assert await house.care(Unread()).tend() == 0


def between(patch: pytest.MonkeyPatch, act: Callable[[], Awaitable[object]]) -> None:
    """Let something happen once between the reading of a batch and its commit."""
    change = SealedValues._change
    done: list[bool] = []

    async def changing(self: SealedValues, *args: object) -> int:
        if not done:
            done.append(True)
            await act()
        return await change(self, *args)  # type: ignore[arg-type]

    patch.setattr(SealedValues, "_change", changing)


async def test_what_changes_meanwhile_is_not_overwritten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with lived_in(tmp_path) as house:
        await house.rotate()
        cabinet = house.wall.cabinet("slack:north")

        async def write() -> None:
            for number in range(4):
                await cabinet.put(f"secret{number}q", b"newer")

        between(monkeypatch, write)
        care = house.care()
        await care.tend()
        for number in range(4):
            assert await cabinet.get(f"secret{number}q") == b"newer"
        await care.tend()
        assert set(await care.use()) == {house.keys.current}


async def test_a_run_that_ends_half_way_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Died(Exception):
        pass

    async with lived_in(tmp_path, people=6) as house:
        former = await house.rotate()
        care = house.care(house.content.sealed, house.vault.sealed)
        monkeypatch.setattr("storage.resealing._AT_ONCE", 2)
        whole = (await care.use())[former]
        steps = 0
        change = SealedValues._change

        async def dying(self: SealedValues, *args: object) -> int:
            nonlocal steps
            steps += 1
            if steps == 5:
                raise Died
            return await change(self, *args)  # type: ignore[arg-type]

        with monkeypatch.context() as patch:
            patch.setattr(SealedValues, "_change", dying)
            with pytest.raises(Died):
                await care.tend()
        left = (await care.use())[former]
        assert 0 < left < whole
        assert await care.tend() == left
        assert set(await care.use()) == {house.keys.current}


async def test_a_broken_value_stays_and_keeps_its_key(tmp_path: Path) -> None:
    async with lived_in(tmp_path) as house:
        async with house.vault._database.transaction() as connection:
            await connection.execute(text("UPDATE mailboxes SET sealed = substr(sealed, 1, 600)"))
        former = await house.rotate()
        care = house.care()
        for _ in range(3):
            await care.tend()
        assert (await care.use())[former] == 4
        assert former in house.keys.ids


async def test_no_key_is_dropped_while_a_rotation_is_under_way(tmp_path: Path) -> None:
    async with lived_in(tmp_path, people=1) as house:
        former = await house.rotate()
        care = house.care()
        for _ in range(2):
            await care.tend()
        async with keyring_rows(tmp_path / "var") as rows:
            await rows.own()
            await care.tend()
            assert former in house.keys.ids
        house.key.rename(tmp_path / "away.key")
        await care.tend()
        assert former in house.keys.ids
        (tmp_path / "away.key").rename(house.key)
        await care.tend()
        assert former not in house.keys.ids
        assert [one.what for one in await house.wall.audit.entries()].count("key_dropped") == 1
