"""Audiences: who is counted, what is refused, and that no polls together are about a few people."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import pytest

from bot.domain.audience import check_audience, invited, units
from bot.domain.members import Member, MemberId, Role
from bot.domain.poll_terms import Terms
from bot.domain.refusal import Refused
from tests.security.sums import smallest_support

LEAST = 5


def people(
    physicians: dict[str, int], trainees: dict[str, int] | None = None, keepers: int = 0
) -> list[Member]:
    roles = [
        *((Role.PHYSICIAN, name) for name, many in physicians.items() for _ in range(many)),
        *((Role.TRAINEE, name) for name, many in (trainees or {}).items() for _ in range(many)),
        *((Role.MODERATOR, "Dermatology") for _ in range(keepers)),
    ]
    return [Member(MemberId(f"{n:032}"), f"Name {n}", role, name) for n, (role, name) in enumerate(roles)]


HOUSE = people(
    {"Cardiology": 20, "Neurology": 9, "Dermatology": 3, "Urology": 4}, {"Cardiology": 6, "Urology": 2}, 9
)


def code(members: list[Member], terms: Terms) -> str:
    try:
        check_audience(members, terms, LEAST)
    except Refused as refused:
        return refused.code
    return ""


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms(), 44),
        (Terms(trainees=False), 36),
        (Terms(audience=("Dermatology",)), 3),
        (Terms(audience=("Cardiology", "Urology")), 32),
        (Terms(sample=10), 10),
        (Terms(sample=100), 36),
    ],
)
def test_who_can_vote_is_counted_and_moderators_are_not(terms: Terms, expected: int) -> None:
    assert invited(HOUSE, terms) == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        (Terms(), ""),
        (Terms(audience=("Cardiology",)), ""),
        (Terms(audience=("Cardiology", "Neurology")), ""),
        (Terms(audience=("Dermatology", "Urology")), ""),
        (Terms(audience=("Dermatology",)), "few_of_specialty"),
        (Terms(audience=("Cardiology", "Urology")), "few_of_specialty"),
        (Terms(audience=("Pathology",)), "few_of_specialty"),
        (Terms(trainees=False), ""),
        (Terms(audience=("Neurology",), trainees=False), ""),
        (Terms(audience=("Cardiology",), trainees=False), "few_trainees"),
    ],
)
def test_an_audience_parts_nobody_off(terms: Terms, expected: str) -> None:
    assert code(HOUSE, terms) == expected


def test_leaving_out_a_few_physicians_or_trainees_is_refused() -> None:
    members = people({"Cardiology": 20, "Neurology": 9, "Dermatology": 4}, {"Cardiology": 4})
    assert code(members, Terms(audience=("Cardiology", "Neurology"))) == "few_left_out"
    assert code(members, Terms(audience=("Neurology",))) == "few_left_out"
    assert code(members, Terms(audience=("Cardiology",))) == ""
    assert code(members, Terms(trainees=False)) == "few_trainees"


def test_the_smallest_groups_take_in_others_until_they_are_large_enough() -> None:
    assert list(map(set, units(Counter(a=9, b=6, c=2), LEAST))) == [{"a"}, {"b", "c"}]
    assert list(map(set, units(Counter(a=9, b=6, c=0), LEAST))) == [{"a"}, {"b", "c"}]
    assert list(map(set, units(Counter(a=2, b=1), LEAST))) == [{"a", "b"}]


def test_no_combination_of_allowed_audiences_is_about_fewer_than_the_smallest_cell() -> None:
    chance = random.Random(19)  # noqa: S311 - the same houses in every run
    names = ("a", "b", "c", "d")
    for _ in range(60):
        physicians = {name: chance.choice((0, 1, 3, 5, 6, 9)) for name in names}
        trainees = {name: chance.choice((0, 0, 1, 2, 5, 7)) for name in names}
        members = people(physicians, trainees)
        if len(members) < LEAST or sum(physicians.values()) < LEAST:
            continue
        chosen = [picked for many in range(len(names)) for picked in combinations(names, many)]
        allowed = [
            terms
            for picked in chosen
            for terms in (Terms(audience=picked), Terms(audience=picked, trainees=False))
            if not code(members, terms)
        ]
        asked = [[member.id for member in members if terms.admits(member)] for terms in allowed]
        assert smallest_support(asked, LEAST) is None
