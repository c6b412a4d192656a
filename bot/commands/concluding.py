"""Concluding: what the clock does about outcomes. It asks authors, and tells who answered how it ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.collective import FEWEST, Changes, group_rank, ranks_of
from bot.commands.authors import author_of, authors_of
from bot.commands.context import House
from bot.commands.counting import changes_of, independent_lists
from bot.commands.helping import thanks_of
from bot.domain.cases import Case, CaseState
from bot.domain.helpful import NO_THANKS
from bot.domain.home_questions import OUTCOME, HomeQuestion
from bot.domain.opinions import Opinion
from bot.domain.outcomes import Outcome, record_of
from bot.ports.work import Work
from bot.views.case import case_card, news_card
from bot.views.opinion import opinion_in_room, room_revision
from bot.views.outcome import ask_outcome_card, outcome_news, own_place, record_blocks

_AT_ONCE: Final = 100
OnFault = Callable[[Exception], None]


async def outcome_turn(house: House, on_fault: OnFault) -> None:
    """Do what is due about outcomes, each thing once.

    ``on_fault`` hears of a case that is broken; the others go on.
    """
    await _each(house, _outcomes_due, conclude, on_fault)
    await _each(house, _reminders_due, ask, on_fault)


async def _each(
    house: House,
    due: Callable[[House], Awaitable[Sequence[str]]],
    do: Callable[[House, str], Awaitable[None]],
    on_fault: OnFault,
) -> None:
    broken: set[str] = set()
    while cases := [case for case in await due(house) if case not in broken]:
        for case in cases:
            try:
                await do(house, case)
            except Exception as fault:  # noqa: BLE001 - one broken case must not stop the others
                broken.add(case)
                on_fault(fault)


async def _outcomes_due(house: House) -> list[str]:
    async with house.content.look() as work:
        return [one.case for one in await work.outcomes.due(house.clock.now(), _AT_ONCE)]


async def _reminders_due(house: House) -> list[str]:
    async with house.content.look() as work:
        return [one.case for one in await work.reminders.due(house.clock.now(), _AT_ONCE)]


async def ask(house: House, due: str) -> None:
    """Ask the author of a case what it was, and note when to ask again; a case that is told is let be."""
    async with house.content.work() as work:
        reminder, case = await work.reminders.of_case(due), await work.cases.get(due)
        if reminder is None or case is None or case.state is not CaseState.CLOSED:
            await work.reminders.drop(due)
            return
        if reminder.next_at > house.clock.now():
            return
        there = await work.members.among({case.author})
        if there and await work.outcomes.of_case(due) is None:
            await work.outbox.tell(
                case.author,
                ask_outcome_card(case),
                quiet=news_card(case.number),
                key=f"ask_outcome:{case.id}:{reminder.asked}",
                release_at=house.clock.now(),
                subject=HomeQuestion(OUTCOME, case.id).subject,
            )
        following = reminder.following(house.clock.now()) if there else None
        if following is None:
            await work.reminders.drop(due)
        else:
            await work.reminders.put(following)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the diagnosis stood: in each opinion (by id), and in the group answer."""

    ranks: Mapping[str, int]
    group: int | None


async def conclude(house: House, told: str) -> None:
    """Resolve a case whose outcome stands, and tell everybody who answered; each of them their own place."""
    async with house.content.work() as work:
        outcome, case = await work.outcomes.of_case(told), await work.cases.get(told)
        if outcome is None or outcome.look_at is None or case is None:
            return
        if not case.ended:
            await work.outcomes.put(outcome.concluded(None))
            return
        opinions = await work.opinions.first_versions(case.id)
        members = await authors_of(work, {one.member for one in opinions})
        changes = changes_of(await work.buckets.of_case(case.id))
    counted = independent_lists(opinions, members)
    # Reading names takes a while, and nobody else can write while a unit of work is open.
    places = await asyncio.to_thread(_places, outcome, opinions, counted, changes)
    async with house.content.work() as work:
        now, case = await work.outcomes.of_case(told), await work.cases.get(told)
        if now == outcome and case is not None and case.ended and not case.hidden:
            await _conclude(house, work, case, outcome.concluded(places.group), places)


def _places(
    outcome: Outcome, opinions: Sequence[Opinion], counted: Sequence[Sequence[str]], changes: Changes
) -> _Places:
    """Look for the diagnosis, names that were put together or taken apart included."""
    if not outcome.known:
        return _Places({}, None)
    ranks = ranks_of(outcome.diagnosis, [one.diagnoses for one in opinions], changes=changes)
    by_opinion = {one.id: rank for one, rank in zip(opinions, ranks, strict=True)}
    enough = len(counted) >= FEWEST
    group = group_rank(outcome.diagnosis, counted, changes=changes) if enough else None
    return _Places(by_opinion, group)


async def _conclude(house: House, work: Work, case: Case, outcome: Outcome, places: _Places) -> None:
    await work.outcomes.put(outcome)
    await work.reminders.drop(case.id)
    case = await _resolve(work, case)
    opinions = await work.opinions.of_case(case.id)
    await work.outcomes.score(
        case.id, {one.id: places.ranks[one.id] for one in opinions if one.id in places.ranks}
    )
    await _thank(work, case, outcome, opinions)
    there = await work.members.among({one.member for one in opinions})
    for opinion in opinions:
        if opinion.member in there:
            await _tell(house, work, (case, outcome, opinion), places.ranks.get(opinion.id))


async def _resolve(work: Work, case: Case) -> Case:
    if case.state is CaseState.RESOLVED:
        return case
    resolved = case.resolved()
    await work.cases.replace(resolved)
    author = await author_of(work, case.author)
    await work.outbox.edit(resolved.subject, case_card(resolved, author), revision=resolved.revision)
    return resolved


async def _thank(work: Work, case: Case, outcome: Outcome, opinions: Sequence[Opinion]) -> None:
    """Put how often each name has helped onto the opinions' cards: the case counts from now on."""
    thanks = await thanks_of(work, case, opinions)
    for opinion in opinions:
        if opinion.shown and (outcome.revision or thanks[opinion.id] != NO_THANKS):
            giver = await author_of(work, opinion.member)
            card = opinion_in_room(opinion, case, giver, thanks[opinion.id])
            # Nothing but the counts changes the card of an opinion once its case has ended.
            revision = room_revision(opinion, case) + 1 + outcome.revision
            await work.outbox.edit(opinion.subject, card, revision=revision)


async def _tell(house: House, work: Work, about: tuple[Case, Outcome, Opinion], rank: int | None) -> None:
    case, outcome, opinion = about
    record = record_of(await work.outcomes.scored(opinion.member))
    own = (
        *own_place(outcome, rank, independent=opinion.independent),
        *record_blocks(record, under_this_name=True),
    )
    await work.outbox.tell(
        opinion.member,
        outcome_news(outcome, case, own),
        quiet=news_card(case.number),
        key=f"{outcome.subject}:{outcome.revision}",
        release_at=house.clock.now(),
        subject=outcome.subject,
    )
