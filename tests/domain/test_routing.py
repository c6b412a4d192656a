"""Routing: who is paged, in which order, when; and which specialties a text is for."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from bot.domain.members import MemberId
from bot.domain.refusal import Refused
from bot.domain.routing import (
    Candidate,
    Caps,
    choose,
    choose_enough,
    circle,
    circles,
    climb_at,
    is_quiet,
    wider,
)
from bot.domain.specialties import NAMES
from bot.domain.wanted import MOST, PROPOSED, everybody_near, named, neighbours, proposed, understood

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HEART, KIDNEY = "Cardiology", "Nephrology"


def somebody(name: str, **known: Any) -> Candidate:
    return Candidate(MemberId(name), **{"specialty": HEART, **known})


def order(*candidates: Candidate, urgency: str = "soon", most: int = 8) -> list[str]:
    return [page.member for page in choose(candidates, (HEART,), urgency, Caps(most, 3))]


@pytest.mark.parametrize(
    ("sooner", "later"),
    [
        ({"on_duty": True}, {}),
        ({"elsewhere": True}, {"elsewhere": False}),
        ({"paged_on": None}, {"paged_on": date(2026, 2, 1)}),
        ({"paged_on": date(2026, 2, 1)}, {"paged_on": date(2026, 2, 2)}),
        ({"rate": 0.7}, {"rate": 0.2}),
        ({"declined": 0}, {"declined": 1, "on_duty": True}),
        ({"on_duty": True, "elsewhere": False}, {"elsewhere": True}),
    ],
)
def test_the_order(sooner: dict[str, object], later: dict[str, object]) -> None:
    assert order(somebody("a", **later), somebody("b", **sooner)) == ["b", "a"]


@pytest.mark.parametrize(
    ("known", "urgency", "paged"),
    [
        ({}, "routine", True),
        ({"muted": True, "on_duty": True}, "hour", False),
        ({"today": 3, "on_duty": True}, "hour", False),
        ({"today": 2}, "soon", True),
        ({}, "hour", False),
        ({"on_duty": True}, "hour", True),
        ({"quiet": True}, "today", False),
        ({"quiet": True, "through": True}, "today", True),
        ({"quiet": True, "through": True}, "soon", False),
        ({"quiet": True, "on_duty": True}, "soon", True),
    ],
)
def test_who_may_be_paged(known: dict[str, object], urgency: str, paged: bool) -> None:
    assert (order(somebody("a", **known), urgency=urgency) == ["a"]) is paged


def test_each_specialty_has_its_share_and_no_more() -> None:
    crowd = [somebody(f"h{n}") for n in range(9)] + [somebody(f"k{n}", specialty=KIDNEY) for n in range(9)]
    pages = choose(crowd, (KIDNEY, HEART, KIDNEY), "soon", Caps(2, 3))
    assert [(page.member, page.specialty) for page in pages] == [
        ("k0", KIDNEY),
        ("k1", KIDNEY),
        ("h0", HEART),
        ("h1", HEART),
    ]


def test_the_order_does_not_depend_on_who_comes_first() -> None:
    crowd = [somebody(f"{n}", rate=n % 3 / 3, on_duty=n % 2 == 0) for n in range(20)]
    assert order(*crowd) == order(*reversed(crowd))


def test_the_ladder() -> None:
    window = timedelta(hours=4)
    due = [climb_at(rung, NOON, window) for rung in range(4)]
    assert due == [NOON, NOON + timedelta(hours=1), NOON + timedelta(hours=2), None]
    assert circle(0, (HEART,)) == circle(1, (HEART,)) == (HEART,)
    assert circle(2, (HEART,)) == neighbours((HEART,))
    assert set(circle(3, (HEART,))) > {HEART, *neighbours((HEART,))}
    assert [wider(rung, (HEART,)) for rung in range(5)] == [2, 2, 2, 3, 4]
    assert wider(0, ()) == 3


@pytest.mark.parametrize(
    ("hours", "quiet"),
    [((22, 7), {22, 23, *range(7)}), ((8, 12), {8, 9, 10, 11}), ((0, 6), {*range(6)}), (None, set())],
)
def test_quiet_hours_may_go_past_midnight(hours: tuple[int, int] | None, quiet: set[int]) -> None:
    assert {hour for hour in range(24) if is_quiet(hours, time(hour, 30))} == quiet


def test_words_propose_what_they_say_and_nothing_else() -> None:
    assert proposed("Palpitation, ECG with atrial fibrillation.", "Rate control?") == (HEART,)
    assert proposed("Creatinine doubled, proteinuria. Troponin normal.", "") == (KIDNEY, HEART)
    assert proposed("A plaque on the shin, itching, no fever.", "Biopsy?") == ()
    assert proposed("No rash, neurological examination normal. She denies palpitation.", "") == ()
    assert proposed("He recogniseecg nothing", "thrash") == ()
    assert len(proposed("ECG stroke creatinine rash thyroid", "")) == PROPOSED


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cardiology", (HEART,)),
        ("Cardiology, RENAL; cards", (HEART, KIDNEY)),
        ("cardio", (HEART,)),
        ("ob/gyn\nent", ("Obstetrics and gynecology", "Otolaryngology")),
        ("nobody", ()),
        (" - ", ()),
    ],
)
def test_physicians_name_specialties_as_they_speak(typed: str, meant: tuple[str, ...]) -> None:
    assert named(typed) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("nefrology", "Did you mean Neurology or Nephrology?"),
        ("leechcraft", "Name one such as Cardiology."),
        ("cardiology, ent, gi, id, renal, derm", f"{MOST} specialties at most"),
        ("p", "One of these is no specialty that I know."),
    ],
)
def test_what_is_no_specialty_is_asked_back(typed: str, told: str) -> None:
    with pytest.raises(Refused) as refused:
        named(typed)
    assert told in refused.value.sentence
    known, clear = understood(typed)
    assert not clear
    assert len(known) <= MOST


def test_every_neighbour_is_a_specialty_and_nobody_is_their_own() -> None:
    for name in NAMES:
        near = neighbours((name,))
        assert near
        assert set(near) < set(NAMES)
        assert name not in near
        assert name in everybody_near((name,))


def test_where_a_circle_is_small_those_around_it_are_asked_too_and_nowhere_else() -> None:
    near, far = "Internal medicine", "Family medicine"
    crowd = [Candidate(MemberId(f"h{number}"), HEART) for number in range(2)]
    crowd += [Candidate(MemberId("asleep"), near, quiet=True), Candidate(MemberId("near"), near)]
    crowd += [Candidate(MemberId("far"), far)]

    def asked(*some: Candidate, most: int = 8) -> list[str]:
        pages = choose_enough(some, ((HEART,), (near,), (near, far)), "soon", Caps(most, 3))
        return [page.member for page in pages]

    assert asked(*crowd) == ["h0", "h1", "near"]
    assert asked(*crowd[1:]) == ["h1", "near", "far"]
    assert asked(*crowd, Candidate(MemberId("h2"), HEART)) == ["h0", "h1", "h2"]
    assert asked(*crowd, most=1) == ["h0"]
    assert asked(*crowd, most=0) == []


def test_the_circles_of_a_rung_begin_with_its_own() -> None:
    assert circles(0, (HEART,))[0] == (HEART,)
    assert (
        circles(0, (HEART,))[1:]
        == circles(2, (HEART,))[1:]
        == (neighbours((HEART,)), everybody_near((HEART,)))
    )
