"""Times of a poll: when it opens, is looked at and closes, and what a clock that jumps does to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.domain.clock_jumps import Jump
from bot.domain.poll_tally import Urn
from bot.domain.poll_terms import Shows
from bot.domain.polls import Cast, Poll, PollState

EVERY: Final = timedelta(minutes=10)
"""From one moment at which an open poll may show how it stands to the next."""


def timed(poll: Poll, now: datetime) -> Poll:
    """Let a poll that was just asked be open, or wait for its opening; says when to look at it first."""
    opens = poll.terms.opens_at
    state = PollState.WAITING if opens is not None and opens > now else PollState.OPEN
    return waits(replace(poll, state=state))


def waits(poll: Poll) -> Poll:
    """Let it wait for the next moment of its own clock."""
    moments = {PollState.WAITING: poll.terms.opens_at, PollState.OPEN: poll.terms.closes_at}
    return replace(poll, look_at=moments.get(poll.state))


def opened(poll: Poll) -> Poll:
    """Open one that waited."""
    return waits(replace(poll, state=PollState.OPEN, revision=poll.revision + 1))


def is_over(poll: Poll, urn: Urn, now: datetime) -> bool:
    """Say whether its time has come, or enough ballots."""
    closes = poll.terms.closes_at
    return (closes is not None and closes <= now) or is_full(poll, urn.ballots)


def may_end(poll: Poll, now: datetime) -> bool:
    """Say whether it could be over, before its ballots are counted."""
    closes = poll.terms.closes_at
    return (closes is not None and closes <= now) or bool(poll.terms.closes_after)


def is_full(poll: Poll, ballots: int) -> bool:
    """Say whether as many ballots are in as it closes after."""
    return 0 < poll.terms.closes_after <= ballots


def after_ballot(poll: Poll, cast: Cast, now: datetime, delay: float, least: int) -> Poll:
    """Say when to look at it after a ballot: at an end by count ``delay`` seconds later, or for a table.

    Neither comes at the moment of a vote. Tables have moments of their own, :data:`EVERY` apart.
    """
    moments = [] if poll.look_at is None else [poll.look_at]
    if is_full(poll, cast.ballots):
        moments.append(now + timedelta(seconds=delay))
    if poll.terms.shows is Shows.SNAPSHOTS and cast.new >= least:
        moments.append(next_table(poll, now))
    return replace(poll, begun=True, look_at=min(moments, default=None))


def next_table(poll: Poll, now: datetime) -> datetime:
    """Give the next moment at which it may show how it stands."""
    return poll.asked_at + EVERY * ((now - poll.asked_at) // EVERY + 1)


def went_along(poll: Poll, jump: Jump) -> Poll:
    """Let a poll that was asked before a jump of the clock wait as long as it would have without it."""
    terms = poll.terms
    if poll.look_at is None or jump.is_after(poll.asked_at):
        return poll
    moved = replace(
        terms,
        opens_at=terms.opens_at and terms.opens_at + jump.by,
        closes_at=terms.closes_at and terms.closes_at + jump.by,
    )
    return replace(poll, terms=moved, look_at=jump.now)
