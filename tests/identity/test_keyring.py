"""The keyring: sealed under the master key, begun without losing a row, turned over at every boundary."""

from __future__ import annotations

import copy
import os
import pickle
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.identity.audit import Audit
from bot.identity.keyring import (
    INCOMING,
    PURPOSES,
    STANDING,
    Keyring,
    LiveKeys,
    fits,
    open_keyring,
    unsealed,
)
from bot.identity.keys import KeyRefused, MasterKey, create_key_file, load_master_key
from bot.identity.rotation import KeyFiles, Rotated, rotate
from bot.identity.sealing import AesSealer, key_id_of
from bot.ports.sealing import SealBroken
from storage.files import OwnerLock
from storage.vault.keyring import KeyringRows, keyring_rows, open_keys
from storage.vault.vault import open_vault
from tests.storage.handed_in import SeededChance, StillClock, disk

PLACE, VALUE = "accounts|sealed|00", b"Dr. Planted Example"
NOT_THE_KEY = "^This is not the key of this data folder"


class Died(Exception):
    """The process ended here."""


class Boundary:
    """Lets a rotation live until a numbered step, and die just before or just after it."""

    def __init__(self, last: int | None = None, *, after: bool = False) -> None:
        self.last, self.after, self.steps = last, after, 0

    def _begin(self) -> bool:
        self.steps += 1
        if self.steps == self.last and not self.after:
            raise Died
        return self.steps == self.last

    def step(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def acting(*args: object, **kwargs: object) -> object:
            last = self._begin()
            done = act(*args, **kwargs)
            if last:
                raise Died
            return done

        return acting

    def turn(self, act: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def acting(*args: object, **kwargs: object) -> object:
            last = self._begin()
            done = await act(*args, **kwargs)
            if last:
                raise Died
            return done

        return acting


class House:
    """A data folder with a key file, as processes open it one after the other."""

    def __init__(self, folder: Path, rows: KeyringRows, chance: SeededChance) -> None:
        self.folder, self.rows, self.chance = folder, rows, chance
        self.key = folder / "keys" / "master.key"
        self.notes: list[str] = []

    def files(self, target: Path | None = None) -> KeyFiles:
        return KeyFiles(self.key, target)

    async def open(self, key: Path | None = None) -> AesSealer:
        ring = await open_keyring(self.rows, load_master_key(key or self.key), self.chance)
        return AesSealer(ring, self.chance)

    async def turn(self, target: Path | None = None) -> Rotated:
        return await rotate(self.files(target), self.rows, self.chance, self.note)

    async def note(self, ring: Keyring, key_id: str) -> None:
        assert ring.kek(bytes.fromhex(key_id)) is None
        self.notes.append(key_id)

    def left(self) -> set[str]:
        return {file.name for file in self.key.parent.iterdir()}


@pytest.fixture
async def house(tmp_path: Path, data_dir: Path, chance: SeededChance) -> AsyncIterator[House]:
    async with keyring_rows(data_dir) as rows:
        house = House(tmp_path, rows, chance)
        house.key.parent.mkdir()
        create_key_file(house.key, chance)
        yield house


async def test_a_fresh_installation_draws_its_keys(house: House) -> None:
    master = load_master_key(house.key)
    sealer = await house.open()
    assert sealer.current != master.current
    assert all(sealer.index(one, "x") != AesSealer(master, house.chance).index(one, "x") for one in PURPOSES)
    again = await house.open()
    assert again.open(sealer.seal(VALUE, PLACE), PLACE) == VALUE
    for purpose in (*PURPOSES, "alias", "one of a later version"):
        assert again.index(purpose, "x") == sealer.index(purpose, "x")


async def test_an_installation_without_a_ring_keeps_every_row_and_index(house: House) -> None:
    before = AesSealer(load_master_key(house.key), house.chance)
    vault = await open_vault(house.folder / "var", before)
    index = before.index("acct", "slack|T1|U1")
    await vault.keep_secret(index, before.seal(VALUE, PLACE))
    await vault.close()

    after = await house.open()

    assert all(after.index(purpose, "x") == before.index(purpose, "x") for purpose in PURPOSES)
    vault = await open_vault(house.folder / "var", after)
    kept = await vault.secret(after.index("acct", "slack|T1|U1"))
    await vault.close()
    assert kept is not None
    assert after.open(kept, PLACE) == VALUE
    assert before.open(after.seal(VALUE, PLACE), PLACE) == VALUE


async def test_the_wrong_key_begins_no_ring_where_data_lie(house: House, tmp_path: Path) -> None:
    vault = await open_vault(tmp_path / "var", AesSealer(load_master_key(house.key), house.chance))
    await vault.close()
    create_key_file(tmp_path / "other.key", house.chance)
    with pytest.raises(KeyRefused, match=NOT_THE_KEY):
        await house.open(tmp_path / "other.key")
    assert await house.rows.rows() == {}
    await house.open()


async def test_another_key_does_not_open_the_ring(house: House, tmp_path: Path) -> None:
    await house.open()
    create_key_file(tmp_path / "other.key", house.chance)
    with pytest.raises(KeyRefused, match=NOT_THE_KEY):
        await house.open(tmp_path / "other.key")
    with pytest.raises(KeyRefused, match=NOT_THE_KEY):
        await open_keys(tmp_path / "var", tmp_path / "other.key", house.chance)


async def test_an_altered_ring_is_told_from_a_wrong_key(house: House) -> None:
    await house.open()
    rows = await house.rows.rows()
    altered = bytearray(rows[STANDING])
    altered[-1] ^= 1
    await house.rows.replace(rows, {STANDING: bytes(altered)})
    with pytest.raises(KeyRefused, match="was altered or damaged"):
        await house.open()


async def test_the_first_of_two_who_begin_a_ring_wins(house: House) -> None:
    one = Keyring.random(house.chance).sealed(load_master_key(house.key), house.chance)
    assert await house.rows.replace({}, {STANDING: one})
    assert not await house.rows.replace({}, {STANDING: b"late"})
    assert await house.rows.rows() == {STANDING: one}


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in place", "elsewhere"])
async def test_a_rotation_changes_key_and_seal_and_keeps_indexes(house: House, *, elsewhere: bool) -> None:
    before = await house.open()
    sealed, secret = before.seal(VALUE, PLACE), house.key.read_bytes()
    target = house.folder / "next.key" if elsewhere else None
    (house.folder / "copy.key").write_bytes(secret)
    (house.folder / "copy.key").chmod(0o600)

    assert await house.turn(target) is Rotated.ROTATED

    after = await house.open(target)
    assert after.open(sealed, PLACE) == VALUE
    fresh = after.seal(VALUE, PLACE)
    assert key_id_of(fresh) != key_id_of(sealed)
    assert house.notes == [key_id_of(fresh).hex()]
    assert all(after.index(purpose, "x") == before.index(purpose, "x") for purpose in (*PURPOSES, "alias"))
    assert (target or house.key).read_bytes() != secret
    assert (target or house.key).stat().st_mode & 0o777 == 0o600
    assert house.left() == {"master.key"}
    assert list(await house.rows.rows()) == [STANDING]
    with pytest.raises(KeyRefused, match=NOT_THE_KEY):
        await house.open(house.folder / "copy.key")
    with pytest.raises(SealBroken):
        before.open(fresh, PLACE)


async def test_with_a_new_place_both_keys_open_until_a_start_with_the_new_one(house: House) -> None:
    await house.open()
    target = house.folder / "next.key"
    await house.turn(target)
    for _ in range(2):
        await house.open()
    assert sorted(await house.rows.rows()) == [STANDING, INCOMING]
    running = OwnerLock(house.folder / "var" / "content.lock")
    running.take()
    await house.open(target)
    await house.open()
    running.release()
    await house.open(target)
    with pytest.raises(KeyRefused, match=NOT_THE_KEY):
        await house.open()


async def test_nothing_of_the_former_seal_stays_on_disk(house: House) -> None:
    await house.open()
    former = (await house.rows.rows())[STANDING]
    await house.turn()
    assert former[:64] not in disk(house.folder / "var")


async def test_rotations_follow_each_other_and_old_seals_still_open(house: House) -> None:
    sealed = []
    for _ in range(5):
        sealed.append((await house.open()).seal(VALUE, PLACE))
        assert await house.turn() is Rotated.ROTATED
    last = await house.open()
    assert len({key_id_of(one) for one in sealed}) == 5
    assert all(last.open(one, PLACE) == VALUE for one in sealed)


def _watch(patch: pytest.MonkeyPatch, house: House, boundary: Boundary) -> None:
    """Make a boundary of every step that changes something: in files, in the vault, in the audit chain."""
    patch.setattr("bot.identity.rotation.create_key_file", boundary.step(create_key_file))
    patch.setattr("os.link", boundary.step(os.link))
    patch.setattr(Path, "replace", boundary.step(Path.replace))
    patch.setattr(Path, "unlink", boundary.step(Path.unlink))
    patch.setattr(house.rows, "replace", boundary.turn(house.rows.replace))
    patch.setattr(house, "note", boundary.turn(house.note))


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in place", "elsewhere"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("last", range(1, 8))
async def test_a_rotation_that_stops_anywhere_is_finished_by_the_next(
    house: House, last: int, *, after: bool, elsewhere: bool
) -> None:
    target = house.folder / "keys" / "next.key" if elsewhere else None
    before = await house.open()
    sealed, secret = before.seal(VALUE, PLACE), house.key.read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        _watch(patch, house, Boundary(last, after=after))
        try:
            await house.turn(target)
            stopped = False
        except Died:
            stopped = True
    # How many there are is what the two kinds of rotation do; a step that is added moves this number.
    assert stopped == (last <= (5 if elsewhere else 7))

    assert (await house.open()).open(sealed, PLACE) == VALUE
    if elsewhere and not stopped:
        return
    await house.turn(target)

    if elsewhere:
        assert (await house.open()).open(sealed, PLACE) == VALUE
    opened = await house.open(target)
    assert opened.open(sealed, PLACE) == VALUE
    assert (target or house.key).read_bytes() != secret
    assert house.left() == {"master.key", *(["next.key"] if elsewhere else [])}
    assert list(await house.rows.rows()) == [STANDING]
    assert house.notes
    assert key_id_of(opened.seal(VALUE, PLACE)).hex() in house.notes


@pytest.mark.parametrize("last", range(1, 8))
async def test_after_a_stop_each_key_file_that_the_ring_knows_opens(house: House, last: int) -> None:
    sealed = (await house.open()).seal(VALUE, PLACE)
    with pytest.MonkeyPatch.context() as patch:
        _watch(patch, house, Boundary(last, after=True))
        with pytest.raises(Died):
            await house.turn()
    rows = await house.rows.rows()
    keys = [load_master_key(path) for path in house.key.parent.iterdir()]
    known = [key for key in keys for row in rows.values() if fits(key, row, house.chance)]
    assert known
    for key in known:
        for row in rows.values():
            if fits(key, row, house.chance):
                ring = unsealed(key, row, house.chance)
                assert AesSealer(ring, house.chance).open(sealed, PLACE) == VALUE


async def test_a_staged_key_that_was_started_with_is_brought_to_its_place(house: House) -> None:
    await house.open()
    with pytest.MonkeyPatch.context() as patch:
        # The third step is the commit that seals the ring under both keys.
        _watch(patch, house, Boundary(3, after=True))
        with pytest.raises(Died):
            await house.turn()
    await house.open(house.files().staged)
    with pytest.raises(KeyRefused, match=NOT_THE_KEY):
        await house.open()
    assert await house.turn() is Rotated.FINISHED
    await house.open()
    assert house.left() == {"master.key"}


async def test_a_key_whose_writing_was_cut_off_is_made_again(house: House) -> None:
    house.files().staged.write_bytes(b"cut")
    assert await house.turn() is Rotated.ROTATED
    assert house.left() == {"master.key"}


async def test_what_lies_in_the_way_is_never_overwritten(house: House) -> None:
    await house.open()
    secret, rows = house.key.read_bytes(), await house.rows.rows()
    taken = house.folder / "taken.key"
    taken.write_bytes(bytes(range(32)))
    taken.chmod(0o600)
    with pytest.raises(KeyRefused, match="exists already, and a key is never overwritten"):
        await house.turn(taken)
    house.files().former.write_bytes(b"somebody's own copy")
    with pytest.raises(KeyRefused, match="is in the way"):
        await house.turn()
    house.files().former.unlink()
    house.files().staged.write_bytes(secret)
    house.files().staged.chmod(0o600)
    with pytest.raises(KeyRefused, match="holds the same key"):
        await house.turn()
    assert taken.read_bytes() == bytes(range(32))
    assert house.key.read_bytes() == secret
    assert await house.rows.rows() == rows
    assert house.notes == []


async def test_a_rotation_waits_for_a_bot_that_holds_the_former_key(house: House) -> None:
    await house.open()
    target = house.folder / "next.key"
    await house.turn(target)
    house.key = target
    running = OwnerLock(house.folder / "var" / "content.lock")
    running.take()
    with pytest.raises(KeyRefused, match="restart it before the next rotation"):
        await house.turn()
    running.release()
    assert await house.turn() is Rotated.ROTATED


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in place", "elsewhere"])
async def test_a_running_bot_opens_what_others_seal_after_a_rotation(
    house: House, *, elsewhere: bool
) -> None:
    await house.open()
    running = OwnerLock(house.folder / "var" / "content.lock")
    running.take()
    bot = AesSealer(await open_keys(house.folder / "var", house.key, house.chance), house.chance)
    first = bot.seal(VALUE, PLACE)
    for number in range(1 if elsewhere else 3):
        target = house.folder / f"next{number}.key" if elsewhere else None
        await house.turn(target)
        shell = await house.open(target)
        assert bot.open(shell.seal(VALUE, PLACE), PLACE) == VALUE
        assert shell.open(bot.seal(VALUE, PLACE), PLACE) == VALUE
        assert key_id_of(bot.seal(VALUE, PLACE)) == key_id_of(shell.seal(VALUE, PLACE))
    assert bot.open(first, PLACE) == VALUE
    running.release()


async def test_a_running_bot_without_its_key_file_refuses_what_it_cannot_open(house: House) -> None:
    bot = AesSealer(await open_keys(house.folder / "var", house.key, house.chance), house.chance)
    await house.turn()
    sealed = (await house.open()).seal(VALUE, PLACE)
    house.key.unlink()
    with pytest.raises(SealBroken):
        bot.open(sealed, PLACE)
    assert bot.open(bot.seal(VALUE, PLACE), PLACE) == VALUE


async def test_only_one_rotation_at_a_time(house: House, data_dir: Path) -> None:
    house.rows.own()
    async with keyring_rows(data_dir) as others:
        with pytest.raises(Exception, match="Another `curbside keys rotate`"):
            others.own()


async def test_the_audit_chain_holds_across_a_rotation(house: House, data_dir: Path) -> None:
    clock = StillClock()
    for _ in range(3):
        sealer = await house.open()
        vault = await open_vault(data_dir, sealer)
        audit = Audit(vault, sealer, clock)
        await audit.append("enrolled", by="shell", reference="K7Q2")
        assert (await audit.verify()).problem == ""
        await vault.close()
        await house.turn()
    sealer = await house.open()
    vault = await open_vault(data_dir, sealer)
    assert len(await Audit(vault, sealer, clock).entries()) == 3
    assert (await Audit(vault, sealer, clock).verify()).problem == ""
    await vault.close()


def test_nothing_of_the_keys_is_shown_or_copied(chance: SeededChance) -> None:
    ring = Keyring.random(chance)
    live = LiveKeys(ring, lambda: None)
    sealer = AesSealer(live, chance)
    assert [repr(one) for one in (ring, live, sealer)] == ["Keyring()", "LiveKeys()", "AesSealer()"]
    secrets = [ring.kek(ring.current), *(ring.index_key(purpose) for purpose in PURPOSES)]
    shown = repr(ring._written)
    assert all(secret is not None and secret.hex() not in shown for secret in secrets)
    for one in (ring, live, sealer, ring._written):
        for leak in (pickle.dumps, copy.copy, copy.deepcopy):
            with pytest.raises(TypeError):
                leak(one)


async def test_the_ring_lies_sealed(house: House) -> None:
    ring = await open_keyring(house.rows, load_master_key(house.key), house.chance)
    with closing(sqlite3.connect(house.folder / "var" / "vault.db")) as connection:
        [(sealed,)] = connection.execute("SELECT sealed FROM keyring").fetchall()
    for secret in (ring.kek(ring.current), *(ring.index_key(purpose) for purpose in PURPOSES)):
        assert secret is not None
        assert secret not in sealed
        assert secret.hex().encode() not in sealed
    assert house.key.read_bytes() not in disk(house.folder / "var")


def test_the_ring_has_a_key_of_its_own(chance: SeededChance) -> None:
    master = MasterKey(bytes(range(32)))
    sealed = Keyring.derived(master, chance).sealed(master, chance)
    assert key_id_of(sealed) != master.current
    with pytest.raises(SealBroken):
        AesSealer(master, chance).open(sealed, "keyring|sealed")
