"""Reading a ranked list from the ways in which physicians type one."""

from __future__ import annotations

import pytest

from bot.domain.opinion_text import parse_opinion
from bot.domain.refusal import Refused


@pytest.mark.parametrize(
    ("text", "diagnoses", "next_step"),
    [
        ("1) cellulitis 2) erysipelas next: ultrasound", ("cellulitis", "erysipelas"), "ultrasound"),
        ("1. cellulitis 2. erysipelas 3. DVT", ("cellulitis", "erysipelas", "DVT"), ""),
        (
            "1: gout 2: septic arthritis; next step: tap the joint",
            ("gout", "septic arthritis"),
            "tap the joint",
        ),
        (
            "gout; septic arthritis; reactive arthritis",
            ("gout", "septic arthritis", "reactive arthritis"),
            "",
        ),
        ("gout, septic arthritis, n: aspirate", ("gout", "septic arthritis"), "aspirate"),
        ("gout\nseptic arthritis\n", ("gout", "septic arthritis"), ""),
        ("Wegener's", ("Wegener's",), ""),
        ("B12 deficiency, MS", ("B12 deficiency", "MS"), ""),
        ("1) type 2 diabetes 2) MODY 3", ("type 2 diabetes", "MODY 3"), ""),
        ("gout, gout", ("gout",), ""),
    ],
)
def test_a_ranked_list_is_read(text: str, diagnoses: tuple[str, ...], next_step: str) -> None:
    ranked = parse_opinion(text)

    assert ranked.diagnoses == diagnoses
    assert ranked.next_step == next_step


@pytest.mark.parametrize("text", ["", "   ", "1) 2)", "next: ultrasound"])
def test_a_list_without_a_diagnosis_is_asked_back(text: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_opinion(text)

    assert refused.value.code == "no_diagnosis"


def test_more_than_ten_are_asked_back() -> None:
    with pytest.raises(Refused) as refused:
        parse_opinion("; ".join(f"d{number}" for number in range(11)))

    assert refused.value.code == "too_many"
