"""Who can see what of a poll, in one line that stands on its card and on the form for the vote."""

from __future__ import annotations

from bot.domain.poll_terms import Shows, Terms
from bot.domain.polls import Poll
from bot.views.poll_terms import reads_line


def who_sees(poll: Poll) -> str:
    """Say who sees what."""
    terms = poll.terms
    drawn = " Who was drawn is shown to nobody else." if terms.sample else ""
    return (
        f"{reads_line(terms)}{_sponsor(terms)}{drawn} No room and no result shows who voted what; "
        "your own chat keeps your vote. You can change it until the poll is closed."
    )


def _sponsor(terms: Terms) -> str:
    """Say what whoever pays can see."""
    if not terms.sponsor:
        return ""
    if terms.shows is Shows.AUTHOR:
        return " The sponsor learns what its author passes on."
    return " The sponsor sees no more than that."
