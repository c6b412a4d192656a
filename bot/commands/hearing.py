"""Who hears of a new opinion: the rooms, the author, and whoever may read the opinions on a case already."""

from __future__ import annotations

from datetime import datetime

from bot.commands.context import Context
from bot.commands.following import tell_followers
from bot.commands.helping import thanks_of
from bot.commands.releasing import release_on
from bot.domain.cases import Case
from bot.domain.members import Member, MemberId
from bot.domain.opinions import Opinion
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.opinion import opinion_in_room, opinion_news


async def send_opinion(ctx: Context, work: Work, case: Case, opinion: Opinion, giver: Member) -> None:
    """Put a new opinion on its way: to every room, to the author, and to those who read along."""
    out = await release_on(ctx, work, case)
    release_at = max(out, opinion.waits_until or out)
    thanks = await thanks_of(work, case, (opinion,))
    card = opinion_in_room(opinion, case, giver, thanks[opinion.id])
    await work.outbox.post(opinion.subject, card, release_at=release_at, thread=case.subject)
    given = await work.opinions.of_case(case.id)
    earlier = tuple(one.subject for one in given if one.id != opinion.id)
    pings = bool(opinion.must_not_miss) and opinion.shown
    await _tell(work, case.author, (case, opinion, giver), release_at, () if pings else earlier)
    reading = await _reading_along(ctx, work, case) if opinion.shown else ()
    for member in reading:
        await _tell(work, member, (case, opinion, giver), release_at, earlier)
    heard = (case.author, *reading, *ctx.ids)
    await tell_followers(work, case, card, key=opinion.subject, release_at=release_at, but=heard)


async def hearing_comments(ctx: Context, work: Work, case: Case) -> tuple[MemberId, ...]:
    """List who is told of a member's comment: the author; of the author's own, those who asked something."""
    if not ctx.is_mine(case.author):
        return (case.author,)
    asked = await work.comments.askers(case.id)
    there = await work.members.among(asked)
    return tuple(one for one in asked if one in there)


async def _reading_along(ctx: Context, work: Work, case: Case) -> tuple[MemberId, ...]:
    """List those who answered or just read, without whoever is speaking; all of them are still here."""
    answered = [one.member for one in await work.opinions.of_case(case.id)]
    readers = dict.fromkeys((*answered, *await work.opinions.readers(case.id)))
    there = await work.members.among(readers)
    return tuple(one for one in readers if one in there and one != case.author and not ctx.is_mine(one))


async def _tell(
    work: Work,
    member: MemberId,
    news: tuple[Case, Opinion, Member],
    release_at: datetime,
    instead_of: tuple[str, ...],
) -> None:
    """Tell one member; what is no news of its own takes the place of the last notice about the case."""
    case, opinion, giver = news
    await work.outbox.tell(
        member,
        opinion_news(opinion, case, giver, to_author=member == case.author),
        quiet=news_card(case.number),
        key=opinion.subject,
        release_at=release_at,
        subject=opinion.subject,
        instead_of=instead_of,
    )
