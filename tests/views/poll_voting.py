"""What is shown around a vote, for each kind of poll."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.domain.members import Member
from bot.domain.poll_terms import AGREEMENT, NO_OPINION, PollKind, Scale, Terms
from bot.domain.poll_votes import read_vote, require_audience
from bot.domain.polls import Poll
from bot.domain.refusal import Refused
from bot.views import poll as poll_views
from bot.views import poll_vote
from bot.views.home import refusal_card

LIKERT = Terms(PollKind.LIKERT)
TWO = Terms(PollKind.MULTIPLE, most=2)
RANKED = Terms(PollKind.RANKING)
SHUFFLED = Terms(shuffled=True)
DOSE = Terms(PollKind.NUMBER, scale=Scale(Decimal(0), Decimal(20), Decimal("0.5"), "mg"))


def polls(poll: Poll) -> dict[str, Poll]:
    """Give a poll of each kind."""
    return {
        "likert": replace(poll, options=(*AGREEMENT, NO_OPINION), terms=LIKERT),
        "multiple": replace(poll, terms=TWO),
        "any": replace(poll, terms=replace(TWO, most=3)),
        "ranking": replace(poll, terms=RANKED),
        "number": replace(poll, options=(NO_OPINION,), terms=DOSE),
        "shuffled": replace(poll, terms=SHUFFLED),
        "doses": replace(poll, question="How many doses?", options=("2", "4", "6", NO_OPINION)),
    }


VOTES = {"likert": (3,), "multiple": (0, 2), "ranking": (2, 0, 1), "number": (5,), "shuffled": (1,)}
WRONG = {
    "likert": ("9",),
    "multiple": ("1,2,3", "1,4", "9"),
    "ranking": ("1>2", "1>1>2", "1>2>3>4"),
    "number": ("25", "0.3", "much"),
    "doses": ("2",),
}


def cards(poll: Poll, author: Member, other: Member) -> dict[str, Card]:
    """Give the room's card, what counted, and what did not, for each kind."""
    kinds = polls(poll)
    shown = {f"poll_{kind}": poll_views.poll_card(one, author) for kind, one in kinds.items()}
    for kind, choice in VOTES.items():
        shown[f"poll_counted_{kind}"] = poll_vote.counted_card(kinds[kind], choice, changed=False)
    shown["poll_changed_ranking"] = poll_vote.counted_card(kinds["ranking"], (3,), changed=True)
    for kind, lines in WRONG.items():
        for number, line in enumerate(lines, start=1):
            shown[f"poll_wrong_{kind}_{number}"] = refusal_card(_refusal(kinds[kind], line, author))
    asks = replace(poll, terms=Terms(audience=("Cardiology", "Neurology"), trainees=False))
    for number, member in enumerate((author, other), start=1):
        shown[f"poll_not_asked_{number}"] = refusal_card(_refusal(asks, "1", member))
    return shown


def forms(poll: Poll) -> dict[str, Form]:
    """Give the form of each kind, empty and with a vote."""
    order = {"number": (0,), "likert": tuple(range(6)), "shuffled": (2, 0, 1, 3)}
    asked = {kind: (one, order.get(kind, (0, 1, 2, 3))) for kind, one in polls(poll).items()}
    empty = {f"vote_form_{kind}": poll_vote.vote_form(*one, None) for kind, one in asked.items()}
    again = {
        f"vote_form_{kind}_again": poll_vote.vote_form(*asked[kind], choice) for kind, choice in VOTES.items()
    }
    return empty | again


def _refusal(poll: Poll, words: str, member: Member) -> Refused:
    try:
        require_audience(poll, member)
        choice = read_vote(poll, words)
    except Refused as refused:
        return refused
    raise AssertionError(f"{words} counts as {choice}")
