"""Vouching: `vouch` with a code. Here, because an applicant is an account, and so is who vouches."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.chat.cards import Card
from bot.commands.context import Ask
from bot.domain.permissions import NOBODY, Action, allowed
from bot.domain.vouches import can_exist
from bot.frontdoor.visit import Visit
from bot.identity.vouches import Answer, Vouches
from bot.identity.wall import Known
from bot.ports.adapter import Reply
from bot.views import vouch as view
from bot.views.home import unverified_card

_REFUSED: Mapping[Answer, Callable[[], Card]] = {
    Answer.MONTH_OVER: view.month_over_card,
    Answer.DAY_OVER: view.day_over_card,
}


class Vouching:
    """Answers everything that begins with ``vouch``; physicians only."""

    def __init__(self, vouches: Vouches) -> None:
        """Take who knows what counts."""
        self._vouches = vouches

    async def reply(self, visit: Visit, ask: Ask) -> Reply:
        """Ask for the code, say what it means, and take the word of whoever confirms it."""
        role = visit.member.role if visit.member is not None else NOBODY
        if visit.known is None or role is NOBODY:
            return unverified_card()
        if not allowed(Action.VOUCH, role, owns=False):
            return view.physicians_only_card()
        if not self._vouches.offered:
            return view.not_here_card()
        return await self._heard(visit, visit.known, ask)

    async def _heard(self, visit: Visit, known: Known, ask: Ask) -> Reply:
        typed = ask.values.get("code", "") if ask.submitted else ask.argument
        code = "".join(filter(str.isdigit, typed))
        if not code:
            return view.vouch_form()
        if not can_exist(code):
            return view.no_code_card()
        if typed.casefold().split()[-1] != "yes":
            refused = _REFUSED.get(await self._vouches.may(known))
            return refused() if refused else view.vouch_card(code)
        visit.afterwards.append(self._vouches.answered)
        refused = _REFUSED.get(await self._vouches.vouch(visit.event.account, known, code))
        return refused() if refused else view.noted_card()
