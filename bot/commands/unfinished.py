"""Words of an opinion that could not be read as one: kept for a day, and asked back in the form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypedDict

from bot.chat.forms import Form
from bot.commands.context import Context
from bot.domain.cases import Case
from bot.domain.members import MemberId
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views.opinion import opinion_form
from bot.views.update import update_blocks

UNREAD: Final = "unread"
"""What the dialog begins with that keeps them."""
_KEPT_FOR: Final = timedelta(hours=24)


class _Unread(TypedDict):
    """What somebody said on one case, by field, and the sentence that says what is missing."""

    told: dict[str, str]
    why: str


async def ask_back(ctx: Context, case: Case, told: Mapping[str, str], refused: Refused) -> Form:
    """Open the form again with what was said, and say above it what is missing."""
    async with ctx.aside() as work:
        kept = await _load(work, ctx.member.id)
        kept[case.id] = {"told": dict(told), "why": refused.sentence}
        await _keep(ctx, work, kept)
        updates = await work.updates.of_case(case.id)
    return opinion_form(case, update_blocks(updates), told, refused.sentence)


async def form_for(ctx: Context, case: Case) -> Form:
    """Open the form, with the words that were asked back before."""
    async with ctx.look() as work:
        unread = (await _load(work, ctx.member.id)).get(case.id)
        besides = update_blocks(await work.updates.of_case(case.id))
    if unread is None:
        return opinion_form(case, besides)
    return opinion_form(case, besides, unread["told"], unread["why"])


async def forget(ctx: Context, case: Case) -> None:
    """Forget them: they were said again."""
    async with ctx.aside() as work:
        kept = await _load(work, ctx.member.id)
        if kept.pop(case.id, None) is not None:
            await _keep(ctx, work, kept)


async def _load(work: Work, member: MemberId) -> dict[str, _Unread]:
    kept = await work.dialogs.get(_key(member))
    read: dict[str, _Unread] = json.loads(kept) if kept else {}
    return read


async def _keep(ctx: Context, work: Work, kept: dict[str, _Unread]) -> None:
    await work.dialogs.drop(_key(ctx.member.id))
    if kept:
        await work.dialogs.put(_key(ctx.member.id), json.dumps(kept).encode(), ctx.now() + _KEPT_FOR)


def _key(member: MemberId) -> str:
    return f"{UNREAD}:{member}"
