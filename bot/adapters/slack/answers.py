"""Private answers to the person who acted: a modal, a message only that person sees, or the home chat."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from yarl import URL

from bot.adapters.slack.acknowledged import Acknowledged
from bot.adapters.slack.errors import Declined, Unreachable, delivery_error
from bot.adapters.slack.forms import Origin, card_view, form_view, home_view, waiting_view
from bot.adapters.slack.ids import MessageAddress, is_home
from bot.adapters.slack.inbound import OPENED
from bot.adapters.slack.literal import Json
from bot.adapters.slack.pictures import NOT_READY, PICTURE_WAITS, Pictures
from bot.adapters.slack.render import notice, to_blocks, to_messages, weight
from bot.adapters.slack.rooms import Homes
from bot.adapters.slack.site import SlackSite
from bot.adapters.slack.wire import Wire
from bot.chat.cards import Button, Card, note
from bot.chat.events import Event, Kind
from bot.chat.forms import Form
from bot.chat.text import Word
from bot.ports.adapter import SHOWN, Image, Part, Record, Reply
from bot.ports.clock import Clock

_SMALL_BLOCKS = 10
_SMALL_WEIGHT = 4_000
_STEM = re.compile(r"[a-z]+(?: [0-9.]+)?", re.IGNORECASE)
_TAKEN, _REFUSED, _CLOSED = "taken", "refused", "closed"
_VIEW_GONE = frozenset({"not_found", "view_not_found", "view_closed"})


class Answers:
    """Answers of one workspace. Each is tried once; what cannot be shown any more leaves a way back to it."""

    def __init__(
        self,
        site: SlackSite,
        wire: Wire,
        homes: Homes,
        pictures: Pictures,
        acknowledged: Acknowledged,
        clock: Clock,
    ) -> None:
        self._site = site
        self._clock = clock
        self._wire = wire
        self._homes = homes
        self._pictures = pictures
        self._acknowledged = acknowledged

    async def answer(self, event: Event, reply: Reply, images: Mapping[str, Image], record: Record) -> str:
        """Show the reply; give the remote of the home chat's message that shows it, or nothing.

        Raises ``Later`` or ``Undeliverable``.
        """
        await self._acknowledged.wait(event.id)
        try:
            if isinstance(reply, Form):
                return await self._form(event, reply, images, record)
            if event.handle.get("tab") == OPENED:
                return await self._tab(event, reply)
            if not _in_a_view(event) and not reply.reopen and _is_small(reply):
                return await self._whisper(event, reply)
            return await self._card(event, reply, images, record)
        except (Declined, Unreachable) as error:
            raise delivery_error(error) from None

    async def _form(self, event: Event, form: Form, images: Mapping[str, Image], record: Record) -> str:
        if not (event.handle.get("view") or event.handle.get("trigger")):
            button = Button("Open", form.command, style="main")
            return await self._whisper(
                event, note(f"{form.title}: this opens in a form. ", buttons=(button,))
            )
        origin = _origin(event)
        shown = await self._show(event, form_view(form, origin))
        if shown is not None:
            if form.pictures and all(picture.media in images for picture in form.pictures):
                files = await self._pictures.upload(event.id, form.pictures, images, (), record)
                await self._replace(shown, form_view(form, origin, files))
            return ""
        again = Button("Open again", stem(event.text), style="main")
        return await self._home(event, note("That form timed out, your draft is kept.", buttons=(again,)))

    async def _tab(self, event: Event, card: Card) -> str:
        """Draw the person's Home tab: nobody else sees it, and no export holds it."""
        await self._wire.ask("views.publish", user_id=event.account.user, view=home_view(card))
        return ""

    async def _card(self, event: Event, card: Card, images: Mapping[str, Image], record: Record) -> str:
        """Show a card in a modal; with pictures the modal comes first: it would not wait for the upload."""
        wanted = bool(card.pictures) and all(picture.media in images for picture in card.pictures)
        in_words = card_view(card, (), _origin(event))
        shown = await self._show(event, _waiting(card) if wanted else in_words)
        if shown is None:
            return await self._aside(event, card)
        if wanted:
            files = await self._pictures.upload(event.id, card.pictures, images, (), record)
            return await self._with_pictures(
                event, card, shown, card_view(card, files, _origin(event)), record
            )
        return ""

    async def _with_pictures(self, event: Event, card: Card, shown: str, view: Json, record: Record) -> str:
        """Put the pictures into the modal that waits for them, else the words alone; it may be closed."""
        ending = await self._replace(shown, view)
        if ending == _TAKEN:
            for picture in card.pictures:
                await record(Part(SHOWN, picture.media))
        elif ending == _REFUSED:
            ending = await self._replace(shown, card_view(card, (), _origin(event)))
        if ending == _CLOSED and card.reopen is not None:
            return await self._aside(event, card)
        return ""

    async def _aside(self, event: Event, card: Card) -> str:
        """Show a card without a modal; one that may not lie open in the chat leaves only its way back."""
        if card.reopen is None:
            return await self._whisper(event, card)
        return await self._home(event, note(f"{card.notice}. ", buttons=(card.reopen,)))

    async def _show(self, event: Event, view: Json) -> str | None:
        """Put a view into the modal that the event came from, or open one: its id, or None if too late."""
        try:
            if event.handle.get("view"):
                shown = await self._wire.ask("views.update", view_id=event.handle["view"], view=view)
            elif event.handle.get("trigger"):
                shown = await self._wire.ask("views.open", trigger_id=event.handle["trigger"], view=view)
            else:
                return None
        except Declined as declined:
            if not (declined.late or declined.code in _VIEW_GONE):
                raise
            return None
        return str((shown.get("view") or {}).get("id", ""))

    async def _replace(self, view_id: str, view: Json) -> str:
        """Change a modal as soon as Slack has looked at its pictures; say whether it was taken."""
        for wait in (*PICTURE_WAITS, None):
            try:
                await self._wire.ask("views.update", view_id=view_id, view=view)
                return _TAKEN
            except Declined as declined:
                if declined.code in _VIEW_GONE:
                    return _CLOSED
                if declined.code not in NOT_READY:
                    raise
            if wait is not None:
                await self._clock.sleep(wait)
        return _REFUSED

    async def _whisper(self, event: Event, card: Card) -> str:
        """Say it where the person acted, seen by that person only; else ask them back from the home chat.

        In the home chat too: its messages can be exported by the workspace's admin, and an answer may name
        the reader's screen name. What is seen by one person only is not kept.
        """
        if event.kind is Kind.HELLO:
            return await self._home(event, card)
        for say in (self._respond, self._ephemeral):
            if await say(event, card):
                return ""
        lost = note("I could not show my answer where you asked. Please ask again: ", Word(stem(event.text)))
        return await self._home(event, lost)

    async def _respond(self, event: Event, card: Card) -> bool:
        url = URL(event.handle.get("respond", ""))
        if not self._site.takes_answer(url):
            return False
        for blocks in to_messages(card, (), named=True):
            said = {
                "response_type": "ephemeral",
                "replace_original": False,
                "text": notice(card),
                "blocks": blocks,
            }
            if event.handle.get("thread"):
                said["thread_ts"] = event.handle["thread"]
            try:
                await self._wire.post_to(url, body=json.dumps(said).encode(), content_type="application/json")
            except Declined as declined:
                if declined.status not in (400, 403, 404, 410):
                    raise
                return False
        return True

    async def _ephemeral(self, event: Event, card: Card) -> bool:
        channel = event.handle.get("channel", "")
        if not channel:
            return False
        for blocks in to_messages(card, (), named=True):
            try:
                await self._wire.ask(
                    "chat.postEphemeral",
                    channel=channel,
                    user=event.account.user,
                    thread_ts=event.handle.get("thread") or None,
                    text=notice(card),
                    blocks=blocks,
                    parse="none",
                    link_names=False,
                )
            except Declined as declined:
                if declined.passing:
                    raise
                return False
        return True

    async def _home(self, event: Event, card: Card) -> str:
        channel, thread = event.handle.get("channel", ""), event.handle.get("thread") or None
        # A command's channel may be a direct message between two people: only messages to us tell ours.
        if event.kind not in (Kind.TEXT, Kind.HELLO) or not is_home(channel):
            channel, thread = await self._homes.of(event.account), None
        first = ""
        for blocks in to_messages(card, ()):
            said = await self._wire.ask(
                "chat.postMessage",
                channel=channel,
                thread_ts=thread,
                text=notice(card),
                blocks=blocks,
                unfurl_links=False,
                unfurl_media=False,
                parse="none",
                link_names=False,
                mrkdwn=False,
            )
            first = first or str(MessageAddress.of(channel, str(said.get("ts"))))
        return first


def _is_small(card: Card) -> bool:
    if card.pictures:
        return False
    blocks = to_blocks(card, named=True)
    return len(blocks) <= _SMALL_BLOCKS and weight(blocks) <= _SMALL_WEIGHT


def _waiting(card: Card) -> Json:
    return waiting_view({"title": {"text": card.title}})


def _origin(event: Event) -> Origin:
    return Origin("", event.handle.get("channel", ""), tab=bool(event.handle.get("tab")))


def _in_a_view(event: Event) -> bool:
    """Say whether somebody acted in a modal or in the Home tab, where no message can stand."""
    return bool(event.handle.get("view") or event.handle.get("tab"))


def stem(command: str) -> str:
    """Give a command without the words that came with it, which do not belong into a direct message."""
    found = _STEM.match(command.strip())
    return found.group() if found else "help"
