"""Who may read the opinions on a case: before the reveal not everybody may."""

from __future__ import annotations

from bot.commands.context import Context
from bot.domain.cases import Case
from bot.domain.members import Role
from bot.ports.work import Work


async def may_read(ctx: Context, work: Work, case: Case) -> bool:
    """Say whether a member may read them: all after the reveal; before it the author, moderators, readers."""
    return not case.covered or await _takes_part(ctx, work, case)


async def may_read_working(ctx: Context, work: Work, case: Case) -> bool:
    """Say whether a member may read what the author thinks it is: whoever it could still lead may not."""
    return case.tells_working or await _takes_part(ctx, work, case)


async def _takes_part(ctx: Context, work: Work, case: Case) -> bool:
    if ctx.member.role is Role.MODERATOR or ctx.is_mine(case.author):
        return True
    if await work.opinions.of_member(case.id, *ctx.ids) is not None:
        return True
    return await work.opinions.reads(case.id, *ctx.ids)
