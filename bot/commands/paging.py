"""Paging: asks physicians of the specialties wanted to look at a case, and more while nobody answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot.chat.cards import Card
from bot.commands.context import Ask, Context, House
from bot.commands.finding import require_case
from bot.domain.cases import Case
from bot.domain.members import MemberId, Role
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused
from bot.domain.routing import Caps, Page, choose_enough, circles, wider
from bot.ports.work import Work
from bot.views.case import news_card
from bot.views.page import (
    not_mine_card,
    page_card,
    unanswered_list_card,
    unanswered_list_quiet_card,
    wider_card,
)

_ALL = 2**31 - 1
_LISTED_FROM = 8
"""The hour, in UTC, from which a day's list of unanswered cases is put."""


async def climb(house: House, due: str) -> None:
    """Page for a case whose next rung is due; nothing happens to any other."""
    async with house.paging:
        async with house.content.look() as work:
            case = await work.cases.get(due)
        if case is not None and _is_due(case, house):
            await _page(house, case, case.rung)


def _is_due(case: Case, house: House) -> bool:
    return case.answerable and case.page_at is not None and case.page_at <= house.clock.now()


async def _page(house: House, case: Case, rung: int) -> tuple[Page, ...]:
    """Page everybody on a rung of a case's ladder; gives the pages, none where it was climbed meanwhile.

    The vault counts the pages before they are put: a stop in between wastes a page of somebody's day, and
    never sends one that was not counted. They are put in an order that says nothing: the rule's own begins
    with other hospitals than the author's.
    """
    pages = await _chosen(house, case, circles(rung, case.specialties))
    await house.routing.paged([page.member for page in pages])
    async with house.content.work() as work:
        now = await work.cases.get(case.id)
        if now is None or not now.answerable or now.rung != case.rung:
            return ()
        await work.cases.replace(now.climb(rung))
        await work.pages.note(case.id, pages)
        for page in sorted(pages, key=lambda one: one.member):
            await _send(house, work, now, page)
    return pages


async def _chosen(house: House, case: Case, around: Sequence[Sequence[str]]) -> tuple[Page, ...]:
    fields = frozenset(field for one in around for field in one)
    async with house.content.look() as work:
        among = await _physicians(house, work, fields)
        asked = await work.pages.of_case(case.id)
        said = [opinion.member for opinion in await work.opinions.of_case(case.id, hidden=True)]
    candidates = await house.routing.candidates(case.author, among, {*asked, *said})
    caps = Caps(house.rules.pages_for_each, house.rules.pages_a_day)
    return choose_enough(candidates, around, case.urgency, caps)


async def _physicians(house: House, work: Work, fields: Collection[str]) -> dict[MemberId, str]:
    """Find the physicians of some specialties who may act."""
    now = house.clock.now()
    stopped = {member for member, standing in await work.standings.all() if standing.at(now).stops}
    return {
        member.id: member.specialty
        for member in await work.members.everybody()
        if member.role is Role.PHYSICIAN and member.specialty in fields and member.id not in stopped
    }


async def _send(house: House, work: Work, case: Case, page: Page) -> None:
    await work.outbox.tell_unless(
        case.author,
        page.member,
        page_card(case, page.specialty),
        quiet=news_card(case.number),
        key=f"page:{case.id}",
        release_at=house.clock.now(),
        subject=case.subject,
    )


async def ask_wider(ctx: Context, request: Ask) -> Card:
    """Page neighbouring specialties of a case of one's own now, and those all around after that."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.WIDER)
    case.require_taking()
    if case.released_at > ctx.now():
        raise Refused("not_out", f"#{case.number} is not out yet. Ask wider once it is.", "mine")
    async with ctx.house.paging:
        paged = await _climb_on(ctx, case)
    if not paged:
        raise Refused(
            "nobody_left",
            f"Nobody else can be asked about #{case.number} right now. It stays open in the rooms.",
            f"show {case.number}",
        )
    return wider_card(case, paged)


async def _climb_on(ctx: Context, asked: Case) -> int:
    """Climb until a rung pages somebody else, two rungs at most: neighbours, then all around."""
    for _ in range(2):
        async with ctx.look() as work:
            case = await work.cases.get(asked.id)
        if case is None or not case.may_ask_wider:
            return 0
        pages = await _page(ctx.house, case, wider(case.rung, case.specialties))
        if others := [page for page in pages if not ctx.is_mine(page.member)]:
            return len(others)
    return 0


def require_paged(ctx: Context, action: Action) -> None:
    """Refuse those who are never paged."""
    if ctx.member.role is not Role.PHYSICIAN:
        raise Refused("not_paged", "Pages go to physicians, so there is nothing to change here.", "me")
    require(action, ctx.member)


async def not_mine(ctx: Context, request: Ask) -> Card:
    """Note that a case is not the member's field: no page about it, and later ones go to others first."""
    require_paged(ctx, Action.NOTMINE)
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.NOTMINE)
        asked = await work.pages.of_case(case.id)
    own = ctx.member.specialty if ctx.member.specialty in case.specialties else ""
    mine = next((asked[one] for one in ctx.ids if one in asked), own)
    if mine:
        await ctx.house.routing.declined(ctx.member.id, (mine,))
    async with ctx.work() as work:
        await work.pages.decline(case.id, next((one for one in ctx.ids if one in asked), ctx.member.id))
    return not_mine_card(case.number)


async def settle(house: House, ended: str) -> None:
    """Forget who was paged for a case that has ended, and count which of them answered it."""
    async with house.content.work() as work:
        case, asked = await work.cases.get(ended), await work.pages.of_case(ended)
        said = {opinion.member for opinion in await work.opinions.of_case(ended, hidden=True)}
        await work.pages.forget(ended)
    if case is not None:
        answered = {one: one in said for one, field in asked.items() if field}
        await house.routing.settled(case.author, answered)


async def list_unanswered(house: House) -> None:
    """Once a day tell moderators which open cases have waited their time without an answer."""
    now = house.clock.now()
    if now.hour < _LISTED_FROM:
        return
    async with house.content.work() as work:
        unanswered = [case for case in await work.cases.open_cases(_ALL) if not case.opinions]
        late = [case for case in unanswered if case.released_at + case.window <= now]
        if late:
            card = unanswered_list_card(sorted(late, key=lambda one: one.released_at), now)
            key = f"unanswered:{now.date().isoformat()}"
            await work.outbox.notify_moderators(card, quiet=unanswered_list_quiet_card(), key=key)
