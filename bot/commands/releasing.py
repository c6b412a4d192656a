"""When something said about a case leaves: undo first, then one delay, never before what came earlier."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.commands.context import Context, House
from bot.domain.cases import Case
from bot.domain.routing import URGENT
from bot.ports.work import Work


async def release_on(ctx: Context, work: Work, case: Case) -> datetime:
    """Draw the moment at which all copies of something said about a case leave.

    A case that cannot wait has no delay; of any other, what is said first leaves first.
    """
    drawn = ctx.release_at(urgent=case.urgency in URGENT)
    return max(drawn, await not_before(ctx.house, work, case))


async def not_before(house: House, work: Work, case: Case) -> datetime:
    """Give the moment before which nothing new about a case leaves: what waits already leaves first.

    An opinion that is held until its giver says what a name means is not waited for.
    """
    longest = house.rules.undo_seconds + house.rules.delay_seconds[1]
    soon = house.clock.now() + timedelta(seconds=longest)
    return max(case.released_at, await work.outbox.last_release(case.subject, soon) or case.released_at)
