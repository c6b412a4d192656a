"""T-19: whoever knows all that was ever shown, and even who had voted, recovers nobody's vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.domain.members import MemberId
from bot.domain.poll_tally import Urn
from tests.security.polling import LEAST, Family, Weaken, family
from tests.security.sums import Found, smallest_support

POLLS = 1000


def families(
    polls: int, weaken: Weaken = lambda urn: urn, smallest_group: int = LEAST, most: int = 5
) -> Iterator[Family]:
    """Ask so many polls, family by family."""
    seed = asked = 0
    while asked < polls:
        one = family(seed, weaken, smallest_group, most=most)
        yield one
        seed, asked = seed + 1, asked + len(one.booths)


def attack(asked: Family) -> Found | None:
    return smallest_support([shown.people for shown in asked.shown()], LEAST)


def told(found: Found, asked: Family) -> tuple[list[int], list[int]]:
    """Give what the attacker computes for each slot from what was shown, and what is true."""
    poll = asked.booths[0].poll
    slots = range(len(poll.nothing.slots))
    votes = {person: asked.ballot(poll, MemberId(person)).slots for person in found.weights}
    computed = [
        sum(share * shown.slots[slot] for share, shown in zip(found.recipe, asked.shown(), strict=True))
        for slot in slots
    ]
    true = [sum(weight * votes[person][slot] for person, weight in found.weights.items()) for slot in slots]
    return list(map(int, computed)), list(map(int, true))


def test_t_19_nobodys_vote_comes_out_of_a_thousand_polls() -> None:
    seen: Counter[str] = Counter()
    for asked in families(POLLS):
        assert attack(asked) is None
        results = [booth.poll.result for booth in asked.booths if booth.poll.result]
        seen["polls"] += len(asked.booths)
        seen["with a result"] += len(results)
        seen["parted"] += sum(bool(result.groups) for result in results)
        seen["shown more than once"] += sum(booth.released > 1 for booth in asked.booths)
        seen["after somebody left"] += sum(bool(booth.gone) for booth in asked.booths)
        seen["beside another"] += len(results) > 1
    assert seen["polls"] >= POLLS
    assert min(seen.values()) > POLLS / 25, seen


def without_releases(urn: Urn) -> Urn:
    """Forget what was shown of this poll, as long as there is something new."""
    return replace(urn, earlier=(), gone={}) if urn.new else urn


def without_others(urn: Urn) -> Urn:
    return replace(urn, beside=())


def without_leavers(urn: Urn) -> Urn:
    return replace(urn, gone={})


@pytest.mark.parametrize(
    ("weaken", "smallest_group"),
    [(without_releases, LEAST), (without_others, LEAST), (without_leavers, LEAST), (lambda urn: urn, 1)],
    ids=["a snapshot at any time", "each poll by itself", "whoever left is forgotten", "small groups shown"],
)
def test_t_19_without_one_of_the_rules_votes_come_out(weaken: Weaken, smallest_group: int) -> None:
    """The same attacker wins against weaker rules: computes from what was shown what a few people voted."""
    for asked in families(POLLS, weaken, smallest_group, most=2):
        found = attack(asked)
        if found is not None:
            computed, true = told(found, asked)
            assert computed == true
            assert len(found.weights) < LEAST
            return
    pytest.fail("nothing came out")


def test_t_19_who_stands_in_the_same_tables_is_one_of_many() -> None:
    """Where nobody leaves, no table sets anybody apart from four others, whatever method is used."""
    for seed in range(60):
        asked = family(seed, leaving=False, most=1)
        stands_in = Counter(
            frozenset(at for at, shown in enumerate(asked.shown()) if person in shown.people)
            for person in asked.members
        )
        del stands_in[frozenset()]
        assert all(many >= LEAST for many in stands_in.values())
