"""The summary of a case that has ended: the collective list, as text and as a picture, in every room."""

from __future__ import annotations

import asyncio

from bot.chat.cards import Card
from bot.collective import GroupAnswer
from bot.commands.context import House
from bot.commands.counting import answer_of
from bot.commands.releasing import not_before
from bot.domain.cases import Case
from bot.domain.draft_pictures import StoredPicture
from bot.domain.outcomes import first_reminder
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.summary import summary_card, summary_news


def _drawn(case: Case, answer: GroupAnswer) -> bytes:
    from bot.views.summary_chart import summary_chart  # noqa: PLC0415 - only a chart pays for loading Pillow

    return summary_chart(case, answer)


async def summarise(house: House, ended: str) -> None:
    """Post the summary of a case that has ended, once; tell its author, who answered and who follows it."""
    async with house.content.look() as work:
        case = await work.cases.get(ended)
        if case is None or not _is_due(case):
            return
        answer = await answer_of(work, case)
    chart = None if answer.too_few else await asyncio.to_thread(_drawn, case, answer)
    async with house.content.work() as work:
        case = await work.cases.get(ended)
        if case is None or not _is_due(case):
            return
        await _post(house, work, case, answer, chart)


async def summary_changed(work: Work, case: Case, answer: GroupAnswer) -> None:
    """Change the summary of a case in every room, text and picture, where it was posted already."""
    if _is_due(case):
        return
    chart = await asyncio.to_thread(_drawn, case, answer)
    await work.pictures.drop(case.id)
    await work.pictures.add(StoredPicture(case.id, chart, "image/png"))
    made = await work.buckets.of_case(case.id)
    revision = len(made) + sum(change.taken_back for change in made)
    card = summary_card(case, answer, chart=case.id, redrawn=True)
    await work.outbox.edit(case.summary_subject, card, revision=revision)


async def summary_renewed(work: Work, case: Case) -> None:
    """Say the summary of a case anew, where it was posted already: nothing of the earlier one stays."""
    if not case.ended or _is_due(case):
        return
    answer = await answer_of(work, case)
    await work.pictures.drop(case.id)
    if not answer.too_few:
        chart = await asyncio.to_thread(_drawn, case, answer)
        await work.pictures.add(StoredPicture(case.id, chart, "image/png"))
    card = summary_card(case, answer, chart="" if answer.too_few else case.id)
    await work.outbox.replace(case.summary_subject, card, thread=case.subject)


async def summary_as_is(work: Work, case: Case) -> Card | None:
    """Give the summary as it was posted last; None where none was."""
    if not case.ended or _is_due(case):
        return None
    answer = await answer_of(work, case)
    return summary_card(case, answer, chart="" if answer.too_few else case.id)


def _is_due(case: Case) -> bool:
    return case.ended and case.look_at is not None and not case.hidden


async def _post(house: House, work: Work, case: Case, answer: GroupAnswer, chart: bytes | None) -> None:
    now = house.clock.now()
    await work.cases.replace(case.next_look())
    await work.reminders.put(first_reminder(case.id, now))
    if chart is not None:
        await work.pictures.add(StoredPicture(case.id, chart, "image/png"))
    card = summary_card(case, answer, chart=case.id if chart is not None else "")
    release_at = max(now, await not_before(house, work, case))
    await work.outbox.post(case.summary_subject, card, release_at=release_at, thread=case.subject)
    answered = [opinion.member for opinion in await work.opinions.of_case(case.id)]
    hear = (case.author, *answered, *await work.followers.of_case(case.id))
    there = await work.members.among(set(hear))
    for member in (one for one in dict.fromkeys(hear) if one in there):
        await work.outbox.tell(
            member,
            summary_news(case, answer),
            quiet=news_card(case.number),
            key=case.summary_subject,
            release_at=release_at,
            subject=case.subject,
        )
