"""Every shape in which physicians type a list of diagnoses: read as they mean it, or asked back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.opinion_text import parse_opinion
from bot.domain.opinions import Confidence
from bot.domain.refusal import Refused

TWO = ("gout", "CPPD")


@pytest.mark.parametrize(
    "text",
    [
        "1) gout 2) CPPD",
        "1.gout 2.CPPD",
        "1)gout,2)CPPD",
        "(1) gout (2) CPPD",
        "1.) gout 2.) CPPD",
        "1] gout 2] CPPD",
        "1: gout 2: CPPD",
        "1 - gout 2 - CPPD",
        "1- gout\n2- CPPD",
        "#1 gout #2 CPPD",
        "1 gout 2 CPPD",
        "1 gout\n2 CPPD",
        "2) CPPD 1) gout",
        "a) gout b) CPPD",
        "A. gout B. CPPD",
        "i. gout ii. CPPD",
        "- gout\n- CPPD",
        "* gout\n* CPPD",
        "• gout • CPPD",
        "gout\n\n  CPPD\n",
        "gout; CPPD",
        "gout, CPPD,",
        "gout | CPPD",
        "gout > CPPD",
        "gout -> CPPD",
        "gout → CPPD",
        "DDx: gout, CPPD",
        "Differential diagnosis: 1) gout 2) CPPD",
        "gout\u200b,\u00a0CPPD",
        "\uff11\uff09gout \uff12\uff09CPPD",
        "gout\uff0cCPPD",
        "gout, CPPD, Gout",
    ],
)
def test_a_list_of_two_is_read_however_it_is_laid_out(text: str) -> None:
    assert parse_opinion(text).diagnoses == TWO


@pytest.mark.parametrize(
    ("text", "diagnoses"),
    [
        ("GOUT, PULMONARY EMBOLISM", ("GOUT", "PULMONARY EMBOLISM")),
        ("r/o PE", ("r/o PE",)),
        ("?PE, ?DVT", ("?PE", "?DVT")),
        ("likely gout, possibly CPPD", ("likely gout", "possibly CPPD")),
        ("gout vs CPPD", ("gout vs CPPD",)),
        ("gout / CPPD", ("gout / CPPD",)),
        ("goutt, asdf qwer", ("goutt", "asdf qwer")),
        ("gout (60%), CPPD (40%)", ("gout (60%)", "CPPD (40%)")),
        ("cholecystitis (acute, calculous), GERD", ("cholecystitis (acute, calculous)", "GERD")),
        ("Gout. CPPD. Septic arthritis.", ("Gout", "CPPD", "Septic arthritis")),
        ("type 2 diabetes, B12 deficiency", ("type 2 diabetes", "B12 deficiency")),
        ("1) CKD stage 2. 2) HTN", ("CKD stage 2", "HTN")),
        ("CKD 3) and HTN", ("CKD 3) and HTN",)),
        ("St. Louis encephalitis", ("St. Louis encephalitis",)),
        ("<b>gout</b>", ("<b>gout</b>",)),
        ("gout 🦶, CPPD", ("gout 🦶", "CPPD")),
    ],
)
def test_names_stay_as_they_are_typed(text: str, diagnoses: tuple[str, ...]) -> None:
    assert parse_opinion(text).diagnoses == diagnoses


@pytest.mark.parametrize("text", ["PE!", "PE !", "!PE", "PE (!)", "PE!!", "gout"])
def test_a_mark_is_read_on_either_side(text: str) -> None:
    (name,) = parse_opinion(text).diagnoses
    assert name == (text if text == "gout" else "PE!")


def test_a_mark_beside_a_doubt_leaves_the_doubt() -> None:
    assert parse_opinion("PE?!").diagnoses == ("PE?!",)


def test_marked_once_it_is_marked_wherever_it_is_named_again() -> None:
    assert parse_opinion("gout, PE, pe!").diagnoses == ("gout", "PE!")


@pytest.mark.parametrize(
    ("text", "next_step", "remark"),
    [
        ("gout next: tap, then CT", "tap, then CT", ""),
        ("gout; next - tap", "tap", ""),
        ("gout plan: tap because: the toe", "tap", "the toe"),
        ("My best guess: 1) gout", "", "My best guess"),
    ],
)
def test_what_is_no_diagnosis_finds_its_place(text: str, next_step: str, remark: str) -> None:
    written = parse_opinion(text)
    assert (written.diagnoses, written.next_step, written.remark) == (("gout",), next_step, remark)


@pytest.mark.parametrize(
    ("said", "meant"),
    [("Likely.", Confidence.LIKELY), ("probably", Confidence.LIKELY), ("not sure", Confidence.UNSURE)],
)
def test_how_sure_somebody_is_may_be_said_in_other_words(said: str, meant: Confidence) -> None:
    assert parse_opinion(f"gout sure: {said}").confidence is meant


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("🤷", "no_diagnosis"),
        ("?", "no_diagnosis"),
        ("42", "no_diagnosis"),
        ("1) 2)", "no_diagnosis"),
        ("why: the toe", "no_diagnosis"),
        (", ".join(f"disease {number}" for number in range(30)), "too_many"),
        ("I saw this once " * 20, "too_long"),
        ("gout sure: kinda", "confidence"),
    ],
)
def test_the_rest_is_asked_back(text: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        parse_opinion(text)
    assert refused.value.code == code


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_asked_back(text: str) -> None:
    try:
        names = parse_opinion(text).diagnoses
    except Refused:
        names = ("asked back",)
    assert names
    assert all(any(letter.isalpha() for letter in name) for name in names)
