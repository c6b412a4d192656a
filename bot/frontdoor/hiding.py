"""Hiding at the front door: a moderator's words about what stands in the rooms, each in the audit chain."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.chat.cards import Card
from bot.commands import hiding
from bot.commands.context import House
from bot.commands.hiding import It, named, target_about
from bot.commands.hiding_reasons import kept_reason
from bot.commands.reporting import reported
from bot.domain.hiding import Reason, Target, reason_of, split_target, target_of
from bot.domain.permissions import NOBODY, Action, allowed
from bot.domain.refusal import Refused
from bot.frontdoor.visit import Visit
from bot.identity.audit import Audit
from bot.ports.adapter import Reply
from bot.ports.work import Work
from bot.views import hiding as view
from bot.views.home import refusal_card
from bot.views.report import dismissed_card, kept_hidden_card, reports_card

WORDS: Final = (*hiding.WORDS, "dismiss")
_DONE: Final = {
    "hide": "hidden",
    "restore": "restored",
    "lock": "locked",
    "unlock": "unlocked",
    "uphold": "kept_hidden",
    "dismiss": "reports_dismissed",
}
_AS: Final = {**{word: word for word in hiding.WORDS}, "uphold": "hide", "dismiss": "restore"}
"""Which row of the table of permissions a word has."""


class Hiding:
    """Does what moderators say about cases, opinions and comments."""

    def __init__(self, house: House, audit: Audit) -> None:
        """Take the house, and where moderators' acts are noted."""
        self._house = house
        self._audit = audit

    async def reply(self, visit: Visit, word: str, written: str, about: str) -> Reply:
        """Do it and say so; ``about`` is the subject of the message that the word answers."""
        target, words = split_target(written)
        if target is None:
            target = await self._about(about)
        if target is None or (word in ("lock", "unlock") and not (target.is_case or target.poll)):
            return view.which_card(word)
        try:
            return await self._act(visit, word, target, replace(reason_of(words), by=_by(visit)))
        except Refused as refused:
            ways = [way for way in refused.suggestions if way.startswith(f"{Action.MOD} ")]
            return refusal_card(Refused(refused.code, refused.sentence, *ways))

    async def reports(self) -> Reply:
        """List what was reported and not decided about, the oldest first."""
        async with self._house.content.look() as work:
            return reports_card(await reported(work))

    async def _about(self, subject: str) -> Target | None:
        async with self._house.content.look() as work:
            return await target_about(work, subject)

    async def _act(self, visit: Visit, word: str, target: Target, reason: Reason) -> Card:
        """Note it in the chain, then do it: an act that nobody could read of there must not happen."""
        now = self._house.clock.now()
        async with self._house.content.work() as work:
            it = await named(work, target, now)
            word = await _meant(work, it, word, reason)
        _require_may(visit, _AS[word], it)
        if word not in ("uphold", "dismiss"):
            it.require(word, now)
        reference = f"#{target.name} {reason.why.value}"
        await self._audit.append(f"{_kind(it.target)}_{_DONE[word]}", by=_by(visit), reference=reference)
        async with self._house.content.work() as work:
            return await self._done(work, await named(work, target, now), word, reason)

    async def _done(self, work: Work, it: It, word: str, reason: Reason) -> Card:
        if word == "uphold":
            await hiding.uphold(self._house, work, it, reason)
            return kept_hidden_card(it.target)
        if word == "dismiss":
            await work.reports.settle(it.subject)
            return dismissed_card(it.target)
        await hiding.act(self._house, work, it, word, reason)
        return view.done_card(word, it.target)


async def _meant(work: Work, it: It, word: str, reason: Reason) -> str:
    """Say what a word comes to: what waits for a decision is kept hidden by hiding it, or shown again."""
    kept = await kept_reason(work, it.subject)
    if word == "hide" and it.is_hidden and kept.waits:
        kept.upheld(reason)
        return "uphold"
    if word != "dismiss":
        return word
    if not await work.reports.open_of(it.subject):
        raise Refused("not_reported", f"No report of #{it.target.name} waits for a decision.", "mod reports")
    return "restore" if it.is_hidden else "dismiss"


def _require_may(visit: Visit, word: str, it: It) -> None:
    """Refuse what the table does not allow; raises :class:`Refused`."""
    ids = visit.known.held.ids if visit.known is not None else ()
    member = visit.member
    owns = member is not None and it.writer in (member.id, *ids)
    role = member.role if member is not None else NOBODY
    if not allowed(Action(f"{Action.MOD} {word}"), role, owns=owns):
        raise Refused("own_words", "Another moderator has to decide about your own words.")


def _kind(target: Target) -> str:
    if target.poll:
        return "poll"
    if target.is_case:
        return "case"
    return "opinion" if target.opinion is not None else "comment"


def _by(visit: Visit) -> str:
    return str(visit.member.id) if visit.member is not None else ""


def means_post(word: str, reference: str, about: str) -> bool:
    """Say whether a word is about a post; ``restore`` is said of members too, by their names."""
    return word != "restore" or target_of(reference) is not None or bool(about and not reference)
