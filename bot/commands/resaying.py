"""Resaying: everything that stands in the rooms about a case, as it would be said now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.chat.cards import Card
from bot.commands.authors import author_of, authors_of
from bot.commands.context import House
from bot.commands.helping import thanks_of
from bot.commands.summaries import summary_as_is
from bot.domain.cases import Case
from bot.domain.poll_terms import Shows
from bot.domain.polls import Poll, PollState
from bot.ports.work import Work
from bot.views.case import case_card
from bot.views.comment import comment_card
from bot.views.opinion import opinion_in_room
from bot.views.outcome import outcome_card
from bot.views.poll import poll_card
from bot.views.poll_result import result_card
from bot.views.update import update_card


@dataclass(frozen=True, slots=True)
class Saying:
    """One posting: its subject, its card, and when it may leave at the earliest."""

    subject: str
    card: Card
    release_at: datetime


async def said_under(work: Work, case: Case) -> tuple[str, ...]:
    """List the subjects of what was said about a case and is not hidden by itself, in order."""
    said = [
        *[(one.given_at, one.subject) for one in await work.opinions.of_case(case.id)],
        *[(one.said_at, one.subject) for one in await work.comments.of_case(case.id)],
        *[(one.added_at, one.subject) for one in await work.updates.of_case(case.id)],
    ]
    said += [
        (poll.asked_at, subject)
        for poll in await work.polls.of_case(case.id)
        if not poll.hidden
        for subject in said_by(poll)
    ]
    outcome = await work.outcomes.of_case(case.id)
    last = (outcome.subject,) if outcome is not None else ()
    return (*(subject for _, subject in sorted(said)), case.summary_subject, *last)


async def sayings_of(house: House, work: Work, case: Case) -> tuple[Saying, ...]:
    """List what rooms are to read about a case, the case first; what is hidden by itself is left out."""
    author = await author_of(work, case.author)
    undo = timedelta(seconds=house.rules.undo_seconds)
    said = [
        *await _opinions(house, work, case),
        *[
            Saying(one.subject, update_card(one, case, author), one.added_at + undo)
            for one in await work.updates.of_case(case.id)
        ],
        *await _comments(work, case, undo),
        *[
            one
            for poll in await work.polls.of_case(case.id)
            if not poll.hidden
            for one in await poll_sayings(house, work, poll)
        ],
    ]
    said.sort(key=lambda one: one.release_at)
    if (summary := await summary_as_is(work, case)) is not None:
        said.append(Saying(case.summary_subject, summary, case.released_at))
    if (outcome := await work.outcomes.of_case(case.id)) is not None:
        card = outcome_card(outcome, case, author)
        said.append(Saying(outcome.subject, card, outcome.look_at or outcome.told_at))
    return (Saying(case.subject, case_card(case, author), case.released_at), *said)


def said_by(poll: Poll) -> tuple[str, ...]:
    """List the subjects of what a poll says in the rooms."""
    told = poll.state is PollState.CLOSED and poll.result is not None and poll.look_at is None
    charted = told and poll.terms.shows is not Shows.AUTHOR
    return (poll.subject, *((poll.result_subject,) if charted else ()))


async def poll_sayings(house: House, work: Work, poll: Poll) -> tuple[Saying, ...]:
    """List what rooms are to read of a poll, its card first."""
    author, now = await author_of(work, poll.author), house.clock.now()
    card, chart = (
        poll_card(poll, author),
        result_card(poll, author, chart=poll.id, least=house.rules.min_cell),
    )
    both = zip(said_by(poll), (card, chart), strict=False)
    return tuple(Saying(subject, said, max(now, poll.released_at or now)) for subject, said in both)


async def _opinions(house: House, work: Work, case: Case) -> list[Saying]:
    opinions = await work.opinions.of_case(case.id)
    known = await authors_of(work, {one.member for one in opinions})
    thanks = await thanks_of(work, case, opinions)
    return [
        Saying(
            one.subject,
            opinion_in_room(one, case, known[one.member], thanks[one.id]),
            one.counts_from(house.rules.undo_seconds),
        )
        for one in opinions
    ]


async def _comments(work: Work, case: Case, undo: timedelta) -> list[Saying]:
    comments = await work.comments.of_case(case.id)
    known = await authors_of(work, {one.member for one in comments})
    return [
        Saying(one.subject, comment_card(one, case, known[one.member]), one.said_at + undo)
        for one in comments
    ]
