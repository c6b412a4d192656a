"""Typed votes: what counts, what is asked back, and in which order options are shown."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.members import Member, MemberId, Role
from bot.domain.poll_terms import AGREEMENT, NO_OPINION, PollKind, Scale, Shows, Terms
from bot.domain.poll_votes import (
    example_of,
    mark_of,
    order_for,
    read_vote,
    require_audience,
    written,
)
from bot.domain.polls import Poll
from bot.domain.refusal import Refused

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
SINGLE = Poll(
    "p1", 45, MemberId("a" * 32), "First?", ("Potent steroid", "Antifungal", "Biopsy", NO_OPINION), START
)
LIKERT = replace(SINGLE, options=(*AGREEMENT, NO_OPINION), terms=Terms(PollKind.LIKERT))
MULTIPLE = replace(SINGLE, terms=Terms(PollKind.MULTIPLE, most=2))
RANKING = replace(SINGLE, terms=Terms(PollKind.RANKING))
DOSE = Scale(Decimal("-2.5"), Decimal(20), Decimal("0.5"), "mg")
NUMBER = replace(SINGLE, options=(NO_OPINION,), terms=Terms(PollKind.NUMBER, scale=DOSE))
DOSES = replace(SINGLE, options=("2", "4", "20", NO_OPINION))
KINDS = (SINGLE, LIKERT, MULTIPLE, RANKING, NUMBER, DOSES)
READER = Member(MemberId("b" * 32), "Calm Finch", Role.PHYSICIAN, "Cardiology")


def refused(poll: Poll, words: str, member: Member = READER) -> Refused:
    """Give the refusal of a vote."""

    def vote() -> None:
        require_audience(poll, member)
        read_vote(poll, words)

    with pytest.raises(Refused) as caught:
        vote()
    return caught.value


@pytest.mark.parametrize(
    ("poll", "words", "choice"),
    [
        (SINGLE, "2", (1,)),
        (SINGLE, " #2 ", (1,)),
        (SINGLE, "ANTIFUNGAL", (1,)),
        (SINGLE, "potent   steroid", (0,)),
        (SINGLE, "don\N{RIGHT SINGLE QUOTATION MARK}t know", (3,)),
        (SINGLE, "Don't know / not my field", (3,)),
        (SINGLE, "4", (3,)),
        (LIKERT, "agree", (3,)),
        (MULTIPLE, "3,1", (0, 2)),
        (MULTIPLE, "1 3", (0, 2)),
        (MULTIPLE, "1, 1", (0,)),
        (MULTIPLE, "biopsy, potent steroid", (0, 2)),
        (MULTIPLE, "?", (3,)),
        (RANKING, "2>1>3", (1, 0, 2)),
        (RANKING, "2 1 3", (1, 0, 2)),
        (RANKING, "213", (1, 0, 2)),
        (RANKING, "biopsy > antifungal > potent steroid", (2, 1, 0)),
        (RANKING, "not my field", (3,)),
        (RANKING, "4", (3,)),
        (NUMBER, "12.5", (30,)),
        (NUMBER, "12,5 mg", (30,)),
        (NUMBER, "\N{MINUS SIGN}2.5MG", (0,)),
        (NUMBER, "20", (45,)),
        (NUMBER, "don't know", (46,)),
    ],
)
def test_a_vote_can_be_typed_in_many_ways(poll: Poll, words: str, choice: tuple[int, ...]) -> None:
    assert read_vote(poll, words) == choice


@pytest.mark.parametrize(
    ("poll", "words", "told"),
    [
        (SINGLE, "9", "Poll 45 has options 1 to 4. Vote with their numbers: vote 45 1."),
        (SINGLE, "0", "Poll 45 has options 1 to 4. Vote with their numbers: vote 45 1."),
        (SINGLE, "steroids", "Poll 45 has options 1 to 4. Vote with their numbers: vote 45 1."),
        (SINGLE, "1,2", "Choose one option: vote 45 1."),
        (SINGLE, "1 2", "Choose one option: vote 45 1."),
        (MULTIPLE, "1,2,3", "Choose at most 2 options, not 3: vote 45 1,2."),
        (MULTIPLE, "1,4", f'"{NO_OPINION}" stands alone: choose it, or others: vote 45 1,2.'),
        (MULTIPLE, ",", "Vote with the numbers of up to 2 options: vote 45 1,2."),
        (MULTIPLE, "1,9", "Poll 45 has options 1 to 4. Vote with their numbers: vote 45 1,2."),
        (RANKING, "1>2", "Put all 3 options in order, each once, the best first: vote 45 1>2>3."),
        (RANKING, "1>1>2", "Put all 3 options in order, each once, the best first: vote 45 1>2>3."),
        (RANKING, "1>2>3>4", f'"{NO_OPINION}" stands alone: choose it, or others: vote 45 1>2>3.'),
        (RANKING, ">", "Put all 3 options in order, each once, the best first: vote 45 1>2>3."),
        (NUMBER, "21", "Vote with a number from -2.5 to 20 mg, in steps of 0.5: vote 45 -2.5."),
        (NUMBER, "1.3", "Vote with a number from -2.5 to 20 mg, in steps of 0.5: vote 45 -2.5."),
        (NUMBER, "1,000", "Vote with a number from -2.5 to 20 mg, in steps of 0.5: vote 45 -2.5."),
        (NUMBER, "1e999999", "Vote with a number from -2.5 to 20 mg, in steps of 0.5: vote 45 -2.5."),
        (NUMBER, "nan", "Vote with a number from -2.5 to 20 mg, in steps of 0.5: vote 45 -2.5."),
    ],
)
def test_a_wrong_vote_gets_one_sentence_and_a_right_one(poll: Poll, words: str, told: str) -> None:
    refusal = refused(poll, words)
    assert refusal.sentence == told
    assert refusal.suggestions == ("vote 45",)
    right = told.rpartition(": vote 45 ")[2].removesuffix(".")
    assert read_vote(poll, right) == read_vote(poll, example_of(poll))


def test_a_number_that_names_one_option_and_counts_another_is_asked_back() -> None:
    told = 'Option 1 of poll 45 is called "2". Put # before an option\'s number: vote 45 #1.'
    assert refused(DOSES, "2").sentence == told
    assert read_vote(DOSES, "#2") == (1,)
    assert read_vote(DOSES, "#1") == (0,)
    assert read_vote(DOSES, "1") == (0,)
    assert read_vote(DOSES, "20") == (2,)
    assert [mark_of(DOSES, index) for index in range(2)] == ["#1", "#2"]
    assert read_vote(replace(DOSES, options=("1", "2", "3", NO_OPINION)), "2") == (1,)


@given(st.sampled_from(KINDS), st.data())
def test_what_is_written_is_read_again(poll: Poll, data: st.DataObject) -> None:
    real = poll.undecided[0]
    if poll.terms.kind is PollKind.RANKING:
        choices = st.permutations(range(real)).map(tuple)
    elif poll.terms.kind is PollKind.MULTIPLE:
        choices = st.sets(st.integers(0, real - 1), min_size=1, max_size=2).map(lambda s: tuple(sorted(s)))
    else:
        choices = st.integers(0, real - 1).map(lambda one: (one,))
    choice = data.draw(choices | st.just(poll.undecided))
    assert read_vote(poll, written(poll, choice)) == choice


@given(st.sampled_from(KINDS), st.text(max_size=40))
def test_any_words_are_a_vote_or_refused(poll: Poll, words: str) -> None:
    try:
        choice = read_vote(poll, words)
    except Refused as refusal:
        code = refusal.code
    else:
        code = "not_a_vote"
        assert 0 <= min(choice) <= max(choice) <= poll.undecided[0]
    assert code in {"not_a_vote", "no_such_option"}


def test_who_is_not_asked_is_told_who_is() -> None:
    asks = replace(SINGLE, terms=Terms(audience=("Dermatology", "Internal medicine", "Neurology")))
    told = "Poll 45 asks dermatology, internal medicine and neurology."
    assert refused(asks, "1").sentence == f"{told} You can read its result once it is closed."
    trainee = replace(READER, role=Role.TRAINEE)
    only = replace(SINGLE, terms=Terms(trainees=False, shows=Shows.AUTHOR))
    assert refused(only, "1", trainee).sentence == "Poll 45 asks physicians, not trainees."
    require_audience(only, READER)


def test_each_option_stands_first_about_as_often_and_for_one_voter_always_in_one_order() -> None:
    shuffled = replace(SINGLE, terms=Terms(shuffled=True))
    voters = [f"voter {number}" for number in range(6000)]
    orders = Counter(order_for(shuffled, voter) for voter in voters)
    assert all(order[-1] == 3 for order in orders)
    expected = len(voters) / 6
    # The 99.9th percentile of chi-square with 5 degrees of freedom.
    assert len(orders) == 6
    assert sum((found - expected) ** 2 / expected for found in orders.values()) < 20.5
    assert [order_for(shuffled, voter) for voter in voters[:50]] == [
        order_for(shuffled, voter) for voter in voters[:50]
    ]
    assert {order_for(SINGLE, voter) for voter in voters[:50]} == {(0, 1, 2, 3)}
    likert = replace(LIKERT, terms=replace(LIKERT.terms, shuffled=True))
    assert order_for(likert, "anybody") == tuple(range(6))
