"""One of every card that lists polls, and of those that are hidden."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.domain.hiding import Reason, Target, Why
from bot.domain.members import Role
from bot.domain.polls import Poll
from bot.views import hiding
from bot.views.dashboard import dashboard_card
from bot.views.poll_list import ListedPoll, Place, polls_card


def cards(poll: Poll) -> dict[str, Card]:
    """Give the cards about this poll and others like it."""
    four = [ListedPoll(replace(poll, number=124 + one), place) for one, place in enumerate(Place)]
    target = Target(poll.number, poll=True)
    many = [ListedPoll(replace(poll, number=124 + one), Place.WAITS) for one in range(13)]
    return {
        "polls": polls_card(four),
        "polls_many": polls_card(many),
        "polls_none": polls_card([]),
        "poll_hidden": hiding.hidden_poll_card(poll),
        "poll_hidden_told": hiding.told_card("hide", target, Reason(Why.ADVERTISING, "It sells a cream.")),
        "poll_restored_told": hiding.told_card("restore", target, Reason()),
        "home_polls": dashboard_card(Role.TRAINEE, [], [], [], four),
    }
