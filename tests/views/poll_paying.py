"""One of every card about honoraria and random samples."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.chat.cards import Card
from bot.domain.claims import SHOWN_FOR, Honorarium
from bot.domain.members import Member
from bot.domain.poll_terms import Terms
from bot.domain.polls import Poll
from bot.views import poll as polls
from bot.views import poll_paying as views

PAYER, PAYMENT = "Example Research", "30 euros, from claims@example.org"


def cards(poll: Poll, author: Member) -> dict[str, Card]:
    """Give the cards about this poll."""
    paying = replace(poll, terms=Terms(sponsor=PAYER, payment=PAYMENT))
    sample = replace(poll, terms=Terms(sample=40), invited=40)
    paid_sample = replace(sample, terms=Terms(sample=40, sponsor=PAYER, payment=PAYMENT))
    until = poll.asked_at + SHOWN_FOR
    one = Honorarium(poll.number, "7GQ2-MX4D-0RTA-91KZ", PAYER, PAYMENT, until)
    other = Honorarium(131, "0VHB-3NQE-T8S5-2PWC", "Sample Lab", "a book", until + timedelta(days=9))
    return {
        "poll_that_pays": polls.poll_card(paying, author),
        "poll_sample": polls.poll_card(paid_sample, author),
        "poll_asked_sample": polls.asked_card(sample, author, 60, "a7a7"),
        "poll_asked_small_sample": polls.asked_card(replace(sample, invited=12), author, 60, "a7a7"),
        "poll_invitation": views.invitation_card(sample),
        "poll_invitation_paid": views.invitation_card(paid_sample),
        "poll_invitation_quiet": views.invitation_quiet_card(sample),
        "honorarium": views.honoraria_card((one,)),
        "honoraria": views.honoraria_card((one, other)),
        "honoraria_none": views.honoraria_card(()),
        "honorarium_quiet": views.honorarium_quiet_card(),
    }
