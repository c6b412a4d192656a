"""The keyring: sealed under the master key, and begun without losing a row."""

from __future__ import annotations

import copy
import pickle
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.identity.keyring import (
    PURPOSES,
    STANDING,
    Keyring,
    LiveKeys,
    open_keyring,
)
from bot.identity.keys import KeyRefused, MasterKey, create_key_file, load_master_key
from bot.identity.sealing import AesSealer, key_id_of
from bot.ports.sealing import SealBroken
from storage.vault.keyring import open_keys
from storage.vault.vault import open_vault
from tests.identity.ring_house import NOT_THE_KEY, PLACE, VALUE, House
from tests.storage.handed_in import SeededChance, disk


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
