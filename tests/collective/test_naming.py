"""What a typed diagnosis is taken for: written plainly, hedged, shortened, misspelled, or unknown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.collective import namer
from bot.collective.naming import LONGEST_NAME

HEDGED = [
    "pulmonary embolism",
    "Pulmonary Embolism.",
    "  PULMONARY\tEMBOLISM  ",
    "r/o pulmonary embolism",
    "R/O. pulmonary embolism",
    "rule out pulmonary embolism",
    "?pulmonary embolism",
    "pulmonary embolism ??",
    "likely pulmonary embolism",
    "possible pulmonary embolism",
    "Probable pulmonary embolism",
    "prob. pulmonary embolism",
    "query pulmonary embolism",
    "vs. pulmonary embolism",
    "cannot exclude pulmonary embolism",
    "can't rule out pulmonary embolism",
    "pulmonary embolism - cannot exclude",
    "pulmonary embolism (acute, bilateral)",
    "pulmonary embolism (see (old) film)",
    "pulmonary embolism [most likely]",
    "most likely: pulmonary embolism",
    "I think it is pulmonary embolism",
    "suspicious for pulmonary embolism",
    "1. pulmonary embolism",
    "#2 pulmonary embolism",
    "(3) pulmonary embolism",
    "- pulmonary embolism",
    "pulmonary embolism 80%",
    "pulmonary embolism (70-80 %)",
    "pulmonary embolism until proven otherwise",
    "massive pulmonary embolism",
    "acute left pulmonary embolism",
    "pulmonary embolism with right heart strain",
    "pulmonary-embolism",
    "pulmonary_embolism",
    "embolism, pulmonary",
    "pulmonary embolisms",
    "PE",
    "acute PE?",
    "\N{FULLWIDTH LATIN CAPITAL LETTER P}\N{FULLWIDTH LATIN CAPITAL LETTER E}",
    "P\N{ZERO WIDTH SPACE}E",
    "pulmonary embolism \N{FACE WITH MEDICAL MASK}",
    "(pulmonary embolism)",
    "lung event (PE)",
    "pulmonry embolism",
    "pulmonary embolsim",
    "pulmoanry embolizm",
    "pulmonaryembolism",
]


def heading(text: str) -> str | None:
    """The one disease that a text is taken for."""
    named = namer().named(text)
    assert len(named) == 1, named
    return named[0].disease.name if named[0].disease else None


@pytest.mark.parametrize("text", HEDGED)
def test_one_disease_written_in_many_ways(text: str) -> None:
    assert heading(text) == "Pulmonary Embolism"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("MI", "Myocardial Infarction"),
        ("inferior myocardial infarction", "Inferior Wall Myocardial Infarction"),
        ("Crohn's", "Crohn Disease"),
        ("crohns disease", "Crohn Disease"),
        ("Crohn\N{RIGHT SINGLE QUOTATION MARK}s flare", "Crohn Disease"),
        ("Graves' disease", "Graves Disease"),
        ("coeliac disease", "Celiac Disease"),
        ("anaemia", "Anemia"),
        ("haemolytic uraemic syndrome", "Hemolytic-Uremic Syndrome"),
        ("oesophageal tumour", "Esophageal Neoplasms"),
        ("Sj\N{LATIN SMALL LETTER O WITH DIAERESIS}gren's", "Sjogren's Syndrome"),
        ("Guillain-Barr\N{LATIN SMALL LETTER E WITH ACUTE}", "Guillain-Barre Syndrome"),
        ("Lyme", "Lyme Disease"),
        ("multiple endocrine neoplasia type II a", "Multiple Endocrine Neoplasia Type 2a"),
        ("T2DM", "Diabetes Mellitus, Type 2"),
        ("type II diabetes mellitus", "Diabetes Mellitus, Type 2"),
        ("\N{GREEK SMALL LETTER BETA}-thalassaemia", "beta-Thalassemia"),
        ("COPD exacerbation", "Pulmonary Disease, Chronic Obstructive"),
        ("chronic kidney disease, severe", "Renal Insufficiency, Chronic"),
        ("TB of the skin", "Tuberculosis, Cutaneous"),
        ("Graft-versus-host disease", "Graft vs Host Disease"),
        ("multiple sclerosis (MS)", "Multiple Sclerosis"),
        ("MS (multiple sclerosis)", "Multiple Sclerosis"),
        ("astmha", "Asthma"),
        ("hypokalmia", "Hypokalemia"),
        ("hyperkalmia", "Hyperkalemia"),
    ],
)
def test_names_that_physicians_write(text: str, meant: str) -> None:
    assert heading(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "hepatitis F",
        "diabetes mellitus type 4",
        "hypermagnesemias",
        "xylophone",
        "PQ",
        "sepsid of the spleen",
        "\u80ba\u708e",
        "zorblat syndrome",
        "hyponeutrophilia of Nowhere",
    ],
)
def test_what_is_not_near_enough_keeps_its_own_words(text: str) -> None:
    (named,) = namer().named(text)
    assert named.disease is None
    assert not named.candidates
    assert named.how == "own words"


def test_a_known_word_is_never_taken_for_a_slip() -> None:
    assert heading("live abscess") is None
    assert heading("liver abscess") == "Liver Abscess"
    assert heading("luver abscess") == "Liver Abscess"


def test_nobody_guesses_between_hypo_and_hyper() -> None:
    (named,) = namer().named("hypeglycemia")
    assert named.disease is None
    assert {disease.name for disease in named.candidates} == {"Hyperglycemia", "Hypoglycemia"}


@pytest.mark.parametrize("text", ["MS", "ad", "PD?", "likely AD", "r/o M.S."])
def test_an_ambiguous_short_form_offers_its_candidates(text: str) -> None:
    (named,) = namer().named(text)
    assert named.disease is None
    assert len(named.candidates) > 1


@pytest.mark.parametrize(
    "text", ["", "  ", "?", "\N{SHRUG}", "r/o", "likely", "idk", "No idea.", "()", "\x00", "\ud800", "1."]
)
def test_what_names_nothing_is_no_diagnosis(text: str) -> None:
    assert namer().named(text) == ()


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("PE vs ACS", ["Pulmonary Embolism", "Acute Coronary Syndrome"]),
        ("pneumonia versus zorblat fever", ["Pneumonia", None]),
        ("gout, pseudogout or septic joint", ["Gout", "Chondrocalcinosis", "Arthritis, Infectious"]),
        ("SJS/TEN", ["Stevens-Johnson Syndrome", "Stevens-Johnson Syndrome"]),
        ("gout, zorblat fever", [None]),
    ],
)
def test_several_in_one_entry(text: str, meant: list[str | None]) -> None:
    assert [each.disease and each.disease.name for each in namer().named(text)] == meant


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zorblat's fever", "fever, zorblat"),
        ("likely zorblat tumour (rare)", "ZORBLAT TUMORS"),
        ("zorblat type II", "zorblat, type 2"),
    ],
)
def test_own_words_meet_in_any_spelling_and_order(one: str, other: str) -> None:
    assert namer().named(one)[0].key == namer().named(other)[0].key


@given(st.text(max_size=200))
@example("pe-and-sepsis")
@example("80 (x) percent zorblat")
@example("v's zorblat")
@example("a" * 300)
@example("zorblat " * 60 + "likely")
@example("zorblat and and and")
@example("\N{LATIN SMALL LETTER N PRECEDED BY APOSTROPHE}x\N{COMBINING ACUTE ACCENT}y")
def test_a_name_is_read_as_itself_and_safe_to_show(text: str) -> None:
    for named in namer().named(text):
        if named.disease is None:
            assert 0 < len(named.text) <= LONGEST_NAME
            assert all(letter == " " or unicodedata.category(letter)[0] in "LNM" for letter in named.text)
            (again,) = namer().named(named.text)
            assert (again.key, again.candidates, again.text) == (named.key, named.candidates, named.text)


@given(st.text(alphabet="abcehilmnoprsty ,.-()?/'vs12", max_size=80))
def test_names_of_likelier_letters_are_read_as_themselves_too(text: str) -> None:
    for named in namer().named(text):
        if named.disease is None:
            (again,) = namer().named(named.text)
            assert (again.key, again.candidates) == (named.key, named.candidates)
