"""The master key: a private file of 32 bytes, or a sentence that says what is wrong with it."""

from __future__ import annotations

import copy
import hmac
import os
import pickle
import stat
from pathlib import Path

import pytest

from bot.identity.keys import KeyRefused, MasterKey, create_key_file, load_master_key
from tests.storage.handed_in import SeededChance

SECRET = bytes(range(100, 132))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "master.key"
    path.write_bytes(SECRET)
    path.chmod(0o600)
    return path


def test_a_made_key_file_is_private_and_loads(tmp_path: Path, chance: SeededChance) -> None:
    path = tmp_path / "master.key"
    before = os.umask(0)
    try:
        create_key_file(path, chance)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size == 32
    assert load_master_key(path).derive("x") == load_master_key(path).derive("x")


def test_a_key_file_is_never_overwritten(key_file: Path, chance: SeededChance) -> None:
    with pytest.raises(KeyRefused, match="never overwritten"):
        create_key_file(key_file, chance)
    assert key_file.read_bytes() == SECRET


def test_a_key_file_that_cannot_be_written_is_refused(tmp_path: Path, chance: SeededChance) -> None:
    with pytest.raises(KeyRefused, match="cannot be written"):
        create_key_file(tmp_path / "nowhere" / "master.key", chance)


def test_a_missing_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyRefused, match="no key file at"):
        load_master_key(tmp_path / "master.key")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o601, 0o660, 0o644, 0o777])
def test_a_key_that_others_can_reach_is_refused(key_file: Path, mode: int) -> None:
    key_file.chmod(mode)
    with pytest.raises(KeyRefused, match="chmod 600"):
        load_master_key(key_file)


@pytest.mark.parametrize("secret", [b"", b"x" * 31, bytes(range(33)), SECRET.hex().encode()])
def test_a_key_of_another_length_is_refused(key_file: Path, secret: bytes) -> None:
    key_file.write_bytes(secret)
    with pytest.raises(KeyRefused, match="exactly 32 bytes"):
        load_master_key(key_file)


@pytest.mark.parametrize("byte", [b"\x00", b"\xff", b"A"])
def test_a_key_that_repeats_one_byte_is_refused(key_file: Path, byte: bytes) -> None:
    key_file.write_bytes(byte * 32)
    with pytest.raises(KeyRefused, match="repeats one byte"):
        load_master_key(key_file)


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(KeyRefused):
            load_master_key(path)


def test_every_purpose_has_a_key_of_its_own(key_file: Path) -> None:
    master = load_master_key(key_file)
    purposes = ("kek", "index/acct", "index/npi", "index/route", "index/alias", "index/audit", "index/inbox")
    keys = {master.derive(purpose) for purpose in purposes}
    assert len(keys) == len(purposes)
    assert {len(key) for key in keys} == {32}
    assert SECRET not in keys


@pytest.mark.parametrize("purpose", ["kek", "index/acct"])
def test_derived_keys_are_hkdf_sha256_and_stay_the_same(purpose: str) -> None:
    # Databases depend on it: another value makes every sealed row unreadable. RFC 5869, one block.
    extracted = hmac.digest(bytes(32), SECRET, "sha256")
    expanded = hmac.digest(extracted, b"curbside/1/" + purpose.encode() + b"\x01", "sha256")
    assert MasterKey(SECRET).derive(purpose) == expanded


def test_nothing_of_the_key_is_shown_or_copied(key_file: Path) -> None:
    master = load_master_key(key_file)
    assert repr(master) == str(master) == "MasterKey()"
    for leak in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            leak(master)
    assert not hasattr(master, "__dict__")
