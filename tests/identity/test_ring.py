"""The ring by itself: what turning, slimming and reading it anew keep, and what a sealer gets of it."""

from __future__ import annotations

import copy
import hashlib
import hmac
from collections.abc import Mapping

import pytest

from bot.identity.keyring import (
    INCOMING,
    PURPOSES,
    STANDING,
    Keyring,
    LiveKeys,
    open_keyring,
    ring_sealer,
    settle,
    unsealed,
)
from bot.identity.keys import KeyRefused, MasterKey
from bot.identity.sealing import AesSealer
from bot.ports.sealing import SealBroken
from tests.storage.handed_in import SeededChance

MASTER, NEXT = MasterKey(bytes(range(32))), MasterKey(bytes(range(32, 64)))
FURTHER = "one of a later version"


class Rows:
    """Fills :class:`bot.identity.keyring.RingRows` in memory."""

    def __init__(self, rows: Mapping[int, bytes], *, in_use: bool = False) -> None:
        self.kept, self.used = dict(rows), in_use

    async def rows(self) -> Mapping[int, bytes]:
        return dict(self.kept)

    async def replace(self, was: Mapping[int, bytes], now: Mapping[int, bytes]) -> bool:
        if self.kept != was:
            return False
        self.kept = dict(now)
        return True

    async def canary(self) -> bytes | None:
        return None

    async def in_use(self) -> bool:
        return self.used


@pytest.fixture
def chance() -> SeededChance:
    return SeededChance(21)


@pytest.fixture
def ring(chance: SeededChance) -> Keyring:
    return Keyring.random(chance)


def indexes(ring: Keyring | LiveKeys) -> list[bytes]:
    return [ring.index_key(purpose) for purpose in (*PURPOSES, FURTHER)]


def test_every_purpose_has_a_key_of_its_own(ring: Keyring) -> None:
    keys = indexes(ring)
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}


def test_a_purpose_of_a_later_version_has_the_same_key_in_every_process(ring: Keyring) -> None:
    """HKDF-Expand with SHA-256, spelled out: the first block is one HMAC."""
    further = bytes.fromhex(ring._written.further)
    info = b"curbside/1/index/" + FURTHER.encode()
    assert ring.index_key(FURTHER) == hmac.new(further, info + b"\x01", hashlib.sha256).digest()


def test_a_turned_ring_opens_what_was_sealed_and_finds_what_was_kept(
    ring: Keyring, chance: SeededChance
) -> None:
    turned = ring.rotated(MASTER, chance)
    assert turned.current != ring.current
    assert turned.ids == {ring.current, turned.current}
    assert turned.kek(ring.current) == ring.kek(ring.current)
    assert turned.kek(turned.current) != ring.kek(ring.current)
    assert indexes(turned) == indexes(ring)
    assert (ring.former, turned.former) == (b"", ring_sealer(MASTER, chance).current)
    assert len(turned.current) == 4


def test_a_turned_ring_draws_again_where_an_id_is_taken(ring: Keyring) -> None:
    class Repeats(SeededChance):
        """Draws the id of the key that is there already, and then others."""

        drawn = 0

        def key(self) -> bytes:
            self.drawn += 1
            return ring.current + bytes(28) if self.drawn == 1 else super().key()

    turned = ring.rotated(MASTER, Repeats(5))
    assert turned.current != ring.current
    assert turned.ids == {ring.current, turned.current}


def test_a_slimmed_ring_has_lost_the_keys_that_were_named_and_nothing_else(
    ring: Keyring, chance: SeededChance
) -> None:
    turned = ring.rotated(MASTER, chance).rotated(NEXT, chance)
    (middle,) = turned.ids - {ring.current, turned.current}
    slim = turned.without(frozenset({ring.current, turned.current}))
    assert slim.ids == {middle, turned.current}
    assert slim.kek(ring.current) is None
    assert slim.kek(middle) == turned.kek(middle)
    assert slim.current == turned.current
    assert slim.former == turned.former
    assert indexes(slim) == indexes(turned)


def test_a_ring_opens_as_it_was_sealed(ring: Keyring, chance: SeededChance) -> None:
    turned = ring.rotated(MASTER, chance)
    again = unsealed(MASTER, turned.sealed(MASTER, chance), chance)
    assert (again.ids, again.current, again.former) == (turned.ids, turned.current, turned.former)
    assert indexes(again) == indexes(turned)
    with pytest.raises(KeyRefused, match="was altered or damaged"):
        unsealed(NEXT, turned.sealed(MASTER, chance), chance)


def test_a_ring_of_before_the_rings_has_the_keys_of_its_master_key(chance: SeededChance) -> None:
    derived = Keyring.derived(MASTER, chance)
    assert derived.current == MASTER.current
    assert derived.kek(MASTER.current) == MASTER.kek(MASTER.current)
    assert [derived.index_key(purpose) for purpose in PURPOSES] == list(map(MASTER.index_key, PURPOSES))


def test_live_keys_look_once_more_for_a_key_that_they_do_not_hold(
    ring: Keyring, chance: SeededChance
) -> None:
    turned, asked = ring.rotated(MASTER, chance), list[Keyring]()

    def again() -> Keyring:
        asked.append(turned)
        return turned

    live = LiveKeys(ring, again)
    assert (live.current, live.ids) == (ring.current, ring.ids)
    assert live.kek(ring.current) == ring.kek(ring.current)
    assert indexes(live) == indexes(ring)
    assert asked == []
    assert live.kek(turned.current) == turned.kek(turned.current)
    assert asked == [turned]
    assert (live.current, live.ids) == (turned.current, turned.ids)
    assert live.kek(b"none") is None


def test_live_keys_that_cannot_be_read_anew_stay_as_they_are(ring: Keyring, chance: SeededChance) -> None:
    live = LiveKeys(ring, lambda: None)
    live.refresh()
    assert live.kek(b"none") is None
    assert (live.current, live.ids) == (ring.current, ring.ids)
    turned = ring.rotated(MASTER, chance)
    seen = LiveKeys(ring, lambda: turned)
    seen.refresh()
    assert seen.current == turned.current


def test_no_key_is_copied_and_the_refusal_says_so(ring: Keyring, chance: SeededChance) -> None:
    live = LiveKeys(ring, lambda: None)
    for one, sentence in (
        (ring, "a keyring is not copied"),
        (ring._written, "a keyring is not copied"),
        (live, "keys are not copied"),
        (AesSealer(live, chance), "a sealer is not copied"),
    ):
        with pytest.raises(TypeError, match=f"^{sentence}$"):
            copy.copy(one)


async def test_settling_leaves_the_incoming_ring_alone(ring: Keyring, chance: SeededChance) -> None:
    both = {STANDING: ring.sealed(MASTER, chance), INCOMING: ring.sealed(NEXT, chance)}
    rows = Rows(both)
    assert await settle(rows, both)
    assert rows.kept == {STANDING: both[INCOMING]}
    assert not await settle(rows, both)


@pytest.mark.parametrize("in_use", [False, True])
async def test_a_start_with_the_next_key_ends_a_rotation_unless_a_bot_runs(
    ring: Keyring, chance: SeededChance, in_use: bool
) -> None:
    both = {STANDING: ring.sealed(MASTER, chance), INCOMING: ring.sealed(NEXT, chance)}
    rows = Rows(both, in_use=in_use)
    assert (await open_keyring(rows, MASTER, chance)).ids == ring.ids
    assert rows.kept == both
    assert (await open_keyring(rows, NEXT, chance)).ids == ring.ids
    assert rows.kept == (both if in_use else {STANDING: both[INCOMING]})


async def test_a_first_start_draws_a_ring_and_the_next_opens_the_same(chance: SeededChance) -> None:
    rows = Rows({})
    first = await open_keyring(rows, MASTER, chance)
    assert list(rows.kept) == [STANDING]
    assert (await open_keyring(rows, MASTER, chance)).ids == first.ids
    with pytest.raises(
        KeyRefused, match=r"^This is not the key of this data folder; put the right key file back.$"
    ):
        await open_keyring(rows, NEXT, chance)


def test_what_a_lost_key_sealed_is_refused_with_its_reason(ring: Keyring, chance: SeededChance) -> None:
    sealed = AesSealer(ring.rotated(MASTER, chance), chance).seal(b"x", "here")
    with pytest.raises(SealBroken, match=r"^the value was not sealed with this key$"):
        AesSealer(ring, chance).open(sealed, "here")
    with pytest.raises(SealBroken, match=r"^the value is no sealed one$"):
        AesSealer(ring, chance).open(b"\x01short", "here")
    with pytest.raises(SealBroken, match=r"^the sealed value was altered or moved$"):
        AesSealer(ring, chance).open(AesSealer(ring, chance).seal(b"x", "there"), "here")
