"""The end of a case as ``show`` tells it: its outcome, and to whoever answered their own place alone."""

from __future__ import annotations

from bot.chat.cards import Block
from bot.commands.context import Context
from bot.domain.cases import Case, CaseState
from bot.ports.work import Work
from bot.views.outcome import outcome_blocks, own_place


async def ending_of(ctx: Context, work: Work, case: Case) -> tuple[Block, ...]:
    """Give what stands beneath a resolved case; nothing before the rooms have it."""
    outcome = await work.outcomes.of_case(case.id) if case.state is CaseState.RESOLVED else None
    if outcome is None:
        return ()
    mine = await work.opinions.of_member(case.id, *ctx.ids)
    if mine is None:
        return outcome_blocks(outcome, named=True)
    rank = (await work.outcomes.ranks(case.id)).get(mine.id)
    return (*outcome_blocks(outcome, named=True), *own_place(outcome, rank, independent=mine.independent))
