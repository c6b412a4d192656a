"""One of every card about the times of polls: waiting, open for a while, standing, closed by others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.chat.cards import Card
from bot.domain.members import Member
from bot.domain.poll_tally import Counts, Result
from bot.domain.poll_terms import Shows, Terms
from bot.domain.poll_times import opened, timed
from bot.domain.polls import Poll
from bot.views import poll, poll_times


def cards(asked: Poll, author: Member) -> dict[str, Card]:
    """Give the cards on a poll that was just asked."""
    now = asked.asked_at
    hour = timedelta(hours=1)
    terms = Terms(opens_at=now + hour, closes_at=now + 49 * hour, closes_after=50, shows=Shows.SNAPSHOTS)
    waiting = timed(replace(asked, terms=terms), now)
    counts = Counts(12, (7, 3, 1, 1)[: len(asked.options)])
    shown = opened(waiting).snapshot(Result(counts, now + 2 * hour))
    alone = replace(asked, terms=Terms(closes_after=50, shows=Shows.AUTHOR))
    closed = alone.close(shown.result, now + 3 * hour)
    return {
        "poll_waiting": poll.poll_card(waiting, author),
        "poll_waiting_results": poll_times.waiting_card(waiting),
        "poll_stands_in_room": poll.poll_card(shown, author),
        "poll_stands": poll_times.stands_card(shown, author, 5),
        "poll_stands_too_few": poll_times.stands_card(opened(waiting), author, 5),
        "poll_vote_first": poll_times.vote_first_card(shown),
        "poll_for_author": poll.poll_card(alone, author),
        "poll_for_author_results": poll_times.author_only_card(alone),
        "poll_for_author_closed": poll_times.closed_card(closed, author),
        "poll_for_author_closed_results": poll_times.author_only_card(closed),
        "poll_for_author_ended": poll_times.closed_for_author_card(closed),
        "poll_ended_by_moderator": poll_times.closed_by_moderator_card(closed),
        "poll_closed_quiet": poll_times.quiet_card(closed),
        "poll_void": poll_times.void_card(closed, author),
        "poll_voided": poll_times.voided_card(closed),
    }
