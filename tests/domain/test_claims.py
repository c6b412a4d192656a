"""Claim tokens: enough chance in them, easy to type, and slips found before they are looked up."""

from __future__ import annotations

import random

import pytest

from bot.domain.claims import Slip, digest_of, make_token, read_token

SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def tokens(count: int) -> list[str]:
    chance = random.Random(5)  # noqa: S311 - the same tokens in every run
    return [make_token(chance.randbytes(32)) for _ in range(count)]


def test_a_token_has_75_random_bits_in_four_groups_of_four() -> None:
    many = tokens(2000)
    assert len(set(many)) == 2000
    assert all([len(group) for group in token.split("-")] == [4, 4, 4, 4] for token in many)
    places = list(zip(*(token.replace("-", "") for token in many), strict=True))
    # Each of 15 places takes each of 32 values; a single changed bit of the 75 makes another token.
    assert all(set(place) == set(SIGNS) for place in places)
    low = {make_token((1 << bit).to_bytes(32)) for bit in range(75)}
    assert len(low | {make_token(bytes(32))}) == 76


@pytest.mark.parametrize("token", tokens(3))
def test_it_is_read_however_it_is_typed(token: str) -> None:
    for typed in (token, token.lower(), token.replace("-", ""), f" {token.replace('-', ' ')} "):
        assert read_token(typed) == token
    assert read_token(token.replace("0", "O").replace("1", "l")) == token


@pytest.mark.parametrize("token", tokens(2))
def test_every_wrong_sign_and_every_two_that_changed_places_are_found(token: str) -> None:
    signs = list(token.replace("-", ""))
    wrong = ["".join([*signs[:place], sign, *signs[place + 1 :]]) for place in range(16) for sign in SIGNS]
    for first in range(16):
        for second in range(first):
            changed = signs.copy()
            changed[first], changed[second] = changed[second], changed[first]
            wrong.append("".join(changed))
    for typed in {*wrong, *(token[:-1], token + "A", token.replace("-", "_"), "")} - {"".join(signs)}:
        with pytest.raises(Slip):
            read_token(typed)


def test_a_token_of_another_poll_is_another_digest() -> None:
    (token,) = tokens(1)
    assert digest_of(101, token) != digest_of(102, token)
