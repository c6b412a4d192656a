"""Under which name something is said: the screen name, or that of the case it belongs to."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.commands.context import Context
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import Member, MemberId
from bot.domain.personae import KINDS, Signing, alias_of, named
from bot.domain.refusal import Refused
from bot.ports.work import Work

_DRAWS: Final = 500
_IN_ONES_OWN: Final = frozenset(
    {DraftKind.COMMENT, DraftKind.OUTCOME, DraftKind.UPDATE, DraftKind.QUESTION, DraftKind.POLL}
)
"""What is said in one's own case, and then under its name."""


async def signed(ctx: Context, work: Work, draft: Draft) -> Draft:
    """Give a draft to the persona that it will be posted under; from here on nothing says who that is.

    One's own case is spoken in under the name that it was asked under.
    """
    if draft.kind is DraftKind.CASE:
        return replace(draft, member=(await _author(ctx, work, draft)).id)
    case = await work.cases.by_number(draft.about or 0)
    in_ones_own = draft.kind in _IN_ONES_OWN and case is not None and ctx.is_mine(case.author)
    return replace(draft, member=case.author if case and in_ones_own else ctx.member.id)


async def speaking(ctx: Context, work: Work, ident: MemberId) -> Member:
    """Find a persona of the member; raises LookupError for one that is none."""
    found = ctx.member if ident == ctx.member.id else await work.members.get(ident)
    if found is None or not ctx.is_mine(ident):
        raise LookupError("somebody speaks under a persona that is not theirs")
    return found


async def _author(ctx: Context, work: Work, draft: Draft) -> Member:
    kind = KINDS.get(draft.signing)
    if kind is None:
        return ctx.member
    if draft.signing is Signing.OWN_NAME:
        require_own_name(ctx)
    ident = await ctx.names.persona(kind)
    ctx.ids = (*ctx.ids, ident)
    if draft.signing is Signing.OWN_NAME:
        persona = named(ident, ctx.member)
        await work.members.add(persona)
        return persona
    return await _named_for_one_case(ctx, work, ident)


async def _named_for_one_case(ctx: Context, work: Work, ident: MemberId) -> Member:
    for _ in range(_DRAWS):
        alias = alias_of(ident, ctx.member, ctx.names.draw())
        if await work.members.add(alias):
            return alias
    raise Refused("no_names", "I find no free name for an alias right now. Nothing was posted.", "preview")


def require_own_name(ctx: Context) -> None:
    """Refuse where nobody has bound the member's name; raises :class:`Refused`."""
    if not ctx.names.own_name_bound:
        raise Refused(
            "no_own_name",
            "Nobody has confirmed your name here, so I cannot sign with it. A moderator can help.",
            "preview",
        )
