"""Hiding at the front door: a moderator's words about what stands in the rooms, each in the audit chain."""

from __future__ import annotations

from typing import Final

from bot.commands import hiding
from bot.commands.context import House
from bot.commands.hiding import Named, named, target_about
from bot.domain.hiding import Reason, Target, reason_of, target_of
from bot.domain.permissions import NOBODY, Action, allowed
from bot.domain.refusal import Refused
from bot.frontdoor.visit import Visit
from bot.identity.audit import Audit
from bot.ports.adapter import Reply
from bot.views import hiding as view
from bot.views.home import refusal_card

WORDS: Final = hiding.WORDS
_DONE: Final = {"hide": "hidden", "restore": "restored", "lock": "locked", "unlock": "unlocked"}


class Hiding:
    """Does what moderators say about cases, opinions and comments."""

    def __init__(self, house: House, audit: Audit) -> None:
        """Take the house, and where moderators' acts are noted."""
        self._house = house
        self._audit = audit

    async def reply(self, visit: Visit, word: str, written: str, about: str) -> Reply:
        """Do it and say so; ``about`` is the subject of the message that the word answers."""
        first, _, words = written.strip().partition(" ")
        target = target_of(first)
        if target is None:
            target, words = await self._about(about), written
        if target is None or (word in ("lock", "unlock") and not target.is_case):
            return view.which_card(word)
        try:
            await self._act(visit, word, target, reason_of(words))
        except Refused as refused:
            ways = [way for way in refused.suggestions if way.startswith(f"{Action.MOD} ")]
            return refusal_card(Refused(refused.code, refused.sentence, *ways))
        return view.done_card(word, target)

    async def _about(self, subject: str) -> Target | None:
        async with self._house.content.work() as work:
            return await target_about(work, subject)

    async def _act(self, visit: Visit, word: str, target: Target, reason: Reason) -> None:
        """Note it in the chain, then do it: an act that nobody could read of there must not happen."""
        now = self._house.clock.now()
        async with self._house.content.work() as work:
            it = await named(work, target, now)
        _require_may(visit, word, it)
        it.require(word, now)
        reference = f"#{target.name} {reason.why.value}"
        await self._audit.append(f"{_kind(target)}_{_DONE[word]}", by=_by(visit), reference=reference)
        async with self._house.content.work() as work:
            await hiding.act(self._house, work, await named(work, target, now), word, reason)


def _require_may(visit: Visit, word: str, it: Named) -> None:
    """Refuse what the table does not allow; raises :class:`Refused`."""
    ids = visit.known.held.ids if visit.known is not None else ()
    member = visit.member
    owns = member is not None and it.writer in (member.id, *ids)
    role = member.role if member is not None else NOBODY
    if not allowed(Action(f"{Action.MOD} {word}"), role, owns=owns):
        raise Refused("own_words", "Another moderator has to decide about your own words.")


def _kind(target: Target) -> str:
    if target.is_case:
        return "case"
    return "opinion" if target.opinion is not None else "comment"


def _by(visit: Visit) -> str:
    return str(visit.member.id) if visit.member is not None else ""


def means_post(word: str, reference: str, about: str) -> bool:
    """Say whether a word is about a post; ``restore`` is said of members too, by their names."""
    return word != "restore" or target_of(reference) is not None or bool(about and not reference)
