"""Audiences: who may vote in a poll, and how many that are."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.members import Member
from bot.domain.poll_terms import Terms
from bot.domain.refusal import Refused


def invited(members: Collection[Member], terms: Terms) -> int:
    """Count the members who may vote."""
    return sum(terms.admits(member) for member in members)


def check_audience(members: Collection[Member], terms: Terms, least: int) -> None:
    """Refuse an audience of which no result could ever be shown; raises :class:`Refused`."""
    if terms.audience and invited(members, terms) < least:
        raise Refused(
            "small_audience",
            f"Fewer than {least} members are in this audience, so no result could be shown. Widen it.",
            "help poll",
        )
