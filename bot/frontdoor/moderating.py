"""Moderating: the review queue and the rooms. Here, because applicants have names and no screen names."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.chat.events import Event, Place
from bot.commands.context import Ask
from bot.domain.members import Member, Role
from bot.domain.permissions import NOBODY, Action, allowed
from bot.frontdoor import hiding, pausing, standing
from bot.frontdoor.hiding import Hiding, means_post
from bot.frontdoor.pausing import Pausing
from bot.frontdoor.visit import Visit
from bot.identity.applications import Overtaken
from bot.identity.first_moderator import Redeemed
from bot.identity.people import People
from bot.ports.adapter import Later, Reply
from bot.views import moderators
from bot.views import verification as view
from bot.views.hiding import MOD_HELP
from bot.views.report import MOD_HELP as REPORT_HELP
from bot.views.standing import HELP


@dataclass(frozen=True, slots=True)
class Asked:
    """One word of a moderator: ``mod WORD REFERENCE words``. ``by`` is who asks, for the audit chain."""

    visit: Visit
    word: str
    reference: str
    words: str
    by: str
    about: str = ""
    """The subject of the message that the word answers."""


Answer = Callable[[Asked], Awaitable[Reply]]


class Moderating:
    """Answers everything that begins with ``mod``; moderators only, but for the first one's code."""

    def __init__(self, people: People, rooms: Pausing, hiding_posts: Hiding) -> None:
        """Take the queue, who makes the first moderator, who stops members, pauses rooms, and hides posts."""
        self._review = people.review
        self._first = people.first_moderator
        self._stopping = people.stopping
        self._rooms = rooms
        self._hiding = hiding_posts
        self._words: Mapping[str, Answer] = {
            "": self._queue,
            "queue": self._queue,
            "show": self._show,
            "approve": self._approve,
            **dict.fromkeys(_SAYING, self._say),
            **dict.fromkeys(standing.WORDS, self._stand),
            **dict.fromkeys(pausing.WORDS, self._room),
            **dict.fromkeys(hiding.WORDS, self._post),
            "reports": self._reports,
        }

    async def reply(self, visit: Visit, ask: Ask) -> Reply:
        """Do what a moderator asks."""
        word, _, rest = ask.argument.strip().partition(" ")
        if word.casefold() == _FIRST:
            return await self._redeem(visit, rest)
        if visit.member is None or not _is_moderator(visit.member):
            return view.moderators_only_card()
        reference, _, words = rest.strip().partition(" ")
        words = ask.values.get("words", "") if ask.submitted else words
        asked = Asked(visit, word.casefold(), reference, words.strip(), str(visit.member.id), ask.about)
        try:
            return await self._words.get(asked.word, self._help)(asked)
        except Overtaken:
            return await self._queue(asked)

    async def _help(self, _: Asked) -> Reply:
        return view.mod_help_card((*HELP, *MOD_HELP, *REPORT_HELP))

    async def _stand(self, asked: Asked) -> Reply:
        written = f"{asked.reference} {asked.words}"
        return await standing.moderate(self._stopping, asked.word, written, asked.by)

    async def _post(self, asked: Asked) -> Reply:
        if not means_post(asked.word, asked.reference, asked.about):
            return await self._stand(asked)
        written = f"{asked.reference} {asked.words}"
        return await self._hiding.reply(asked.visit, asked.word, written, asked.about)

    async def _reports(self, _: Asked) -> Reply:
        return await self._hiding.reports()

    async def _room(self, asked: Asked) -> Reply:
        return await self._rooms.reply(asked.word, asked.reference, asked.by)

    async def _queue(self, _: Asked) -> Reply:
        return view.queue_card(await self._review.queue(), await self._review.apart())

    async def _show(self, asked: Asked) -> Reply:
        found = await self._review.waiting(asked.reference)
        if found is None:
            return view.unknown_reference_card(asked.reference)
        return view.applicant_card(found, alone=await self._review.alone())

    async def _approve(self, asked: Asked) -> Reply:
        approved = await self._review.approve(asked.reference, asked.by)
        if approved is None:
            return view.unknown_reference_card(asked.reference)
        return view.approved_card(approved, alone=await self._review.alone())

    async def _say(self, asked: Asked) -> Reply:
        if not asked.words:
            return await self._words_wanted(asked)
        act = self._review.reject if asked.word == "reject" else self._review.ask
        said = await act(asked.reference, asked.by, asked.words)
        return view.said_card(said) if said else view.unknown_reference_card(asked.reference)

    async def _words_wanted(self, asked: Asked) -> Reply:
        """Ask for the words; in a room without forms they belong behind the reference, on the same line."""
        found = await self._review.waiting(asked.reference)
        if found is None:
            return view.unknown_reference_card(asked.reference)
        visit = asked.visit
        if visit.event.place is Place.MODERATORS and not visit.adapter.capabilities.forms:
            return view.words_missing_card(asked.word, found.reference)
        return moderators.words_form(asked.word, found.reference)

    async def _redeem(self, visit: Visit, code: str) -> Reply:
        """Take the first moderator's code; a wrong one is answered like any word of a moderator's."""
        try:
            done = await self._first.redeem(
                visit.event.account,
                code,
                lambda: visit.adapter.profile(visit.event.account),
                may=allowed(Action.MOD_FIRST, _role(visit.member), owns=False),
            )
        except Later:
            return moderators.first_later_card()
        return _REDEEMED[done]()


def placed(event: Event, member: Member | None) -> Event:
    """Let a moderator's words count as said in the moderators' room; all else is answered as anywhere.

    What is answered in that room, its members read: so never a screen name, and nothing for a stranger.
    """
    if event.place is not Place.MODERATORS or (_is_moderator(member) and _word_of(event) == Action.MOD):
        return event
    return replace(event, place=Place.ELSEWHERE)


def asides_of(member: Member | None) -> frozenset[str]:
    """List how a moderator's words begin, which answer no question of a form; nobody else has any."""
    return _ASIDE if _is_moderator(member) else frozenset()


def _is_moderator(member: Member | None) -> bool:
    return allowed(Action.MOD, _role(member), owns=False)


def _role(member: Member | None) -> Role | None:
    return member.role if member is not None else NOBODY


def _word_of(event: Event) -> str:
    return event.text.strip().partition(" ")[0].casefold()


_SAYING: Final = ("ask", "reject")
_WORDS: Final = (
    "queue",
    "show",
    "approve",
    "words",
    *_SAYING,
    *standing.WORDS,
    *pausing.WORDS,
    *hiding.WORDS,
    "reports",
)
_ASIDE: Final = frozenset({"mod", *(f"mod {word}" for word in _WORDS)})
_FIRST: Final = Action.MOD_FIRST.removeprefix(f"{Action.MOD} ")
_REDEEMED: Final[Mapping[Redeemed, Callable[[], Reply]]] = {
    Redeemed.DONE: moderators.first_card,
    Redeemed.UNKNOWN: view.moderators_only_card,
    Redeemed.TOO_LATE: moderators.first_too_late_card,
    Redeemed.MEMBER: moderators.first_is_member_card,
    Redeemed.GUEST: moderators.first_is_guest_card,
}
