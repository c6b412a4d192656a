"""One of every card about finding: what was found, the next case, and the home menu."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.domain.cases import Case
from bot.domain.members import Member, Role
from bot.views import case as cases
from bot.views.dashboard import dashboard_card
from bot.views.reveal import gate
from bot.views.search import found_card, no_words_card
from bot.views.waiting import all_done_card, next_card, skipped_card


def cards(case: Case, author: Member) -> dict[str, Card]:
    """Give the cards on this case."""
    blind = replace(case, blind=True)
    shown = cases.shown_card(blind, author, [], reader_is_author=False, besides=(gate(2),))
    many = [replace(case, number=number, opinions=number - 124) for number in range(124, 131)]
    return {
        "found": found_card([case, case.close(case.posted_at)]),
        "found_nothing": found_card([]),
        "find_no_words": no_words_card(),
        "next": next_card(shown, blind, 2),
        "next_last": next_card(shown, blind, 0),
        "next_skipped": skipped_card(case.number, 1),
        "next_none": all_done_card(),
        "home": dashboard_card(Role.PHYSICIAN, many, [case], ["case"]),
        "home_much": dashboard_card(Role.PHYSICIAN, many[:1], many, ["case", "comment"]),
        "home_empty": dashboard_card(Role.TRAINEE, [], [], []),
        "home_moderator": dashboard_card(Role.MODERATOR, [], [], []),
    }
