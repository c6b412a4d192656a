"""What a story says about its patient: proposed where it is clear, and silence otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.proposals import AGE_BANDS, Proposal, QuestionKind, Sex, band_of, propose


@pytest.mark.parametrize(
    ("story", "band"),
    [
        ("68-year-old woman, three days of fever.", "60–69"),
        ("A 68 year old man", "60–69"),
        ("68yo lady with chest pain", "60–69"),
        ("68 y/o M, smoker", "60–69"),
        ("68F with cough since 3 weeks", "60–69"),
        ("Pt is 45 M, no history", "40–49"),
        ("Man, aged 17, known asthma", "13–17"),
        ("Age: 29. Rash for 10 days.", "18–29"),
        ("3-month-old girl, poor feeding", "infant"),
        ("18-month-old boy", "infant"),
        ("24 month old boy", "2–5"),
        ("5 day old, jaundiced", "neonate"),
        ("27-day-old", "neonate"),
        ("28-day-old", "infant"),
        ("Term newborn with a murmur", "neonate"),
        ("A 6 wk old infant who vomits", "infant"),
        ("Baby with a rash", "infant"),
        ("Woman in her sixties, weak legs", "60–69"),
        ("Man in his mid-40s", "40–49"),
        ("An over 89 year old woman fell", "90+"),
        ("90+ woman, confused", "90+"),
        ("A 93-year-old man", "90+"),
        ("103 y/o", "90+"),
        ("12-year-old", "6–12"),
        ("Fever for 3 days, ferritin 2,000", ""),
        ("Takes 20 mg daily for 5 years", ""),
        ("", ""),
    ],
)
def test_the_age_band(story: str, band: str) -> None:
    assert propose(story, "").age_band == band


@pytest.mark.parametrize(
    ("story", "sex"),
    [
        ("68-year-old woman, her husband says that he saw it", Sex.FEMALE),
        ("68F with cough", Sex.FEMALE),
        ("68 y/o M, smoker, wife is a nurse", Sex.MALE),
        ("A boy of three, whose mother is well", Sex.MALE),
        ("Patient 40 years old. She has a rash.", Sex.FEMALE),
        ("Fell on his arm. He is well otherwise.", Sex.MALE),
        ("She says he is ill", None),
        ("Fever for 3 days", None),
        ("Temperature 102 F for 3 days", None),
        ("Distance 30 M walked", None),
        ("", None),
    ],
)
def test_the_sex(story: str, sex: Sex | None) -> None:
    assert propose(story, "").sex is sex


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("What could this be?", QuestionKind.DIAGNOSIS),
        ("Most likely diagnosis and next step?", QuestionKind.DIAGNOSIS),
        ("Any ideas?", QuestionKind.DIAGNOSIS),
        ("Which test next?", QuestionKind.NEXT_TEST),
        ("What would you do next?", QuestionKind.NEXT_TEST),
        ("Would you biopsy?", QuestionKind.NEXT_TEST),
        ("Is it safe to start steroids?", QuestionKind.TREATMENT),
        ("Any ideas how to treat it?", QuestionKind.TREATMENT),
        ("Should I refer?", QuestionKind.REFERRAL),
        ("What do you see on this film?", QuestionKind.SECOND_READING),
        ("How would you read this ECG?", QuestionKind.SECOND_READING),
        ("Is a flight allowed?", None),
        ("", None),
    ],
)
def test_the_kind_of_question(question: str, kind: QuestionKind | None) -> None:
    assert propose("", question).kind is kind


@given(st.integers(min_value=0, max_value=130))
def test_a_band_holds_its_age(years: int) -> None:
    band = band_of(years * 365.25)
    if "–" in band:
        first, last = map(int, band.split("–"))
        assert first <= years <= last
    else:
        assert band in {"neonate", "infant", "90+"}
        assert years < 2 or years >= 90


@given(st.text(max_size=400), st.text(max_size=100))
def test_any_words_can_be_read(story: str, question: str) -> None:
    proposed = propose(story, question)
    assert isinstance(proposed, Proposal)
    assert proposed.age_band in {"", *AGE_BANDS}
