"""T-04: of a thousand sealed values of a real vault that were swapped, cut or altered, none is served."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import pytest

from bot.identity.keyring import Keyring, unsealed_any
from bot.identity.keys import KeyRefused, MasterKey
from bot.identity.sealing import AesSealer
from bot.ports.sealing import SealBroken
from tests.storage.handed_in import SeededChance

CASES: Final = 1000
TABLES: Final = (
    "accounts",
    "applications",
    "audit",
    "hard_keys",
    "home_postings",
    "mailboxes",
    "personae",
    "routing",
    "secrets",
    "vouches",
)
ROWS: Final = 8


@pytest.fixture(scope="module")
def sealer() -> AesSealer:
    """A sealer whose ring was turned twice, so that an altered key id can name another key that is there."""
    chance = SeededChance(41)
    master = MasterKey(bytes(range(32)))
    return AesSealer(Keyring.random(chance).rotated(master, chance).rotated(master, chance), chance)


def vault(sealer: AesSealer, draw: random.Random) -> dict[str, bytes]:
    places = [f"{table}|sealed|{draw.randbytes(32).hex()}" for table in TABLES for _ in range(ROWS)]
    return {place: sealer.seal(draw.randbytes(draw.randrange(1400)), place) for place in places}


def altered(rows: dict[str, bytes], draw: random.Random) -> Iterator[tuple[str, str, bytes]]:
    """Give a thousand times how, where, and what lies there now."""
    ways = (_flipped, _cut, _lengthened, _swapped, _spliced, _block_moved, _zeroed)
    for case in range(CASES):
        place, other = draw.sample(sorted(rows), 2)
        way = ways[case % len(ways)]
        yield way.__name__, place, way(rows[place], rows[other], draw)


def _flipped(sealed: bytes, _: bytes, draw: random.Random) -> bytes:
    bit = draw.randrange(len(sealed) * 8)
    return sealed[: bit // 8] + bytes([sealed[bit // 8] ^ 1 << bit % 8]) + sealed[bit // 8 + 1 :]


def _cut(sealed: bytes, _: bytes, draw: random.Random) -> bytes:
    return sealed[: draw.randrange(len(sealed))]


def _lengthened(sealed: bytes, other: bytes, draw: random.Random) -> bytes:
    more = other[: draw.randrange(1, len(other))]
    return sealed + more if draw.random() < 0.5 else more + sealed


def _swapped(_: bytes, other: bytes, draw: random.Random) -> bytes:
    return other


def _spliced(sealed: bytes, other: bytes, draw: random.Random) -> bytes:
    # Behind the format and the key id, which all values of one time share.
    cut = draw.randrange(6, min(len(sealed), len(other)))
    return sealed[:cut] + other[cut:]


def _block_moved(sealed: bytes, _: bytes, draw: random.Random) -> bytes:
    one, other = draw.sample(range(5, len(sealed) - 16), 2)
    moved = bytearray(sealed)
    moved[one : one + 16] = sealed[other : other + 16]
    return bytes(moved)


def _zeroed(sealed: bytes, _: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(sealed) - 32)
    return sealed[:start] + bytes(32) + sealed[start + 32 :]


def test_t04_a_thousand_altered_values_are_all_refused(sealer: AesSealer) -> None:
    draw = random.Random(4)  # noqa: S311 - a choice of alterations, not a secret
    rows = vault(sealer, draw)
    served = []
    count = 0
    for way, place, bytes_now in altered(rows, draw):
        count += 1
        assert bytes_now != rows[place]
        try:
            served.append((way, place, sealer.open(bytes_now, place)))
        except SealBroken:
            continue
    assert (count, served) == (CASES, [])
    # And what was not touched opens: the refusals are not the sealer's only answer.
    assert all(sealer.open(sealed, place) is not None for place, sealed in rows.items())


def test_t04_a_value_does_not_open_under_another_key_of_the_ring() -> None:
    chance = SeededChance(42)
    master = MasterKey(bytes(range(32)))
    first = Keyring.random(chance)
    second = first.rotated(master, chance)
    sealed = AesSealer(first, chance).seal(b"kept", "accounts|sealed|00")
    relabelled = sealed[:1] + second.current + sealed[5:]
    assert AesSealer(second, chance).open(sealed, "accounts|sealed|00") == b"kept"
    with pytest.raises(SealBroken):
        AesSealer(second, chance).open(relabelled, "accounts|sealed|00")


def test_t04_altered_keyrings_are_refused() -> None:
    chance, draw = SeededChance(43), random.Random(43)  # noqa: S311 - as above
    master = MasterKey(bytes(range(32)))
    sealed = Keyring.random(chance).sealed(master, chance)
    assert unsealed_any(master, {1: sealed}, chance).current
    for _ in range(200):
        with pytest.raises(KeyRefused):
            unsealed_any(master, {1: _flipped(sealed, b"", draw)}, chance)
