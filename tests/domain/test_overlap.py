"""Which polls ask the same, however they are worded, and which only look alike."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.domain.members import MemberId
from bot.domain.overlap import overlap
from bot.domain.poll_terms import AGREEMENT, NO_OPINION, PollKind, Scale, Terms
from bot.domain.polls import Poll

NOW = datetime(2026, 3, 2, tzinfo=UTC)
YES_NO = ("yes", "no")
DRUGS = ("Methotrexate", "Acitretin", "Phototherapy")
AGREE = Terms(kind=PollKind.LIKERT)
MG = Terms(kind=PollKind.NUMBER, scale=Scale(Decimal(0), Decimal(40), Decimal(1), "mg"))
MORE_MG = Terms(kind=PollKind.NUMBER, scale=Scale(Decimal(0), Decimal(50), Decimal(5), "mg"))


def poll(number: int, question: str, options: tuple[str, ...], terms: Terms, case: str) -> Poll:
    author = MemberId(f"{number:032}")
    return Poll(str(number), number, author, question, (*options, NO_OPINION), NOW, terms, case=case)


def same(
    one: tuple[str, tuple[str, ...]],
    other: tuple[str, tuple[str, ...]],
    terms: tuple[Terms, Terms] = (Terms(), Terms()),
    cases: tuple[str, str] = ("", ""),
) -> bool:
    first, second = poll(1, *one, terms[0], cases[0]), poll(2, *other, terms[1], cases[1])
    assert overlap(first, second) is overlap(second, first)
    return overlap(first, second)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Biopsy?", YES_NO), ("biopsy", ("No", "Yes"))),
        (("Would you biopsy it?", YES_NO), ("Biopsy, please?", YES_NO)),
        (("Would you biopsy it?", YES_NO), ("Would you not biopsy it?", YES_NO)),
        (("Would you biopsy it?", YES_NO), ("Would you biopsy it?", (*YES_NO, "later"))),
        (("Ist das ein Ekzém?", YES_NO), ("ist das ein ekzem", YES_NO)),
        (("Treat first with what?", DRUGS), ("With what would you treat first?", DRUGS[::-1])),
    ],
)
def test_the_same_in_other_words(
    one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]
) -> None:
    assert same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Would you biopsy it?", YES_NO), ("Would you treat it?", YES_NO)),
        (("Would you biopsy it?", YES_NO), ("Would you biopsy it?", ("shave", "punch"))),
        (("Is this a melanoma?", YES_NO), ("Is this an eczema?", YES_NO)),
    ],
)
def test_something_else_in_like_words(
    one: tuple[str, tuple[str, ...]], other: tuple[str, tuple[str, ...]]
) -> None:
    assert not same(one, other)


def test_one_case_needs_fewer_like_words() -> None:
    one_case = ("case", "case")
    assert same(("First choice?", DRUGS), ("What would you give?", DRUGS), cases=one_case)
    assert not same(("First choice?", DRUGS), ("What would you give?", DRUGS), cases=("case", "other"))
    assert not same(("First choice?", DRUGS), ("What would you give?", DRUGS))
    assert same(("Biopsy today?", YES_NO), ("Biopsy of the left arm?", YES_NO), cases=one_case)
    assert not same(("Biopsy?", YES_NO), ("Steroids?", YES_NO), cases=one_case)


def test_kinds_of_choosing_are_alike_and_numbers_on_any_scale() -> None:
    question = ("First choice?", DRUGS)
    assert same(question, question, (Terms(), Terms(kind=PollKind.RANKING)))
    assert same(question, question, (Terms(), Terms(kind=PollKind.MULTIPLE, most=2)))
    dose = ("Starting dose?", ())
    assert same(dose, dose, (MG, MORE_MG))
    assert not same(dose, ("Starting dose?", DRUGS), (MG, Terms()))
    assert same(("Steroids help", AGREEMENT), ("Steroids do not help", AGREEMENT), (AGREE, AGREE))


def test_audiences_that_share_nobody_do_not_overlap() -> None:
    question = ("Biopsy?", YES_NO)
    hearts, skins = Terms(audience=("Cardiology",)), Terms(audience=("Dermatology",))
    assert not same(question, question, (hearts, skins))
    assert same(question, question, (hearts, Terms()))
    assert same(question, question, (hearts, Terms(audience=("Cardiology", "Dermatology"))))
    assert same(question, question, (hearts, Terms(audience=("Cardiology",), trainees=False)))


def test_a_poll_does_not_overlap_itself() -> None:
    one = poll(1, "Biopsy?", YES_NO, Terms(), "")
    assert not overlap(one, one)
