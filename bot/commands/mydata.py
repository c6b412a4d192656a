"""My data, the room side: everything that is kept under a member's screen name, a page at a time."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from bot.chat.cards import Card
from bot.commands.context import House
from bot.domain.cases import Case
from bot.domain.former import Posted
from bot.domain.members import Member
from bot.ports.work import Work
from bot.views.mydata import rooms_card

PAGE = 5
"""Posts on one page, so that the whole words of each fit what a chat shows at once."""


async def room_side(house: House, member: Member, page: int) -> Card:
    """Show a page (from 1; one beyond the end is the last) of what the member has posted."""
    async with house.content.look() as work:
        posted = await work.former.posted_by(member.id)
        drafts = len(await work.drafts.of_member(member.id))
        said_on = {*(one.case for one in posted.opinions), *(one.case for one in posted.comments)}
        follows = [await work.cases.get(case) for case in await work.followers.of_member(member.id)]
        cases = [await work.cases.get(case) for case in said_on]
        later = {case.id: await _later_words(work, case) for case in posted.cases}
    about = {case.id: case.number for case in cases if case is not None}
    posted = _in_sight(posted, {case.id for case in cases if case is not None and case.hidden})
    pages = max(1, -(-len(posted) // PAGE))
    return rooms_card(
        member,
        posted,
        about,
        drafts,
        later=later,
        page=min(max(1, page), pages),
        size=PAGE,
        followed=sorted(case.number for case in follows if case),
    )


def _in_sight(posted: Posted, hidden: Collection[str]) -> Posted:
    """Hide what was said on hidden cases with them: it speaks of their patients."""
    return replace(
        posted,
        opinions=tuple(replace(one, hidden=one.hidden or one.case in hidden) for one in posted.opinions),
        comments=tuple(replace(one, hidden=one.hidden or one.case in hidden) for one in posted.comments),
    )


async def _later_words(work: Work, case: Case) -> tuple[str, ...]:
    """Give what its author said about a case beside its words now: other questions, updates, the outcome."""
    asked = [*(one.text for one in case.earlier), *((case.change.text,) if case.change else ())]
    updates = [update.text for update in await work.updates.of_case(case.id)]
    outcome = await work.outcomes.of_case(case.id)
    told = (outcome.certainty.value, outcome.diagnosis, outcome.how, outcome.lesson) if outcome else ()
    return (*asked, *updates, *(words for words in told if words))
