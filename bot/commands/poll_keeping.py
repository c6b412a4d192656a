"""What the timekeeper does with polls: it opens, shows how they stand, closes, and tells what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.commands.authors import author_of
from bot.commands.context import House
from bot.commands.finding import is_in_sight
from bot.commands.paying import NOBODY, electors
from bot.commands.poll_closing import close_poll, tell_author
from bot.domain.draft_pictures import StoredPicture
from bot.domain.members import Member
from bot.domain.poll_tally import Urn
from bot.domain.poll_terms import Shows
from bot.domain.poll_times import after_ballot, is_full, is_over, may_end, opened, waits
from bot.domain.polls import Cast, Poll, PollState
from bot.ports.work import Work
from bot.views import poll_times
from bot.views.poll import poll_card
from bot.views.poll_result import result_card

_AT_ONCE: Final = 100
_MOST: Final = 5
"""How often one poll is looked at in a turn; what is left then waits for the next."""


async def poll_turn(house: House, on_fault: Callable[[Exception], None], now: datetime) -> None:
    """Do what was due on polls at ``now``, each thing once.

    ``on_fault`` hears of a poll that is broken; the others go on.
    """
    broken: set[str] = set()
    times: Counter[str] = Counter()
    while due := [one for one in await _due(house, now) if one.id not in broken and times[one.id] < _MOST]:
        for poll in due:
            times[poll.id] += 1
            try:
                await _do(house, poll, now)
            except Exception as fault:  # noqa: BLE001 - one broken poll must not stop the others
                broken.add(poll.id)
                on_fault(fault)


async def after_vote(house: House, work: Work, poll: Poll, cast: Cast) -> Poll:
    """Note when a poll is to be looked at because of a ballot; nothing leaves or closes with the ballot."""
    rules = house.rules
    delay = house.chance.between(*rules.delay_seconds) if is_full(poll, cast.ballots) else 0.0
    noted = after_ballot(poll, cast, house.clock.now(), delay, rules.min_cell)
    if noted.look_at != poll.look_at:
        await work.polls.replace(noted)
    return noted


async def _due(house: House, now: datetime) -> tuple[Poll, ...]:
    async with house.content.look() as work:
        return await work.polls.due(now, _AT_ONCE)


async def _do(house: House, due: Poll, now: datetime) -> None:
    """Do the next thing on a poll; one that is closed now gets its result told in a turn of its own."""
    closed = due if due.state is PollState.CLOSED else await _keep(house, due, now)
    if closed is not None and closed.look_at is not None:
        await _tell(house, closed)


async def _keep(house: House, due: Poll, now: datetime) -> Poll | None:
    """Look at a poll that is not closed, in one commit; gives it where that closed it."""
    could_vote = await electors(house, due) if may_end(due, now) else NOBODY
    async with house.content.work() as work:
        poll = await work.polls.get(due.id)
        # What is due on a hidden one waits.
        if poll is None or poll.state is PollState.CLOSED or not await is_in_sight(work, poll):
            return None
        try:
            urn = await work.polls.urn(poll)
        except KeyError:
            return await _void(house, work, poll)
        if is_over(poll, urn, now):
            closed = await close_poll(house, work, poll, await author_of(work, poll.author), could_vote)
            await tell_author(house, work, closed)
            return closed
        await _look(house, work, poll, urn, now)
        return None


async def _look(house: House, work: Work, poll: Poll, urn: Urn, now: datetime) -> None:
    """Open it, show how it stands, or wait on; every way moves the moment of the next look."""
    opens = poll.terms.opens_at
    if poll.state is PollState.WAITING and opens is not None and opens <= now:
        begun, author = opened(poll), await author_of(work, poll.author)
        await work.polls.replace(begun)
        await work.outbox.edit(begun.subject, poll_card(begun, author), revision=begun.revision)
    elif poll.terms.shows is Shows.SNAPSHOTS:
        await _show(house, work, poll, urn)
    else:
        await work.polls.replace(waits(poll))


async def _show(house: House, work: Work, poll: Poll, urn: Urn) -> None:
    """Release a table of an open poll, where there is a new one; the rooms hear of nothing but that."""
    now = house.clock.now()
    result = poll.release(urn, now, house.rules.min_cell, final=False)
    if result is None or result.at != now:
        await work.polls.replace(waits(poll))
        return
    shown = waits(poll.snapshot(result))
    await work.polls.release(shown, urn)
    card = poll_card(shown, await author_of(work, poll.author))
    await work.outbox.refresh(shown.subject, card, release_at=now)


async def _void(house: House, work: Work, poll: Poll) -> Poll:
    """Close a poll that was brought back without its urn: what was shown stands, its author is told."""
    now = house.clock.now()
    closed = replace(poll.close(None, now), result=poll.result, voided=True)
    await work.polls.close(closed)
    await work.forget_votes(closed.number)
    author = await author_of(work, poll.author)
    await work.outbox.edit(closed.subject, poll_times.void_card(closed, author), revision=closed.revision)
    await tell_author(house, work, closed, poll_times.voided_card(closed))
    return closed


async def _tell(house: House, due: Poll) -> None:
    """Draw the chart of a closed poll, and send it with its result to the rooms or to its author."""
    chart = await asyncio.to_thread(_drawn, due, house.rules.min_cell)
    async with house.content.work() as work:
        poll = await work.polls.get(due.id)
        if poll is None or poll.look_at is None or poll != due or not await is_in_sight(work, poll):
            return
        await work.pictures.add(StoredPicture(poll.id, chart, "image/png"))
        await work.polls.replace(replace(poll, look_at=None))
        await _send(house, work, poll, await author_of(work, poll.author))


def _drawn(poll: Poll, least: int) -> bytes:
    from bot.views.poll_chart import poll_chart  # noqa: PLC0415 - only a chart pays for loading Pillow

    return poll_chart(poll, least)


async def _send(house: House, work: Work, poll: Poll, author: Member) -> None:
    card = result_card(poll, author, chart=poll.id, least=house.rules.min_cell)
    now = house.clock.now()
    if poll.terms.shows is not Shows.AUTHOR:
        await work.outbox.post(poll.result_subject, card, release_at=now, thread=poll.subject)
    elif await work.members.among({poll.author}):
        await work.outbox.tell(
            poll.author,
            card,
            quiet=poll_times.quiet_card(poll),
            key=poll.result_subject,
            release_at=now,
            subject=poll.result_subject,
        )
