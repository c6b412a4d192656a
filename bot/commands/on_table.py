"""Which draft a word is about: the one whose code a button carries, else the newest."""

from __future__ import annotations

import re

from bot.commands.context import Context
from bot.domain.drafts import Draft
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused
from bot.ports.work import Work

_CODE = re.compile(r"\s*~([0-9a-f]{4})\s*\Z")


def split_code(argument: str) -> tuple[str, str]:
    """Split ``2 clean ~0b1c`` into the words and the draft's code; an empty code where there is none."""
    if match := _CODE.search(argument):
        return argument[: match.start()].strip(), match[1]
    return argument.strip(), ""


async def require_draft(ctx: Context, work: Work, action: Action, code: str) -> Draft:
    """Find the member's draft by its code, or the newest; raises :class:`Refused`.

    Only the member's own are looked through, so that another's draft is as good as none.
    """
    require(action, ctx.member)
    drafts = await work.drafts.of_member(*ctx.ids)
    if not drafts:
        raise Refused("no_draft", "You have no draft waiting.", "case")
    if not code:
        return drafts[0]
    for draft in drafts:
        if draft.code == code.casefold():
            return draft
    raise Refused("old_draft", "That draft is gone: it was posted or thrown away.", "preview")
