"""Uncovering: from the reveal on, a case's opinions stand in the rooms with their content."""

from __future__ import annotations

from bot.commands.authors import author_of
from bot.commands.helping import thanks_of
from bot.domain.cases import Case
from bot.domain.members import Member
from bot.domain.opinions import Opinion
from bot.ports.work import Work
from bot.views.case import case_card
from bot.views.opinion import opinion_in_room, room_revision


async def uncover(work: Work, case: Case) -> int:
    """Put the content of a case's opinions into the rooms; gives how many there are."""
    opinions = await work.opinions.of_case(case.id)
    for opinion in opinions:
        if opinion.shown:
            giver = await author_of(work, opinion.member)
            await show_changed(work, case, opinion, giver)
    return len(opinions)


async def show_revealed(work: Work, revealed: Case) -> int:
    """Show a reveal in the rooms: opinions, and what the author thinks it is; gives how many opinions."""
    if revealed.details.working:
        card = case_card(revealed, await author_of(work, revealed.author))
        await work.outbox.edit(revealed.subject, card, revision=revealed.revision)
    return await uncover(work, revealed)


async def show_changed(work: Work, case: Case, opinion: Opinion, giver: Member) -> None:
    """Change an opinion's cards in the rooms to what it says, and shows, now."""
    thanks = await thanks_of(work, case, (opinion,))
    card = opinion_in_room(opinion, case, giver, thanks[opinion.id])
    await work.outbox.edit(opinion.subject, card, revision=room_revision(opinion, case))
