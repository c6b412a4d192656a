"""Results of every kind of poll, with invented voters, for cards and charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.chat.cards import Card
from bot.domain.members import Member, MemberId, Role
from bot.domain.poll_tally import Counts, Group, Result
from bot.domain.poll_terms import AGREEMENT, NO_OPINION, OTHERS, PollKind, Scale, Shows, Terms
from bot.domain.polls import Poll, PollState
from bot.views import poll_result, poll_table

ASKED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
CLOSED = ASKED + timedelta(days=3)
HERON = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
QUESTION = "First-line treatment of a lone plaque?"
LONG = (
    "Would you start a systemic treatment in a man of 58 with an itching plaque on the left shin that has "
    "stood for six weeks, has not changed under a potent steroid, and has a border that looks like a fungus, "
    "while the scraping is still on its way and the next appointment is in four weeks?"
)
FOUR = ("Potent steroid", "Antifungal", "Biopsy first", NO_OPINION)
NINE = (
    "A potent topical steroid under occlusion at night, for two weeks",
    "Antifungal",
    "Biopsy first",
    "Scraping first",
    "Calcineurin inhibitor",
    "Emollients alone, and another look in four weeks or earlier if it grows or bleeds",
    "Phototherapy",
    "Wait",
    "Hydroxymethoxyphenylpropionylaminobenzoylsalicylatederivatives",
    NO_OPINION,
)


def _poll(options: tuple[str, ...], result: Result, terms: Terms, question: str = QUESTION) -> Poll:
    asked = Poll("a7" * 16, 124, HERON.id, question, options, ASKED, terms)
    return asked.close(result, CLOSED)


def _numbers(scale: Scale, said: Mapping[int, int], undecided: int) -> Counts:
    marks = tuple(said.get(mark, 0) for mark in range(scale.marks))
    return Counts(sum(marks) + undecided, (*marks, undecided))


_PERCENT = Scale(Decimal(0), Decimal(100), Decimal(1), "%")
_DOSE = Scale(Decimal("0.5"), Decimal(5), Decimal("0.5"), "mg")
_COLD = Scale(Decimal(-20), Decimal(40), Decimal(1), "degrees")
_SKIN = Group(("Dermatology",), Counts(14, (8, 2, 2, 2)))
_REST = Group(("Cardiology", "Family medicine", OTHERS), Counts(9, (3, 2, 3, 1)))
_GUESSES = {0: 1, 10: 2, 20: 5, 25: 4, 30: 9, 33: 1, 35: 6, 40: 11, 45: 2, 50: 14, 60: 3, 75: 2, 100: 1}

POLLS: Mapping[str, Poll] = {
    "single": _poll(FOUR, Result(Counts(23, (11, 4, 5, 3)), CLOSED, (_SKIN, _REST), 3, 48), Terms()),
    "multiple": _poll(
        NINE,
        Result(Counts(40, (31, 4, 22, 17, 1, 9, 0, 3, 12, 2)), CLOSED, invited=212),
        Terms(PollKind.MULTIPLE, most=3, trainees=False),
    ),
    "likert": _poll(
        (*AGREEMENT, NO_OPINION), Result(Counts(31, (2, 5, 6, 12, 4, 2)), CLOSED), Terms(PollKind.LIKERT)
    ),
    "likert_one_side": _poll(
        (*AGREEMENT, NO_OPINION), Result(Counts(9, (0, 0, 0, 1, 8, 0)), CLOSED), Terms(PollKind.LIKERT)
    ),
    "likert_many": _poll(
        (*AGREEMENT, NO_OPINION),
        Result(Counts(300_000, (41_234, 52_341, 61_111, 100_223, 30_001, 15_090)), CLOSED, invited=412_000),
        Terms(PollKind.LIKERT),
    ),
    "ranking": _poll(
        FOUR, Result(Counts(12, (6, 3, 2, 3, 6, 2, 2, 2, 7, 1)), CLOSED), Terms(PollKind.RANKING)
    ),
    "ranking_tied": _poll(
        FOUR, Result(Counts(6, (3, 3, 0, 3, 3, 0, 0, 0, 6, 0)), CLOSED), Terms(PollKind.RANKING)
    ),
    "number": _poll(
        ("%",), Result(_numbers(_PERCENT, _GUESSES, 4), CLOSED), Terms(PollKind.NUMBER, scale=_PERCENT)
    ),
    "number_sampled": _poll(
        ("mg",),
        Result(_numbers(_DOSE, {1: 3, 2: 9, 3: 14, 5: 4, 9: 1}, 0), CLOSED, invited=40),
        Terms(PollKind.NUMBER, scale=_DOSE, sample=40, trainees=False),
    ),
    "number_many": _poll(
        ("C",),
        Result(_numbers(_COLD, {n: 12_345 - 97 * (n - 30) ** 2 % 12_000 for n in range(10, 50)}, 7), CLOSED),
        Terms(PollKind.NUMBER, scale=_COLD),
    ),
    "long": _poll(
        FOUR,
        Result(Counts(1208, (1208, 0, 0, 0)), CLOSED, held_back=1, invited=1203),
        Terms(sponsor="Example Foundation", payment="10 EUR for each answer"),
        LONG,
    ),
    "nobody": _poll(FOUR, Result(Counts(6, (0, 0, 0, 6)), CLOSED), Terms()),
}


def cards() -> dict[str, Card]:
    """Give a card of every kind of result, and of what there is while a poll is open."""
    single = POLLS["single"]
    so_far = replace(single, state=PollState.OPEN, closed_at=None, terms=Terms(shows=Shows.SNAPSHOTS))
    whole = {
        f"poll_result_{name}": poll_result.result_card(poll, HERON, chart="ab" * 16)
        for name, poll in POLLS.items()
    }
    return {
        **whole,
        "poll_result_in_room": poll_result.result_card(single, HERON),
        "poll_result_so_far": poll_result.result_card(so_far, HERON, least=5),
        "poll_result_so_far_too_few": poll_result.result_card(replace(so_far, result=None), HERON),
        "poll_results_whole": poll_result.results_card(single, HERON, least=5),
        "poll_table": poll_table.table_card(single),
        "poll_ended_number": poll_result.ended_card(POLLS["number"]),
        "poll_ended_held_back": poll_result.ended_card(single, least=5),
        "poll_ended_for_author": poll_result.ended_card(replace(single, terms=Terms(shows=Shows.AUTHOR))),
    }
