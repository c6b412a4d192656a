"""Codes as people type them."""

from __future__ import annotations

import pytest

from bot.domain.linking import digits_of, in_groups


@pytest.mark.parametrize("typed", ["12345678", "1234 5678", " 1234-5678 ", "12 34 56 78", "1234\n5678"])
def test_a_code_is_read_as_people_write_it(typed: str) -> None:
    assert digits_of(typed) == "12345678"


@pytest.mark.parametrize(
    "typed", ["", "1234567", "123456789", "1234567a", "١٢٣٤٥٦٧٨", "my account", "1234+5678"]
)
def test_anything_else_is_no_code(typed: str) -> None:
    assert digits_of(typed) == ""


def test_a_code_is_shown_in_two_groups() -> None:
    assert digits_of(in_groups("12345678")) == "12345678"
