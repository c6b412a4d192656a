"""Moderating: the review queue and the rooms. Here, because applicants have names and no screen names."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.commands.context import Ask
from bot.domain.permissions import NOBODY, Action, allowed
from bot.frontdoor import pausing, standing
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.standing import moderate
from bot.frontdoor.visit import Visit
from bot.identity.applications import Overtaken
from bot.identity.review import Review
from bot.identity.standing import Stopping
from bot.views import verification as view
from bot.views.standing import HELP


class Moderating:
    """Answers everything that begins with ``mod``; moderators only."""

    def __init__(self, review: Review, rooms: Pausing, stopping: Stopping) -> None:
        """Take the queue, what pauses rooms, and who stops members."""
        self._review = review
        self._rooms = rooms
        self._stopping = stopping

    async def reply(self, visit: Visit, ask: Ask) -> Card:
        """Do what a moderator asks."""
        role = visit.member.role if visit.member is not None else NOBODY
        if visit.member is None or not allowed(Action.MOD, role, owns=False):
            return view.moderators_only_card()
        word, _, rest = ask.argument.strip().partition(" ")
        if word.casefold() in standing.WORDS:
            return await moderate(self._stopping, word.casefold(), rest, str(visit.member.id))
        reference, _, words = rest.strip().partition(" ")
        try:
            return await self._done(word.casefold(), reference, words.strip(), str(visit.member.id))
        except Overtaken:
            return view.queue_card(await self._review.queue())

    async def _done(self, word: str, reference: str, words: str, by: str) -> Card:
        if word in ("", "queue"):
            return view.queue_card(await self._review.queue())
        if word == "show":
            found = await self._review.waiting(reference)
            return view.applicant_card(found) if found else view.unknown_reference_card(reference)
        if word == "approve":
            approved = await self._review.approve(reference, by)
            return view.approved_card(approved) if approved else view.unknown_reference_card(reference)
        if word in ("reject", "ask"):
            return await self._say(word, reference, words, by)
        if word in pausing.WORDS:
            return await self._rooms.reply(word, reference, by)
        return view.mod_help_card(HELP)

    async def _say(self, word: str, reference: str, words: str, by: str) -> Card:
        if not words:
            return view.words_missing_card(word, reference)
        act = self._review.reject if word == "reject" else self._review.ask
        said = await act(reference, by, words)
        return view.said_card(said) if said else view.unknown_reference_card(reference)
