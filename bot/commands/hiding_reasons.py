"""Why something is hidden: kept for as long as it is, and told to nobody but its writer."""

from __future__ import annotations

import json
from dataclasses import asdict

from bot.chat.cards import Block, Card
from bot.commands.context import Context
from bot.domain.cases import Case
from bot.domain.hiding import Reason, Stage, Target, Why
from bot.ports.work import Work
from bot.views.hiding import own_hidden_blocks, told_card


def _key(subject: str) -> str:
    return f"hidden:{subject}"


async def keep_reason(work: Work, subject: str, reason: Reason) -> None:
    """Keep why something is hidden."""
    await work.dialogs.put(_key(subject), json.dumps(asdict(reason)).encode())


async def drop_reason(work: Work, subject: str) -> None:
    """Forget it."""
    await work.dialogs.drop(_key(subject))


async def kept_reason(work: Work, subject: str) -> Reason:
    """Give why something is hidden; no reason where none was kept."""
    kept = await work.dialogs.get(_key(subject))
    if kept is None:
        return Reason()
    told = json.loads(kept)
    return Reason(Why(told["why"]), told["words"], told["by"], Stage(told["stage"]))


async def hidden_notice(work: Work, case: Case) -> Card:
    """Tell the author of a hidden case why nobody reads it."""
    return told_card("hide", Target(case.number), await kept_reason(work, case.subject))


async def own_hidden(ctx: Context, work: Work, case: Case) -> tuple[Block, ...]:
    """Tell a member who looks at a case which of their own words on it are hidden, and why."""
    mine = [
        (Target(case.number, opinion=one.number), one.subject)
        for one in await work.opinions.of_case(case.id, hidden=True)
        if one.hidden and ctx.is_mine(one.member)
    ]
    mine += [
        (Target(case.number, comment=one.number), one.subject)
        for one in await work.comments.of_case(case.id, hidden=True)
        if one.hidden and ctx.is_mine(one.member)
    ]
    told = [own_hidden_blocks(target, await kept_reason(work, subject)) for target, subject in mine]
    return tuple(block for blocks in told for block in blocks)
