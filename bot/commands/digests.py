"""Digests: one list in the morning for those who want it, in place of looking by oneself."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.chat.cards import Card
from bot.commands.availability import is_zone
from bot.commands.context import Ask, Context, House
from bot.domain.cases import Case, CaseState
from bot.domain.digest_times import LOOK_BACK, Rhythm
from bot.domain.digests import Digest, Turn, for_field, turn_of
from bot.domain.members import Member, MemberId
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused
from bot.domain.routing import Availability
from bot.domain.waiting import in_turn
from bot.ports.digests import Due
from bot.ports.work import Work
from bot.views.digest import digest_card, digest_quiet_card, digest_wish_card

_SHOW: Final = "show"
_AT_ONCE: Final = 200
"""Digests that are noted together; each note writes a table of the vault again."""
_MOST_OWN: Final = 100


async def digest(ctx: Context, request: Ask) -> Card:
    """Say how often a digest comes, show one, or change it: ``digest daily Europe/Berlin``."""
    require(Action.DIGEST, ctx.member)
    word, _, rest = request.argument.strip().partition(" ")
    if word.casefold() == _SHOW:
        return await _show(ctx)
    if word:
        said = await _keep(ctx, word.casefold(), rest.strip())
    else:
        said = await ctx.house.routing.availability(ctx.member.id)
    return digest_wish_card(said, ctx.rules.digest_hour)


async def _keep(ctx: Context, word: str, zone: str) -> Availability:
    if word not in tuple(Rhythm):
        raise Refused("no_rhythm", "Say daily, weekly or off, for example: digest daily.", "digest")
    if zone and not is_zone(zone):
        raise Refused(
            "no_zone",
            "I don't know that time zone. Say it like this: digest daily America/New_York, or Europe/Berlin.",
            "digest",
        )
    now = ctx.now()

    def change(said: Availability) -> Availability:
        return replace(said, zone=zone or said.zone, digest=said.digest.wished(Rhythm(word), now))

    return await ctx.house.routing.change(ctx.member.id, change)


async def _show(ctx: Context) -> Card:
    """Show what the newest digest told, as it stands now."""
    said = (await ctx.house.routing.availability(ctx.member.id)).digest
    since = said.told_from or said.since or ctx.now() - LOOK_BACK
    async with ctx.look() as work:
        listed = await _listed(work, ctx.member, ctx.ids, since, ctx.now())
    return digest_card(listed, ctx.member.specialty)


async def send_digests(house: House) -> None:
    """Tell everybody whose morning has come what is new for them; who has nothing new is told nothing.

    A digest is put before it is noted as told. After a stop in between it is put again under the same key,
    which the outbox keeps once. One that is broken keeps no other away and is tried again at the next look;
    raises ``ExceptionGroup`` afterwards.
    """
    faults: list[Exception] = []
    due = await house.digests.due(house.rules.digest_hour)
    for first in range(0, len(due), _AT_ONCE):
        await house.digests.looked(await _send_some(house, due[first : first + _AT_ONCE], faults))
    if faults:
        raise ExceptionGroup("digests that could not be put", faults)


async def _send_some(house: House, due: Sequence[Due], faults: list[Exception]) -> dict[MemberId, bool]:
    """Put some digests; says of each member, but those of whom one is broken, whether one was told."""
    told: dict[MemberId, bool] = {}
    for one in due:
        try:
            told[one.member] = await _send(house, one)
        except Exception as fault:  # noqa: BLE001 - one broken digest must not keep the others away
            faults.append(fault)
    return told


async def _send(house: House, due: Due) -> bool:
    """Put one digest; says whether there was something new to tell to somebody who may hear it."""
    now = house.clock.now()
    async with house.content.work() as work:
        member = await work.members.get(due.member)
        if member is None or (await work.standings.get(member.id)).at(now).stops:
            return False
        listed = await _listed(work, member, due.ids, due.since, now)
        if listed.news:
            await work.outbox.tell(
                due.to,
                digest_card(listed, member.specialty),
                quiet=digest_quiet_card(),
                key=due.key,
                release_at=now,
            )
    return listed.news


async def _listed(
    work: Work, member: Member, ids: Collection[MemberId], since: datetime, now: datetime
) -> Digest:
    waiting = await _waiting(work, member, ids, now)
    followed = await _followed(work, ids, since)
    own = await _own(work, ids)
    fresh = any(case.released_at > since for case in waiting)
    ended = any(at > since for _, at in own)
    return Digest(waiting, followed, tuple(case for case, _ in own), news=bool(fresh or followed or ended))


async def _waiting(work: Work, member: Member, ids: Collection[MemberId], now: datetime) -> tuple[Case, ...]:
    """List the cases of a member's field that the member has not looked at or called another's field."""
    cases = for_field(await work.waiting.cases(ids, now), member.specialty)
    mine = [case for case in cases if not _declined(await work.pages.of_case(case.id), ids)]
    return in_turn(mine)


def _declined(asked: Mapping[MemberId, str], ids: Collection[MemberId]) -> bool:
    return any(asked.get(one) == "" for one in ids)


async def _followed(work: Work, ids: Collection[MemberId], since: datetime) -> tuple[tuple[Case, Turn], ...]:
    """List the cases that a member follows and that were revealed, summed up or resolved."""
    found: dict[str, tuple[Case, Turn]] = {}
    for followed in [case for one in ids for case in await work.followers.of_member(one)]:
        case = await work.cases.get(followed)
        if case is None or case.hidden:
            continue
        turn = turn_of(
            case, since, await work.reminders.of_case(case.id), await work.outcomes.of_case(case.id)
        )
        if turn is not None:
            found[case.id] = (case, turn)
    return tuple(sorted(found.values(), key=lambda one: one[0].number))


async def _own(work: Work, ids: Collection[MemberId]) -> Sequence[tuple[Case, datetime]]:
    """List a member's ended cases whose outcome is still asked for, each with when it ended."""
    found = []
    for case in await work.cases.by_author(ids, _MOST_OWN):
        asked = case.state is CaseState.CLOSED and not case.hidden
        reminder = await work.reminders.of_case(case.id) if asked else None
        if reminder is not None and await work.outcomes.of_case(case.id) is None:
            found.append((case, reminder.ended_at))
    return found
