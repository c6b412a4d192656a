"""Rotation of the master key: what it changes, what it keeps, and every boundary at which it may stop."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.identity.audit import Audit
from bot.identity.keyring import (
    INCOMING,
    PURPOSES,
    STANDING,
    fits,
    unsealed,
)
from bot.identity.keys import KeyRefused, load_master_key
from bot.identity.rotation import Rotated
from bot.identity.sealing import AesSealer, key_id_of
from bot.ports.sealing import SealBroken
from storage.files import OwnerLock
from storage.vault.keyring import keyring_rows, open_keys
from storage.vault.vault import open_vault
from tests.identity.ring_house import NOT_THE_KEY, PLACE, VALUE, Boundary, Died, House, watch
from tests.storage.handed_in import StillClock, disk


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
        watch(patch, house, Boundary(last, after=after))
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
        watch(patch, house, Boundary(last, after=True))
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
        watch(patch, house, Boundary(3, after=True))
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
    await house.rows.own()
    async with keyring_rows(data_dir) as others:
        with pytest.raises(Exception, match="Another `curbside keys rotate`"):
            await others.own()


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
