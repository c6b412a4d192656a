"""Codes that are handed on by mouth: which can exist, how long they count, how they are read out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from bot.domain.vouches import DIGITS, LIVES, NEEDED, Asked, ask, can_exist, read, spaced

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CODES = [ask(sha256(bytes([number])).digest(), NOON).code for number in range(64)]


def test_codes_that_are_drawn_can_exist_and_differ() -> None:
    assert all(can_exist(code) for code in CODES)
    assert len(set(CODES)) == len(CODES)
    assert {len(code) for code in CODES} == {DIGITS}


@pytest.mark.parametrize("code", CODES[:8])
def test_any_wrong_digit_is_noticed(code: str) -> None:
    slips = {code[:n] + digit + code[n + 1 :] for n in range(DIGITS) for digit in "0123456789"} - {code}
    assert len(slips) == 9 * DIGITS
    assert not any(can_exist(slip) for slip in slips)


def test_nearly_any_swap_of_neighbours_is_noticed() -> None:
    swaps = [
        code[:n] + code[n + 1] + code[n] + code[n + 2 :]
        for code in CODES
        for n in range(DIGITS - 1)
        if code[n] != code[n + 1]
    ]
    assert sum(map(can_exist, swaps)) <= len(swaps) / 50


@pytest.mark.parametrize(
    "code",
    [
        "",
        "12345678",
        "1234567890",
        "abcdefghi",
        "12345678\u0668",
        "".join(chr(0xFF10 + int(digit)) for digit in "123456788"),
    ],
)
def test_what_is_no_code_cannot_exist(code: str) -> None:
    assert not can_exist(code)


def test_two_have_to_vouch_and_a_week_is_the_limit() -> None:
    asked = ask(b"drawn", NOON)
    assert not asked.vouched("one").done
    assert asked.vouched("one").vouched("another").done
    assert NEEDED == 2
    assert not asked.over(NOON + LIVES - timedelta(seconds=1))
    assert asked.over(NOON + LIVES)


def test_a_reference_is_read_as_it_was_written_and_shows_nothing() -> None:
    asked = ask(b"drawn", NOON).vouched("one")
    assert read(asked.written()) == asked
    assert asked.code not in repr(asked)
    assert "one" not in repr(asked)


def test_a_code_is_read_out_in_threes() -> None:
    assert spaced(Asked("123456788", "").code) == "123 456 788"
