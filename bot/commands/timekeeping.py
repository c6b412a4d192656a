"""Timekeeping: what becomes due on cases and polls by the clock, or by the number of opinions or ballots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.commands.cases import end
from bot.commands.concluding import outcome_turn
from bot.commands.context import House
from bot.commands.paging import climb, settle
from bot.commands.poll_keeping import poll_turn
from bot.commands.questions import ask_what_is_due
from bot.commands.summaries import summarise
from bot.commands.uncovering import show_revealed
from bot.domain.cases import Case, CaseState
from bot.domain.clock_jumps import Ahead
from bot.domain.home_questions import UNANSWERED, HomeQuestion
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.reveal import unanswered_card

_AT_ONCE: Final = 100


async def turn(
    house: House, on_fault: Callable[[Exception], None], now: datetime, ahead: Ahead
) -> datetime | None:
    """Do what is due, each thing once; gives the moment of the next one, None where there is none.

    ``ahead`` is what came next at ``now``, or a moment later.

    Cases and polls end by what was due at ``now``: a clock that jumps in the middle of a turn ends none.

    All of it stands in the database, so a stop or a clock that was moved only makes it late. ``on_fault``
    hears of a case that is broken; the others go on.
    """
    following = ahead.following(now)
    if following is None or following > max(now, house.clock.now()):
        return following  # Nearly every turn: something was committed, and nothing is due because of it.
    broken: set[str] = set()
    while due := [case for case in await _due(house, now) if case.id not in broken]:
        for case in due:
            try:
                await _do(house, case, now)
            except Exception as fault:  # noqa: BLE001 - one broken case must not stop the others
                broken.add(case.id)
                on_fault(fault)
    await outcome_turn(house, on_fault)
    await poll_turn(house, on_fault, now)
    async with house.content.look() as work:
        return (await work.schedule.ahead()).following(now)


async def _due(house: House, now: datetime) -> tuple[Case, ...]:
    async with house.content.look() as work:
        return await work.cases.due(now, _AT_ONCE)


async def _do(house: House, case: Case, now: datetime) -> None:
    if case.ended:
        await settle(house, case.id)
        await summarise(house, case.id)
    else:
        await ask_what_is_due(house, case.id)
        await climb(house, case.id)
        await _look(house, case.id, now)


async def _look(house: House, due: str, now: datetime) -> None:
    """Reveal, end, or go on waiting; every way moves the moment of the next look."""
    async with house.content.work() as work:
        case = await work.cases.get(due)
        if case is None or case.state is not CaseState.OPEN or case.hidden:
            return
        opinions = await work.opinions.of_case(case.id)
        given = [opinion.counts_from(house.rules.undo_seconds) for opinion in opinions]
        ripe = sum(at <= now for at in given)
        over = case.closes_at is not None and case.closes_at <= now
        if over and not given and not case.locked:
            await _wait_on(house, work, case)
        elif over or ripe >= house.rules.close_at:
            await end(house, work, case)
        elif case.covered and (ripe >= house.rules.reveal_at or _half_over(case, now)):
            revealed = case.reveal(now)
            await work.cases.replace(revealed)
            await show_revealed(work, revealed)
        else:
            waiting = case.next_look()
            for at in given:
                waiting = waiting.looked_at(at) if at > now else waiting
            await work.cases.replace(waiting)


def _half_over(case: Case, now: datetime) -> bool:
    return case.reveal_at is not None and case.reveal_at <= now


async def _wait_on(house: House, work: Work, case: Case) -> None:
    """Tell the author that nobody has answered; the case stays open as long again."""
    now = house.clock.now()
    await work.cases.replace(case.wait_on(now))
    await work.outbox.tell(
        case.author,
        unanswered_card(case),
        quiet=news_card(case.number),
        key=f"unanswered:{case.id}:{case.closes_at}",
        release_at=now,
        subject=HomeQuestion(UNANSWERED, case.id).subject,
    )
