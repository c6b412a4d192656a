"""Moderating: the review queue. Here, because applicants have names and no screen names."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.commands.context import Ask
from bot.domain.members import Role
from bot.frontdoor.visit import Visit
from bot.identity.proofing import Overtaken, Proofing
from bot.views import verification as view


class Moderating:
    """Answers everything that begins with ``mod``; moderators only."""

    def __init__(self, proofing: Proofing) -> None:
        """Take the one who proves."""
        self._proofing = proofing

    async def reply(self, visit: Visit, ask: Ask) -> Card:
        """Do what a moderator asks."""
        if visit.member is None or visit.member.role is not Role.MODERATOR:
            return view.moderators_only_card()
        word, _, rest = ask.argument.strip().partition(" ")
        reference, _, words = rest.strip().partition(" ")
        try:
            return await self._done(word.casefold(), reference, words.strip(), str(visit.member.id))
        except Overtaken:
            return view.queue_card(await self._proofing.queue())

    async def _done(self, word: str, reference: str, words: str, by: str) -> Card:
        if word in ("", "queue"):
            return view.queue_card(await self._proofing.queue())
        if word == "show":
            found = [one for one in await self._proofing.queue() if one.reference == reference.upper()]
            return view.applicant_card(found[0]) if found else view.unknown_reference_card(reference)
        if word == "approve":
            approved = await self._proofing.approve(reference, by)
            return view.approved_card(approved) if approved else view.unknown_reference_card(reference)
        if word in ("reject", "ask"):
            return await self._say(word, reference, words, by)
        return view.mod_help_card()

    async def _say(self, word: str, reference: str, words: str, by: str) -> Card:
        if not words:
            return view.words_missing_card(word, reference)
        act = self._proofing.reject if word == "reject" else self._proofing.ask
        said = await act(reference, by, words)
        return view.said_card(said) if said else view.unknown_reference_card(reference)
