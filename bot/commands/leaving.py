"""Leaving: the content side forgets a member, and the posts are kept without their author or taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.commands.cases import subjects_under
from bot.commands.context import House
from bot.commands.hiding_reasons import drop_reason
from bot.commands.poll_closing import close_poll, take_polls_back
from bot.commands.sampling import forget_poll
from bot.commands.uncovering import uncover
from bot.commands.unfinished import UNREAD
from bot.domain.cases import Case, CaseState
from bot.domain.claims import HELD
from bot.domain.comments import Comment
from bot.domain.former import FORMER_MEMBER, Posted, Posts
from bot.domain.members import Member, MemberId, Persona
from bot.domain.opinions import Opinion
from bot.domain.poll_times import waits
from bot.domain.polls import Poll, PollState
from bot.ports.leaving import Departure
from bot.ports.work import Work, last_of
from bot.views.case import case_card

_ALL = 2**31 - 1
_OF_TALKS: Final = ("talk", "hello", "shown_out", "please_leave")
_OF_MEMBERS: Final = ("names", "own", "skipped", HELD, UNREAD)
"""What dialogs are kept about somebody, beside what was posted last."""
_WITHIN = timedelta(days=3)
"""Within which what stood under an alias, a past name or the own name is taken back after its author left."""
Said = Comment | Opinion | Poll
Remove = Callable[[str], Awaitable[None]]


async def leave_rooms(house: House, departure: Departure) -> None:
    """Forget a member in one commit; one who is forgotten already leaves nothing to do."""
    nobody, heir = MemberId(house.chance.id()), MemberId(house.chance.id())
    async with house.content.work() as work:
        member = await work.members.get(departure.member)
        if member is None:
            return
        for one in (member.id, *departure.couriers):
            await work.former.forget_deliveries(one, nobody)
        standing = (await work.standings.get(member.id)).at(house.clock.now())
        await work.standings.put(member.id, standing.left_behind)
        await _take_ballots_out(work, departure)
        await _forget_drafts(work, member.id, nobody)
        await _forget_talk(work, departure)
        await _stop_what_waits(work, await work.former.posted_by(member.id))
        posted = await work.former.posted_by(member.id)
        at_once = member.persona is Persona.MEMBER
        if departure.posts is Posts.WITHDRAWN:
            await _withdraw(work, posted, house.clock.now() if at_once else _some_day(house))
        elif at_once:
            former = Member(heir, FORMER_MEMBER, member.role, member.specialty)
            await _close(house, work, posted, former)
        else:
            await _let_end(house, work, posted)
        await work.former.retire(member, heir)


def _some_day(house: House) -> datetime:
    """Draw when what stood under another name goes.

    What goes, or changes, in the same moment as the posts under the screen name would tell rooms that it was
    the same person's. For the same reason nothing under another name is closed: its clock ends it, and a poll
    that has none gets one.
    """
    return house.clock.now() + timedelta(seconds=house.chance.between(0, _WITHIN.total_seconds()))


async def _take_ballots_out(work: Work, departure: Departure) -> None:
    """Take the ballots out of open polls: whoever comes back votes anew, and so nobody votes twice."""
    for poll in await work.polls.open_polls(_ALL):
        await work.polls.take_out(poll, departure.voter(await work.polls.urn_key(poll), poll.id))


async def _forget_drafts(work: Work, member: MemberId, nobody: MemberId) -> None:
    """Forget drafts with their originals; what was said for them in the home chat is taken back there."""
    for draft in await work.drafts.of_member(member):
        if draft.source is not None:
            await work.outbox.erase(nobody, draft.source.sent, key=draft.id)
        for picture in draft.pictures:
            for media in picture.medias:
                await work.pictures.drop(media)
        await work.drafts.remove(draft)


async def _forget_talk(work: Work, departure: Departure) -> None:
    await work.dialogs.drop(last_of(departure.member))
    for what in _OF_MEMBERS:
        await work.dialogs.drop(f"{what}:{departure.member}")
    for key in departure.talks:
        for what in _OF_TALKS:
            await work.dialogs.drop(f"{what}:{key}")


async def _stop_what_waits(work: Work, posted: Posted) -> None:
    """Stop what has not left yet, as *Undo* would."""
    for case in posted.cases:
        if await work.outbox.hold_back(case.subject):
            await _forget_case(work, case)
    for items, remove in _but_cases(work, posted):
        for item in items:
            if await work.outbox.hold_back(item.subject):
                await remove(item.id)


async def _close(house: House, work: Work, posted: Posted, former: Member) -> None:
    """End what only its author could end; what was withdrawn before is forgotten."""
    for case in posted.cases:
        if case.state is CaseState.OPEN and not case.hidden:
            closed = case.close(house.clock.now())
            await work.cases.replace(closed)
            await work.outbox.edit(closed.subject, case_card(closed, former), revision=closed.revision)
            await uncover(work, closed)
        elif case.state is CaseState.WITHDRAWN:
            await _forget_case(work, case)
    for poll in posted.polls:
        if poll.state is not PollState.CLOSED:
            await close_poll(house, work, poll, former)


async def _let_end(house: House, work: Work, posted: Posted) -> None:
    """Give polls under another name that have no end of their own one, on some day."""
    for poll in posted.polls:
        if poll.state is not PollState.CLOSED and poll.terms.closes_at is None:
            now = house.clock.now()
            ends = max(now, poll.terms.opens_at or now) + (_some_day(house) - now)
            await work.polls.replace(waits(replace(poll, terms=replace(poll.terms, closes_at=ends))))


async def _withdraw(work: Work, posted: Posted, not_before: datetime) -> None:
    """Take everything back in every room, cases with what others said about them; nobody is told."""
    for case in posted.cases:
        if case.state is not CaseState.WITHDRAWN:
            for subject in await subjects_under(work, case):
                await work.outbox.delete(subject, group="", not_before=not_before)
                await drop_reason(work, subject)
        await take_polls_back(work, case.id, not_before=not_before)
        await _forget_case(work, case)
    for poll in posted.polls:
        await work.outbox.delete(poll.result_subject, group="", not_before=not_before)
        await work.pictures.drop(poll.id)
        await work.forget_votes(poll.number)
    for items, remove in _but_cases(work, posted):
        for item in items:
            await work.outbox.delete(item.subject, group="", not_before=not_before)
            await drop_reason(work, item.subject)
            await remove(item.id)


def _but_cases(work: Work, posted: Posted) -> tuple[tuple[Sequence[Said], Remove], ...]:
    """Pair everything but cases with what removes it."""
    return (
        (posted.comments, work.comments.remove),
        (posted.opinions, work.opinions.remove),
        (posted.polls, partial(forget_poll, work)),
    )


async def _forget_case(work: Work, case: Case) -> None:
    for picture in case.pictures:
        await work.pictures.drop(picture.media)
    await work.pictures.drop(case.id)
    await work.dialogs.drop(f"report:{case.subject}")
    await work.cases.remove(case.id)
