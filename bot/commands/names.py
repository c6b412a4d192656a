"""Names: another screen name, a one-time alias for a case, the own verified name."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.chat.cards import Card
from bot.commands.context import Ask, Context
from bot.commands.on_table import require_draft, split_code
from bot.commands.personae import require_own_name
from bot.domain.drafts import Draft, DraftKind, Step
from bot.domain.permissions import Action, require
from bot.domain.personae import Signing, change_from, require_change
from bot.domain.refusal import Refused
from bot.ports.names import Changed
from bot.ports.work import Work
from bot.views import names as views
from bot.views.preview import preview_card

PROPOSED: Final = 3
_PROPOSED_FOR: Final = timedelta(hours=24)
_SURE: Final = ("yes", "sure")
"""What is said to the first question about the own name, and to the second."""
_ASKED: Final = "own_name_asked"
"""The setting of a draft that says how many of these questions were put."""


async def name(ctx: Context, request: Ask) -> Card:
    """Propose other screen names, or take one of them by its number: ``name 2``, ``name others``."""
    require(Action.NAME, ctx.member)
    require_change(ctx.names.changed_on, ctx.now().date(), ctx.rules.name_change_days)
    wish = request.argument.strip().casefold()
    proposed = () if wish == "others" else await _proposed(ctx)
    if wish.isdecimal() and len(wish) < 3 and 1 <= int(wish) <= len(proposed):
        return await _take(ctx, proposed[int(wish) - 1])
    return views.names_card(proposed or await _propose(ctx), ctx.rules.name_change_days)


async def _proposed(ctx: Context) -> tuple[str, ...]:
    async with ctx.look() as work:
        kept = await work.dialogs.get(f"names:{ctx.member.id}")
    return tuple(json.loads(kept)) if kept else ()


async def _propose(ctx: Context) -> Sequence[str]:
    drawn = await ctx.names.free(PROPOSED)
    async with ctx.aside() as work:
        await work.dialogs.drop(f"names:{ctx.member.id}")
        until = ctx.now() + _PROPOSED_FOR
        await work.dialogs.put(f"names:{ctx.member.id}", json.dumps(drawn).encode(), until)
    return drawn


async def _take(ctx: Context, chosen: str) -> Card:
    changed = await ctx.names.change(chosen)
    if changed is Changed.TAKEN:
        return views.name_taken_card(await _propose(ctx))
    if changed is Changed.OVERTAKEN:
        return views.name_overtaken_card()
    async with ctx.aside() as work:
        await work.dialogs.drop(f"names:{ctx.member.id}")
    return views.renamed_card(chosen, change_from(ctx.now().date(), ctx.rules.name_change_days))


async def alias(ctx: Context, request: Ask) -> Card:
    """Let the case on the table go out under a name of its own; ``alias off`` under the screen name."""
    argument, code = split_code(request.argument)
    off = argument.casefold() == "off"
    async with ctx.work() as work:
        draft = await _case_on_table(ctx, work, Action.ALIAS, code)
        return await _sign(work, draft, Signing.SCREEN_NAME if off else Signing.ALIAS)


async def own(ctx: Context, request: Ask) -> Card:
    """Let the case on the table go out under the own name, asked twice.

    ``own name no`` leaves it as it was before the question, ``own name off`` signs with the screen name.
    """
    argument, code = split_code(request.argument)
    words = _after_name(argument)
    async with ctx.work() as work:
        draft = await _case_on_table(ctx, work, Action.OWN, code)
        if words == ["off"]:
            return await _sign(work, draft, Signing.SCREEN_NAME)
        if words == ["no"]:
            return await _sign(work, draft, draft.signing)
        require_own_name(ctx)
        answered = _answered(words, int(draft.settings.get(_ASKED, "0")))
        if answered == len(_SURE):
            return await _sign(work, draft, Signing.OWN_NAME)
        asked = {**draft.settings, _ASKED: str(answered + 1)}
        await work.drafts.replace(replace(draft, settings=asked))
    return views.own_sure_card(draft) if answered else views.own_first_card(draft)


async def own_always(ctx: Context, argument: str) -> Card:
    """Sign every case with the own name from now on, asked twice; ``off`` ends it."""
    require(Action.OWN, ctx.member)
    words = _after_name(argument)
    if words == ["off"]:
        await _settle_always(ctx, own=False)
        return views.always_off_card()
    require_own_name(ctx)
    answered = await _answered_always(ctx, words)
    if answered == len(_SURE):
        await _settle_always(ctx, own=True)
        return views.always_on_card()
    return views.always_sure_card() if answered else views.always_card(chosen=ctx.names.always_own)


async def _settle_always(ctx: Context, *, own: bool) -> None:
    await ctx.names.sign_always(own=own)
    async with ctx.aside() as work:
        await work.dialogs.drop(f"own:{ctx.member.id}")


async def _answered_always(ctx: Context, words: list[str]) -> int:
    key = f"own:{ctx.member.id}"
    async with ctx.aside() as work:
        answered = _answered(words, int(await work.dialogs.get(key) or b"0"))
        await work.dialogs.put(key, str(answered + 1).encode(), ctx.now() + _PROPOSED_FOR)
    return answered


def _answered(words: list[str], asked: int) -> int:
    """Count the answers in these words: no question counts as answered before it was put."""
    said = len(words) if tuple(words) == _SURE[: len(words)] else 0
    return min(said, asked)


def _after_name(argument: str) -> list[str]:
    """Give the words behind ``own name``; the second of the two may be left out."""
    words = argument.casefold().split()
    return words[1:] if words[:1] == ["name"] else words


async def _case_on_table(ctx: Context, work: Work, action: Action, code: str) -> Draft:
    draft = await require_draft(ctx, work, action, code)
    if draft.kind is not DraftKind.CASE:
        raise Refused("cases_only", "Only a case can be signed with another name.", f"preview {draft.code}")
    return draft


async def _sign(work: Work, draft: Draft, signing: Signing) -> Card:
    settings = {name: value for name, value in draft.settings.items() if name != _ASKED}
    signed = replace(draft, settings=settings).signed_with(signing)
    last = signed.step[0] is Step.LAST
    signed = replace(signed, asked_last=last)
    await work.drafts.replace(signed)
    return preview_card(signed) if last else views.signing_card(signed)
