"""A sieve asks its rule once for each character, and forgets nothing that it has to take out."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.sieve import Sieve


def is_control(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc"


@given(st.text())
def test_what_the_rule_names_is_taken_out_and_nothing_else(text: str) -> None:
    sieve = Sieve(is_control)
    for _ in range(2):
        assert text.translate(sieve) == "".join(sign for sign in text if not is_control(sign))


def test_the_rule_is_asked_once_for_a_character_and_memory_has_an_end() -> None:
    asked: list[str] = []

    def rule(sign: str) -> bool:
        asked.append(sign)
        return sign == "x"

    sieve = Sieve(rule)
    assert ["axa".translate(sieve), "aax".translate(sieve)] == ["aa", "aa"]
    assert asked == ["a", "x"]
    "".join(map(chr, range(0x4E00, 0x4E00 + 20_000))).translate(sieve)
    assert len(sieve) == 10_000
