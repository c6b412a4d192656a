"""Choosing in words: by place, by value, by label, and several at once."""

from __future__ import annotations

import pytest

from bot.chat.choosing import chosen_of
from bot.chat.forms import ChoiceField, Option

OPTIONS = (Option("a", "Steroid cream"), Option("b", "Biopsy"), Option("?", "Don't know", ("no idea",)))
ONE = ChoiceField("choice", "Which?", OPTIONS)
TWO = ChoiceField("choice", "Which?", OPTIONS, most=2)
SHUFFLED = (Option("3", "3. Watch", ("watch",)), Option("1", "1. Steroid"), Option("2", "2. Biopsy"))
MARKED = ChoiceField("choice", "Which?", SHUFFLED, numbered=False)
TWO_MARKED = ChoiceField("choice", "Which?", SHUFFLED, most=2, numbered=False)


@pytest.mark.parametrize(
    ("asked", "words", "chosen"),
    [
        (ONE, "2", "b"),
        (ONE, "Steroid  CREAM", "a"),
        (ONE, "don\N{RIGHT SINGLE QUOTATION MARK}t know", "?"),
        (ONE, "no idea", "?"),
        (TWO, "2", "b"),
        (TWO, "1,2", "a,b"),
        (TWO, "2 1", "b,a"),
        (TWO, "biopsy, steroid cream", "b,a"),
        (TWO, "1,1", "a"),
        (MARKED, "3", "3"),
        (MARKED, "1", "1"),
        (MARKED, "watch", "3"),
        (TWO_MARKED, "3;1", "3,1"),
    ],
)
def test_an_answer_chooses(asked: ChoiceField, words: str, chosen: str) -> None:
    assert chosen_of(asked, words) == chosen


@pytest.mark.parametrize(
    ("asked", "words", "told"),
    [
        (ONE, "4", "Please answer with a number from 1 to 3."),
        (ONE, "1,2", "Please answer with a number from 1 to 3."),
        (TWO, "1,2,3", "That is 3 of at most 2. Please choose again."),
        (TWO, "1,9", "Please answer with up to 2 of the numbers, as in 1,2."),
        (TWO, ",", "Please answer with up to 2 of the numbers, as in 1,2."),
        (MARKED, "4", "Please answer with one of 3, 1, 2."),
        (TWO_MARKED, "4", "Please answer with up to 2 of the numbers, as in 3,1."),
    ],
)
def test_what_chooses_nothing_is_asked_again(asked: ChoiceField, words: str, told: str) -> None:
    with pytest.raises(ValueError, match=r".*") as wrong:
        chosen_of(asked, words)
    assert str(wrong.value) == told
