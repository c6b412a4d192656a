"""Random samples: whoever could be drawn is drawn as often as anybody else, alone and with others."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

from bot.domain.members import Member, MemberId, Role
from bot.domain.poll_terms import Terms
from bot.domain.samples import could_vote, draw, invitations_subject

DRAWS = 12_000


def chi_square(counts: Counter[object], cells: int) -> float:
    expected = counts.total() / cells
    seen = sum((count - expected) ** 2 / expected for count in counts.values())
    return seen + (cells - len(counts)) * expected


def test_each_one_and_each_pair_is_drawn_equally_often() -> None:
    chance = random.Random(8)  # noqa: S311 - the same draws in every run
    ones, pairs, places = Counter[object](), Counter[object](), Counter[object]()
    for _ in range(DRAWS):
        drawn = draw(range(8), 3, lambda: chance.randbytes(32))
        assert len(set(drawn)) == 3
        ones.update(drawn)
        pairs.update(combinations(sorted(drawn), 2))
        places.update(enumerate(drawn))
    # The 99.9th percentiles of chi-square with 7, 27 and 21 degrees of freedom.
    assert chi_square(ones, 8) < 24.3
    assert chi_square(pairs, 28) < 55.5
    assert chi_square(places, 24) < 46.8


def test_of_a_small_pool_all_are_drawn_and_the_pool_stays_as_it_is() -> None:
    chance, pool = random.Random(1), ["a", "b", "c"]  # noqa: S311
    assert sorted(draw(pool, 40, lambda: chance.randbytes(32))) == pool == ["a", "b", "c"]
    assert draw([], 3, lambda: chance.randbytes(32)) == draw(pool, 0, lambda: chance.randbytes(32)) == ()


def test_the_author_other_fields_trainees_and_moderators_are_left_out() -> None:
    terms = Terms(audience=("Dermatology",), trainees=False, sample=5)
    derm = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
    assert could_vote(terms, derm, ())
    assert not could_vote(terms, derm, (derm.id,))
    for role, field in (
        (Role.PHYSICIAN, "Urology"),
        (Role.TRAINEE, "Dermatology"),
        (Role.MODERATOR, "Dermatology"),
    ):
        assert not could_vote(terms, Member(MemberId("b2" * 16), "Calm Ibis", role, field), ())
    moderator = Member(MemberId("b2" * 16), "Calm Ibis", Role.MODERATOR, "Dermatology")
    assert not could_vote(Terms(sample=5), moderator, ())


def test_what_invitations_are_about_depends_on_the_key_alone() -> None:
    assert invitations_subject(b"k" * 32) == invitations_subject(b"k" * 32)
    assert invitations_subject(b"k" * 32) != invitations_subject(b"j" * 32)
