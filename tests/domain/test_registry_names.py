"""How far two ways to write a name agree. Everybody here is invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.registry_names import WORTH_A_LOOK, is_comparable, name_agreement, parts_of
from bot.domain.roster import Kind, RosterRow

PASSES, REVIEW = 0.90, 0.75
WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)


def registered(written: str, other_last: str = "", other_first: str = "") -> RosterRow:
    """A row of `first middle / last`, or `first / last`."""
    given_names, _, last = written.partition(" / ")
    first, _, middle = given_names.partition(" | ")
    return RosterRow(
        "1234567893",
        Kind.PERSON,
        last_name=last,
        first_name=first,
        middle_name=middle,
        other_last_name=other_last,
        other_first_name=other_first,
    )


@pytest.mark.parametrize(
    ("claimed", "row"),
    [
        ("Ada Lind", "ADA / LIND"),
        ("  ada   LIND ", "ADA / LIND"),
        ("Dr. Ada Lind, MD, PhD", "ADA / LIND"),
        ("Ada Lind MD", "ADA / LIND"),
        ("Prof. Dr. Ada M. Lind", "ADA / LIND"),
        ("Ada Maria Lind", "ADA / LIND"),
        ("Ada Lind", "ADA | MARIA / LIND"),
        ("Lind, Ada", "ADA / LIND"),
        ("Lind, Ada M., MD", "ADA | MARIA / LIND"),
        ("Lind Jr., Bo", "BO / LIND"),
        ("Bo Lind III", "BO / LIND"),
        ("José Núñez", "JOSE / NUNEZ"),
        ("Jose Nunez", "JOSÉ / NÚÑEZ"),
        ("Zoë Brontë-Falk", "ZOE / BRONTE FALK"),
        ("Ann-Marie Falk", "ANN MARIE / FALK"),
        ("Annmarie Falk", "ANN MARIE / FALK"),
        ("Ann Falk", "ANN MARIE / FALK"),
        ("Sean O'Dell", "SEAN / ODELL"),
        ("Sean O\u2019Dell", "SEAN / O'DELL"),
        ("Jan van der Holt", "JAN / VANDERHOLT"),
        ("Jürgen Möller", "JUERGEN / MOELLER"),
        ("Jürgen Möller", "JURGEN / MOLLER"),
        ("Søren Østby", "SOREN / OESTBY"),
        ("Łukasz Wolny", "LUKASZ / WOLNY"),
        ("Anh Van Do", "ANH / DO"),
        ("Anh Do, DO", "ANH / DO"),
        ("Bo Lind DO", "BO / LIND"),
        ("Christoper Allenby", "CHRISTOPHER / ALLENBY"),
    ],
)
def test_one_name(claimed: str, row: str) -> None:
    assert name_agreement(claimed, registered(row)) >= PASSES


@pytest.mark.parametrize(
    ("claimed", "row"),
    [
        ("A. Lind", "ADA / LIND"),
        ("Ada Lind", "A / LIND"),
        ("Mike Lind", "MICHAEL / LIND"),
        ("Chris Lind", "CHRISTOPHER / LIND"),
        ("Michael Lind", "MIKE / LIND"),
        ("Lind Ada", "ADA / LIND"),
        ("Maria Lind", "ADA | MARIA / LIND"),
        ("Ada Lind", "ADA / LIND FALK"),
        ("Ada Lind-Falk", "ADA / LIND"),
        ("Jon Falk", "JOHN / FALK"),
        ("Joan Falk", "JOHN / FALK"),
        ("Roberta Falk", "ROBERT / FALK"),
        ("Maria Falk", "MARIO / FALK"),
        ("Ada Smyth", "ADA / SMITH"),
        ("J\u043ehn Falk", "JOHN / FALK"),
    ],
)
def test_worth_a_look(claimed: str, row: str) -> None:
    assert REVIEW <= name_agreement(claimed, registered(row)) < PASSES


@pytest.mark.parametrize(
    ("claimed", "row"),
    [
        ("Bo Ek", "ADA / LIND"),
        ("Bo Lind", "ADA / LIND"),
        ("Ada Ek", "ADA / LIND"),
        ("B. Lind", "ADA / LIND"),
        ("Ada", "ADA / LIND"),
        ("", "ADA / LIND"),
        ("Mike Lind", "ROBERT / LIND"),
        ("Li Wu", "LE / WU"),
        ("Ada Lind", " / LIND"),
        ("Ada Lind", "ADA / "),
        ("Dr. Lind", "ADA / LIND"),
        ("van der Holt, Jan", "JAN / VAN DER BERG"),
    ],
)
def test_another_name(claimed: str, row: str) -> None:
    assert name_agreement(claimed, registered(row)) < REVIEW


def test_a_former_surname_agrees_too() -> None:
    row = registered("ADA / LIND", other_last="FALK")

    assert name_agreement("Ada Falk", row) == 1.0
    assert name_agreement("Ada Lind", row) == 1.0
    assert name_agreement("Eda Falk", registered("ADA / LIND", "FALK", "EDA")) == 1.0
    assert name_agreement("Eda Lind", registered("ADA / LIND", "FALK", "EDA")) < REVIEW


@pytest.mark.parametrize(
    ("name", "comparable"),
    [
        ("Ada Lind", True),
        ("José Núñez", True),
        ("Anh Do", True),
        ("Ada", False),
        ("Dr. Lind", False),
        ("", False),
        ("\u7530\u4e2d \u592a\u90ce", False),
        ("??? 123", False),
    ],
)
def test_what_can_be_held_against_the_registry(name: str, comparable: bool) -> None:
    assert is_comparable(name) is comparable


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Dr. Ada M. Lind, MD", ("ada", "m", "lind")),
        ("Lind Falk, Ada Maria", ("ada", "maria", "lind falk")),
        ("Ada Lind", ("ada", "", "lind")),
        ("Ada", None),
        (", Ada Maria", None),
        ("Lind,", None),
        ("", None),
    ],
)
def test_the_parts_of_a_name(name: str, parts: tuple[str, str, str] | None) -> None:
    assert parts_of(name) == parts


@given(WORDS, WORDS)
def test_a_name_agrees_with_itself(first: str, last: str) -> None:
    assert name_agreement(f"{first} {last}", registered(f"{first} / {last}")) == 1.0


@given(WORDS, WORDS, WORDS)
def test_both_halves_are_needed(first: str, last: str, other: str) -> None:
    row = registered(f"{first} / {last}")
    worse = name_agreement(f"{first} {other}", row)

    assert worse <= name_agreement(f"{first} {last}", row)
    assert 0.0 <= worse <= 1.0


@given(st.text(max_size=300), st.text(max_size=40), st.text(max_size=40))
def test_anything_can_be_compared(claimed: str, first: str, last: str) -> None:
    assert 0.0 <= name_agreement(claimed, registered(f"{first} / {last}")) <= 1.0


def test_what_is_worth_a_look_neither_passes_nor_fails() -> None:
    assert REVIEW <= WORTH_A_LOOK < PASSES
