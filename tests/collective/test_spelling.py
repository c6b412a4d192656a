"""Near words: the index finds exactly what trying every word would find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.collective.spelling import Spelling, distance

WORDS = st.text(alphabet="abcde", min_size=4, max_size=12)


def plain_distance(one: str, other: str) -> int:
    """Edits with swapped neighbours as one, by the textbook's table."""
    table = [[max(i, j) if not i or not j else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (not same))
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


@given(WORDS, WORDS, st.sampled_from([1, 2]))
def test_the_bounded_distance_is_the_plain_one(one: str, other: str, most: int) -> None:
    assert distance(one, other, most) == min(plain_distance(one, other), most + 1)


@given(st.sets(WORDS, min_size=1, max_size=40), WORDS)
def test_the_index_finds_every_word_one_edit_away(words: set[str], typed: str) -> None:
    found = {near.word for near in Spelling(words).near(typed, 1)}
    assert found == {word for word in words if plain_distance(typed, word) <= 1}


@given(st.sets(WORDS, min_size=1, max_size=40), st.data())
def test_the_index_finds_every_word_two_letters_away(words: set[str], data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(sorted(words)))
    typed = list(word)
    for at in data.draw(st.lists(st.integers(0, len(word) - 1), min_size=2, max_size=2)):
        typed[at] = data.draw(st.sampled_from("abcde"))
    near = Spelling(words).near("".join(typed), 2)
    if len(word) >= 6:
        assert word in {each.word for each in near}


def test_the_likelier_slip_comes_first() -> None:
    near = Spelling(["melanoma", "melanosis", "melasma"]).near("melanma", 2)
    assert [each.word for each in near][:2] == ["melanoma", "melasma"]


@pytest.mark.parametrize("typed", ["ab", "abcd1", "\u80ba\u708e\u80ba\u708e", ""])
def test_short_words_and_numbers_are_near_nothing(typed: str) -> None:
    assert Spelling(["abcd", "abcde"]).near(typed, 1) == ()
