"""What a pattern is said to need, it needs: where that is missing it is not tried."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import sre_constants as code
    import sre_parse as grammar

from bot.anonymizer.finders.ages import AGES
from bot.anonymizer.finders.contacts import CONTACTS
from bot.anonymizer.finders.numbers import NUMBERS
from bot.anonymizer.finders.patterns import Pattern, find_all
from bot.anonymizer.finders.when import DATES
from bot.anonymizer.submission import Field

ALL = (*AGES, *CONTACTS, *NUMBERS, *DATES)
REPEATED = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)


def one_digit(kind: Any, what: Any) -> bool:
    """Say whether a single character of an expression is a digit whatever it is."""
    if kind is code.LITERAL:
        return chr(what).isdecimal()
    if kind is code.RANGE:
        return all(chr(letter).isdecimal() for letter in range(what[0], what[1] + 1))
    if kind is code.CATEGORY:
        return what is code.CATEGORY_DIGIT
    return kind is code.IN and all(one_digit(*part) for part in what)


def needs_digit(parts: Any) -> bool:
    """Say whether nothing without a digit matches: some part of the expression cannot do without one."""
    return any(one_digit(*part) or any(map(needs_digit, _always_in(*part))) for part in parts)


def _always_in(kind: Any, what: Any) -> list[Any]:
    """Give the smaller expressions that match wherever a part of one does."""
    if kind in REPEATED:
        return [what[2]] if what[0] else []
    if kind is code.SUBPATTERN:
        return [what[3]]
    if kind is code.ASSERT:
        return [what[1]]
    if kind is code.BRANCH:
        return [what[1][0]] if all(map(needs_digit, what[1])) else []
    return [what] if kind is code.ATOMIC_GROUP else []


@pytest.mark.parametrize("pattern", ALL, ids=lambda one: f"{one.category}-{ALL.index(one)}")
def test_a_pattern_needs_a_digit_exactly_where_it_says_so(pattern: Pattern) -> None:
    assert pattern.digits == needs_digit(grammar.parse(pattern.expression, pattern.flags))


@pytest.mark.parametrize(
    ("expression", "needs"),
    [
        (r"\d", True),
        (r"a\d?", False),
        (r"(?:a|\d)", False),
        (r"(?:a1|[0-9]b)", True),
        (r"[a\d]", False),
        (r"[^\d]", False),
        (r"(?=\w*\d)\w+", True),
        (r"(?!\d)a", False),
        (r"(?<!\d)a", False),
        (r"(?P<v>9\d)+", True),
        (r"(?:\d{2})*a", False),
    ],
)
def test_how_that_is_read_off_an_expression(expression: str, needs: bool) -> None:
    assert needs_digit(grammar.parse(expression)) is needs
    assert not needs or re.search(expression, "a b") is None


@given(st.text("ab ,.:-/'\n\u0663\uff159@", max_size=40) | st.text(max_size=40))
def test_what_is_left_out_would_have_found_nothing(text: str) -> None:
    field = Field.of("text", text)
    found = {*find_all(ALL, field)}
    assert found == {one for pattern in ALL for one in pattern.find(field)}
    assert field.digits == any(letter.isdecimal() for letter in field.text)
