"""T-04: sealed values open in their own place, under their own key, unaltered; nothing else opens."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.identity.keys import MasterKey
from bot.identity.sealing import BUCKET, AesSealer
from bot.ports.sealing import SealBroken
from tests.storage.handed_in import SeededChance

SEALER = AesSealer(MasterKey(bytes(range(32))), SeededChance(11))
OTHER_KEY = AesSealer(MasterKey(bytes(range(32, 64))), SeededChance(11))
VALUE = b"Dr. Planted Example, licence 1234567893"
PLACE = "accounts|sealed|00"


@given(st.binary(max_size=3000), st.text(max_size=40))
def test_what_was_sealed_opens_in_its_place(value: bytes, place: str) -> None:
    assert SEALER.open(SEALER.seal(value, place), place) == value


def test_the_same_value_is_sealed_differently_each_time() -> None:
    assert len({SEALER.seal(VALUE, PLACE) for _ in range(50)}) == 50


def test_lengths_are_hidden_in_buckets() -> None:
    lengths = [len(SEALER.seal(b"x" * size, PLACE)) for size in range(3 * BUCKET)]
    assert len(set(lengths)) == 4
    assert {length - lengths[0] for length in lengths} == {0, BUCKET, 2 * BUCKET, 3 * BUCKET}


def test_nothing_of_the_value_shows() -> None:
    sealed = bytes(SEALER.seal(VALUE, PLACE))
    assert all(VALUE[start : start + 6] not in sealed for start in range(len(VALUE) - 6))


def test_t_04_every_flipped_bit_breaks_the_seal() -> None:
    sealed = SEALER.seal(VALUE, PLACE)
    draw = random.Random(4)  # noqa: S311 - a choice of bits, not a secret
    for bit in draw.sample(range(len(sealed) * 8), 400):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        with pytest.raises(SealBroken):
            SEALER.open(bytes(altered), PLACE)


def test_t_04_every_byte_of_the_head_counts() -> None:
    sealed = SEALER.seal(VALUE, PLACE)
    for place in range(len(sealed) - BUCKET):
        altered = bytearray(sealed)
        altered[place] ^= 0xFF
        with pytest.raises(SealBroken):
            SEALER.open(bytes(altered), PLACE)


def test_t_04_cut_and_lengthened_values_are_refused() -> None:
    sealed = SEALER.seal(VALUE, PLACE)
    for cut in range(0, len(sealed), 3):
        with pytest.raises(SealBroken):
            SEALER.open(sealed[:cut], PLACE)
    for longer in (sealed + b"\0", sealed + sealed, b"\0" + sealed):
        with pytest.raises(SealBroken):
            SEALER.open(longer, PLACE)


def test_t_04_values_do_not_open_in_another_place() -> None:
    places = [f"{table}|sealed|{row}" for table in ("accounts", "mailboxes") for row in range(16)]
    sealed = {place: SEALER.seal(VALUE, place) for place in places}
    for here in places:
        for there in places:
            if here != there:
                with pytest.raises(SealBroken):
                    SEALER.open(sealed[here], there)


def test_t_04_pieces_of_two_values_do_not_make_a_third() -> None:
    one, other = SEALER.seal(b"one", PLACE), SEALER.seal(b"other", PLACE)
    head = 5
    assert one[:head] == other[:head]
    for cut in range(head + 1, len(one), 7):
        with pytest.raises(SealBroken):
            SEALER.open(one[:cut] + other[cut:], PLACE)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        OTHER_KEY.open(SEALER.seal(VALUE, PLACE), PLACE)


def test_the_refusal_and_the_sealer_say_nothing() -> None:
    with pytest.raises(SealBroken) as refused:
        SEALER.open(SEALER.seal(VALUE, PLACE), "elsewhere")
    assert "Planted" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert repr(SEALER) == "AesSealer()"


def test_an_index_depends_on_purpose_value_and_key() -> None:
    index = SEALER.index("acct", "slack|T1|U1")
    assert len(index) == 32
    assert index == SEALER.index("acct", "slack|T1|U1")
    others = {
        SEALER.index("route", "slack|T1|U1"),
        SEALER.index("acct", "slack|T1|U2"),
        OTHER_KEY.index("acct", "slack|T1|U1"),
    }
    assert len(others | {index}) == 4


def test_a_sealed_value_shows_its_size_and_nothing_else() -> None:
    sealed = SEALER.seal(VALUE, PLACE)
    assert repr(sealed) == str(sealed) == f"Sealed({len(sealed)} bytes)"
    assert SEALER.open(sealed, PLACE) == VALUE


def test_a_sealer_under_a_key_of_its_own_opens_nothing_else() -> None:
    own = SEALER.under(bytes(range(1, 33)))
    sealed = own.seal(VALUE, PLACE)
    assert SEALER.under(bytes(range(1, 33))).open(sealed, PLACE) == VALUE
    assert own.seal(VALUE, PLACE) != sealed
    for other in (SEALER, SEALER.under(bytes(range(2, 34)))):
        with pytest.raises(SealBroken):
            other.open(sealed, PLACE)
