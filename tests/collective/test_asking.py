"""Ambiguous names: found, and settled so that they are read as what their writer says."""

from __future__ import annotations

import pytest

from bot.collective import Bucket, Disease, namer, names_nothing, settled, unclear
from bot.collective.names import load
from bot.views.summary import spoken

AMBIGUOUS = sorted((short, meant) for short, meant in load().short.items() if len(meant) > 1)


def test_every_ambiguous_short_form_is_asked_about_and_every_answer_is_read() -> None:
    assert len(AMBIGUOUS) > 20
    for short, candidates in AMBIGUOUS:
        (asked,) = unclear([short.upper()])
        assert asked.candidates == candidates
        for meant in candidates:
            written = settled(short.upper(), asked, meant, spoken(Bucket.of(meant)))
            (named,) = namer().named(written)
            assert named.disease == meant
            assert written.startswith(short.upper())


def _settle(typed: str, place: int, name: str) -> str:
    asked = next(each for each in unclear([typed]) if each.place == place)
    meant = next(each for each in asked.candidates if each.name == name)
    return settled(typed, asked, meant, spoken(Bucket.of(meant)))


@pytest.mark.parametrize(
    ("typed", "place", "name", "written"),
    [
        ("ms", 1, "Multiple Sclerosis", "ms (Multiple sclerosis)"),
        ("r/o MS?", 1, "Mitral Valve Stenosis", "r/o MS (Mitral Valve Stenosis)?"),
        ("MS vs lupus", 1, "Multiple Sclerosis", "MS (Multiple Sclerosis) vs lupus"),
        ("lupus vs MS", 2, "Multiple Sclerosis", "lupus vs MS (Multiple Sclerosis)"),
    ],
)
def test_an_answer_stands_beside_what_was_typed(typed: str, place: int, name: str, written: str) -> None:
    assert _settle(typed, place, name).casefold() == written.casefold()


def test_what_is_plain_is_not_asked_about() -> None:
    assert unclear(["gout", "MS (multiple sclerosis)", "asdf", "no idea", ""]) == ()


def test_places_count_all_diagnoses() -> None:
    assert [
        (each.place, each.entry, each.part) for each in unclear(["gout", "MS vs PD", "no idea", "AD"])
    ] == [
        (2, 1, 0),
        (3, 1, 1),
        (4, 3, 0),
    ]


def test_what_cannot_be_written_beside_stands_alone() -> None:
    asked = unclear(["MS"])[0]
    unheard_of = Disease("Nothing Of The Kind", "D0")
    assert settled("MS", asked, unheard_of, "nothing") == "Nothing Of The Kind"


@pytest.mark.parametrize(
    ("entries", "nothing"), [(["no idea"], True), ([], True), (["no idea", "gout"], False)]
)
def test_a_list_without_a_diagnosis_is_told_from_one_in_own_words(
    entries: list[str], *, nothing: bool
) -> None:
    assert names_nothing(entries) is nothing
    assert not names_nothing(["asdf qwer"])
