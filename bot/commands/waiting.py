"""The next case: what a member may still answer, one after the other."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from bot.chat.cards import Button, Card
from bot.commands.cases import show
from bot.commands.context import Ask, Context
from bot.commands.finding import require_case
from bot.domain.cases import Case
from bot.domain.permissions import Action, allowed, require
from bot.domain.waiting import SKIPPED_FOR, in_turn
from bot.ports.work import Work
from bot.views.waiting import all_done_card, next_button, next_card, skipped_card


async def show_next(ctx: Context, request: Ask) -> Card:
    """Show the next case, or, with ``skip`` and a number, let that one wait until after all others."""
    require(Action.NEXT, ctx.member)
    word, _, number = request.argument.partition(" ")
    if word.casefold() == "skip":
        return await _skip(ctx, replace(request, argument=number))
    async with ctx.look() as work:
        cases = await waiting(ctx, work)
    return await _show(ctx, cases)


async def _show(ctx: Context, cases: tuple[Case, ...]) -> Card:
    if not cases:
        return all_done_card()
    first = cases[0]
    shown = await show(ctx, Ask(f"{first.number}"))
    return next_card(shown, first, len(cases) - 1)


async def _skip(ctx: Context, request: Ask) -> Card:
    async with ctx.work() as work:
        case = await _to_skip(ctx, work, request)
        if case is None:
            return all_done_card()
        skipped = {**await _skipped(ctx, work), case.id: ctx.now().isoformat()}
        await _keep(ctx, work, skipped)
        cases = await waiting(ctx, work)
    if cases and cases[0].id in skipped:
        return skipped_card(case.number, len(cases))
    return await _show(ctx, cases)


async def _to_skip(ctx: Context, work: Work, request: Ask) -> Case | None:
    """Find the case that is named, or else the first that waits."""
    if request.argument or request.about:
        return await require_case(ctx, work, request, Action.NEXT)
    return next(iter(await waiting(ctx, work)), None)


async def waiting(ctx: Context, work: Work) -> tuple[Case, ...]:
    """List the cases that wait for a member, the next one first; none wait for a moderator."""
    if not allowed(Action.NEXT, ctx.member.role, owns=False):
        return ()
    return in_turn(await work.waiting.cases(ctx.ids, ctx.now()), (await _skipped(ctx, work)).keys())


async def next_buttons(ctx: Context, work: Work) -> tuple[Button, ...]:
    """Offer the next case, where one waits."""
    left = len(await waiting(ctx, work))
    return (next_button(left),) if left else ()


async def _skipped(ctx: Context, work: Work) -> dict[str, str]:
    """Give the cases that the member skipped, by id, with when that was."""
    kept = await work.dialogs.get(_key(ctx))
    since = ctx.now() - SKIPPED_FOR
    told: dict[str, str] = json.loads(kept) if kept else {}
    return {case: at for case, at in told.items() if datetime.fromisoformat(at) > since}


async def _keep(ctx: Context, work: Work, skipped: dict[str, str]) -> None:
    # A dialog keeps the first end that it was given, and a later skip lasts longer.
    await work.dialogs.drop(_key(ctx))
    await work.dialogs.put(_key(ctx), json.dumps(skipped).encode(), ctx.now() + SKIPPED_FOR)


def _key(ctx: Context) -> str:
    return f"skipped:{ctx.member.id}"
