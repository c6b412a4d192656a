"""Rewording at the front door: which of a member's messages an edit or a deletion is about."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.chat.events import Event, Kind
from bot.chat.wizard import question_card
from bot.commands.context import Ask, Context, House
from bot.commands.finding import split_number
from bot.commands.registry import WORDS
from bot.commands.rewording import deleted, edited
from bot.domain.drafts import Sent
from bot.domain.rewording import EARLY_FOR
from bot.frontdoor.reading import Say, bare, read
from bot.frontdoor.replies import is_command
from bot.frontdoor.talk import Talk
from bot.frontdoor.visit import Visit
from bot.identity.wall import Wall
from bot.ports.adapter import Reply
from bot.ports.work import TAGGED, Dialogs
from bot.views.rewording import draft_keeps_card, read_once_card


class Rewording:
    """Knows members' own messages by their tags, which the vault keeps."""

    def __init__(self, wall: Wall, house: House) -> None:
        """Take the wall, behind which the tags are, and the house."""
        self._wall = wall
        self._house = house

    async def tag(self, visit: Visit) -> str:
        """Tag the message that a visit is about; empty where there is none, or nobody whose it could be."""
        event = visit.event
        if not event.message or visit.known is None:
            return ""
        drawn = self._house.chance.id()
        return await self._wall.home.tag(visit.known.member, event.account, event.message, drawn)

    async def newest(self, visit: Visit, dialogs: Dialogs) -> Visit | None:
        """Give a visit with the words that its message has by now; None if that was deleted meanwhile.

        Slack may tell of an edit before it tells, at a second try, of the message.
        """
        event = visit.event
        if not event.message or event.kind not in (Kind.TEXT, Kind.COMMAND):
            return visit
        kept = await dialogs.get(_early(visit))
        if kept is None:
            return visit
        kind, text = json.loads(kept)
        now = replace(event, kind=Kind.TEXT, text=text)
        return None if kind == Kind.DELETED else replace(visit, received=replace(visit.received, event=now))

    async def reply(self, visit: Visit, context: Context, talk: Talk) -> tuple[Reply | None, Talk]:
        """Do what an edit or a deletion means; raises :class:`Refused`."""
        event = visit.event
        tag = await self._wall.home.subject(event.account, event.message)
        if not tag.startswith(TAGGED):
            return await self._without_tag(visit, context, talk)
        if event.kind is Kind.DELETED:
            return await deleted(context, tag), talk
        word, request = _read(visit, tag)
        return await edited(context, word, request), talk

    async def _without_tag(self, visit: Visit, context: Context, talk: Talk) -> tuple[Reply | None, Talk]:
        """Answer for a message that became no comment or opinion; for plain talk with nothing."""
        event = visit.event
        if talk.wizard is not None and (changed := talk.wizard.reword(event.message, event.text)):
            return question_card(changed), replace(talk, wizard=changed)
        says = event.kind is Kind.EDITED
        if says and (code := await self._draft_with(visit, context)):
            return draft_keeps_card(code), talk
        await self._keep_early(visit)
        is_command = says and _read(visit, "")[0] in WORDS
        return (read_once_card() if is_command else None), talk

    async def _keep_early(self, visit: Visit) -> None:
        """Keep for an hour what became of a message, which may be still to come."""
        kept = json.dumps([visit.event.kind, visit.event.text]).encode()
        async with self._house.content.work() as work:
            await work.dialogs.put(_early(visit), kept, self._house.clock.now() + EARLY_FOR)

    async def _draft_with(self, visit: Visit, context: Context) -> str:
        """Give the code of the member's draft that an untagged message went into, or nothing."""
        said = Sent(visit.received.site, visit.event.message)
        async with self._house.content.look() as work:
            drafts = await work.drafts.of_member(*context.ids)
        return next((draft.code for draft in drafts if draft.source and said in draft.source.sent), "")


def _early(visit: Visit) -> str:
    return f"early:{visit.key}:{visit.event.message}"


def _read(visit: Visit, tag: str) -> tuple[str, Ask]:
    """Read the words that a message has now: a command, or what is said where they were said before."""
    event, prefix = replace(visit.event, kind=Kind.TEXT), visit.adapter.capabilities.prefix
    text, sent = event.text.strip(), _sent(visit, event)
    if tag and bare(text, prefix) == text and not _says_command(text):
        return "comment", Ask(values={"text": text}, about=tag, submitted=True, sent=sent)
    wish = read(event, Talk(), "", prefix)
    return (wish.word, replace(wish.ask, about=tag, sent=sent)) if isinstance(wish, Say) else ("", Ask())


def _says_command(text: str) -> bool:
    """Tell a command from a sentence that begins as one; an edit may name another case than before."""
    return is_command(text, split_number(text.partition(" ")[2])[0])


def _sent(visit: Visit, event: Event) -> tuple[Sent, ...]:
    return (Sent(visit.received.site, event.remote),) if event.remote else ()
