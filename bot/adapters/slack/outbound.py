"""Deliveries: post, change and take back; a try that may have got through is never simply repeated."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

from bot.adapters.slack.errors import Declined, Unreachable, delivery_error
from bot.adapters.slack.ids import Malformed, MessageAddress, file_id, is_home
from bot.adapters.slack.literal import Json, cut, literal
from bot.adapters.slack.moderators_room import ModeratorsRoom
from bot.adapters.slack.pace import POST, Pace
from bot.adapters.slack.pictures import FILE, NOT_READY, PICTURE_WAITS, UPLOAD, Pictures
from bot.adapters.slack.render import notice, to_messages
from bot.adapters.slack.rooms import Homes, Room
from bot.adapters.slack.wire import Wire
from bot.chat.cards import Card, Fine, Speaker
from bot.ports.adapter import GONE, Delete, Delivery, Edit, Part, Post, Record, Replace, Undeliverable
from bot.ports.adapter import Room as Which
from bot.ports.clock import Clock

MESSAGE = "message"
EVENT_TYPE = "curbside_delivery"
_WARNING = Fine(("Typing here shows your name.",))
_PAGE = 200
_PAGES = 5
_SPAN = 2 * 24 * 3600.0  # seconds to look back: the relay does not repeat older tries
_NAME = 80
_ICONS = tuple(
    f":{name}:"
    for name in (
        *("seedling", "evergreen_tree", "deciduous_tree", "palm_tree", "cactus", "herb", "four_leaf_clover"),
        *("maple_leaf", "mushroom", "chestnut", "shell", "sunflower", "tulip", "blossom", "cherry_blossom"),
        *("owl", "turtle", "snail", "bee", "ladybug", "butterfly", "dove_of_peace", "whale", "hedgehog"),
    )
)


class Deliveries:
    """Everything that the relay hands to one workspace."""

    def __init__(
        self,
        wire: Wire,
        pace: Pace,
        room: Room,
        moderators: ModeratorsRoom,
        homes: Homes,
        pictures: Pictures,
        clock: Clock,
    ) -> None:
        self._wire = wire
        self._pace = pace
        self._room = room
        self._moderators = moderators
        self._homes = homes
        self._pictures = pictures
        self._clock = clock

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        """Do it; raises ``Later`` or ``Undeliverable``."""
        try:
            match delivery.action:
                case Post() as post:
                    await self._post(delivery, post, record)
                case Edit() as edit:
                    await self._edit(delivery, edit, record)
                case Replace(card, parts, thread):
                    await self._edit(delivery, Edit(card, _whole(parts), thread), record, anew=True)
                case Delete(parts):
                    await self._delete((*delivery.done, *parts))
        except (Declined, Unreachable) as error:
            raise delivery_error(error) from None
        except Malformed:
            raise Undeliverable("malformed_remote") from None

    async def _post(self, delivery: Delivery, post: Post, record: Record) -> None:
        channel = await self._channel(delivery)
        thread = _thread(post.thread, channel)
        card = self._shown(delivery, post.card, thread)
        files = await self._upload(delivery, card, delivery.done, record)
        made = len(_remotes(delivery.done, MESSAGE))
        messages = [
            _message(card, blocks, _metadata(delivery.id, number), thread)
            for number, blocks in enumerate(to_messages(card, files))
        ]
        await self._make(delivery, channel, messages[made:], record)

    async def _make(self, delivery: Delivery, channel: str, messages: Sequence[Json], record: Record) -> None:
        """Post what is missing; after a try that may have got through only what cannot be found.

        The first waits for nothing here: the relay asked for its turn.
        """
        found = await self._find(channel, messages) if delivery.tried and messages else {}
        for number, message in enumerate(messages):
            ts = found.get(_id_of(message))
            if ts is None and number:
                await self._wait_for(POST, channel)
            ts = ts or await self._say(channel, message)
            await record(Part(MESSAGE, str(MessageAddress.of(channel, ts))))

    async def _channel(self, delivery: Delivery) -> str:
        if delivery.account is not None:
            if not self._homes.knows(delivery.account):
                await self._pace.before("conversations.open", "", home=True)
            return await self._homes.of(delivery.account)
        return self._room.channel if delivery.room is Which.CONSULT else self._moderators.channel

    async def _wait_for(self, method: str, channel: str) -> None:
        await self._pace.before(method, channel, home=is_home(channel))

    def _shown(self, delivery: Delivery, card: Card, thread: str | None) -> Card:
        if delivery.account is not None:
            return _for_home(card)
        consults = delivery.room is Which.CONSULT
        if consults and thread is None and self._room.open_to_typing:
            return dataclasses.replace(card, blocks=(*card.blocks, _WARNING))
        return card

    async def _upload(
        self, delivery: Delivery, card: Card, done: Sequence[Part], record: Record
    ) -> list[str]:
        return await self._pictures.upload(delivery.id, card.pictures, delivery.images, done, record)

    async def _find(self, channel: str, messages: Sequence[Json]) -> dict[str, str]:
        """Look in the channel for messages that got through unnoticed: time stamps by delivery id."""
        thread = messages[0].get("thread_ts")
        span = {
            "limit": _PAGE,
            "oldest": f"{self._clock.now().timestamp() - _SPAN:.6f}",
            "include_all_metadata": True,
        }
        method = "conversations.replies" if thread else "conversations.history"
        wanted, found = {_id_of(each) for each in messages}, dict[str, str]()
        cursor: str | None = None
        for _ in range(_PAGES):
            await self._wait_for(method, channel)
            page = await self._wire.ask(method, channel=channel, ts=thread, cursor=cursor, **span)
            found |= {_id_of(each): str(each.get("ts")) for each in page.get("messages", ())}
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor or wanted <= found.keys():
                break
        return found

    async def _say(self, channel: str, message: Json) -> str:
        waits = _waits(message["blocks"])
        while True:
            try:
                said = await self._wire.ask("chat.postMessage", channel=channel, **message)
                return str(said.get("ts"))
            except Declined as declined:
                wait = next(waits, None) if declined.code in NOT_READY else None
                if wait is None:
                    raise
            await self._clock.sleep(wait)

    async def _edit(self, delivery: Delivery, edit: Edit, record: Record, *, anew: bool = False) -> None:
        """Change messages in place; with ``anew`` every picture is another one.

        What stands in a channel that was the room before is said in the room, unless nothing of it may stay.
        """
        parts = (*edit.parts, *delivery.done)
        addresses = [MessageAddress.read(remote) for remote in _remotes(parts, MESSAGE)]
        if not addresses:
            raise Undeliverable("nothing_to_edit")
        here = addresses[0].channel if delivery.account else await self._channel(delivery)
        standing = [address for address in addresses if address.channel == here]
        elsewhere = [address for address in addresses if address.channel != here]
        addresses = [*standing, *elsewhere] if anew else standing
        channel = addresses[0].channel if addresses else here
        thread = _thread(edit.thread, channel)
        card = self._shown(delivery, edit.card, thread)
        files = _remotes(parts, FILE)
        redrawn = anew or any(picture.redrawn for picture in card.pictures)
        shown = to_messages(card, await self._upload(delivery, card, () if redrawn else parts, record))
        for address, blocks in zip(addresses, shown, strict=False):
            await self._change(address, card, blocks)
        more = [
            _message(card, blocks, _metadata(delivery.id, number), thread)
            for number, blocks in enumerate(shown[len(addresses) :], len(addresses))
        ]
        await self._make(delivery, channel, more, record)
        surplus = files if redrawn else files[len(card.pictures) :]
        await self._drop_surplus(addresses[len(shown) :], surplus, record)

    async def _change(self, address: MessageAddress, card: Card, blocks: list[Json]) -> None:
        waits = _waits(blocks)
        change = {"text": notice(card), "blocks": blocks, "parse": "none", "link_names": False}
        while True:
            await self._wait_for("chat.update", address.channel)
            try:
                await self._wire.ask("chat.update", channel=address.channel, ts=address.ts, **change)
                return
            except Declined as declined:
                wait = next(waits, None) if declined.code in NOT_READY else None
                if wait is None:
                    raise
            await self._clock.sleep(wait)

    async def _drop_surplus(
        self, addresses: Sequence[MessageAddress], files: Sequence[str], record: Record
    ) -> None:
        messages = [Part(MESSAGE, str(address)) for address in addresses]
        for part in (*messages, *(Part(FILE, file) for file in files)):
            await self._take_back(part)
            await record(Part(GONE, part.remote))

    async def _delete(self, parts: Sequence[Part]) -> None:
        """Take back messages before files, and all that can be before saying that one could not."""
        refusal: Declined | None = None
        for part in sorted(set(parts), key=lambda each: (each.kind != MESSAGE, each.remote)):
            try:
                await self._take_back(part)
            except Declined as declined:
                if declined.passing:
                    raise
                refusal = refusal or declined
        if refusal is not None:
            raise refusal

    async def _take_back(self, part: Part) -> None:
        try:
            if part.kind in (FILE, UPLOAD):
                await self._wire.ask("files.delete", file=file_id(part.remote))
            else:
                address = MessageAddress.read(part.remote)
                await self._wait_for("chat.delete", address.channel)
                await self._wire.ask("chat.delete", channel=address.channel, ts=address.ts)
        except Declined as declined:
            if not declined.gone:
                raise


def _waits(blocks: Sequence[Json]) -> Iterator[float]:
    return iter(PICTURE_WAITS if any("slack_file" in block for block in blocks) else ())


def _remotes(parts: Sequence[Part], kind: str) -> list[str]:
    """Give the remotes of one kind, each once, in the order in which they were made."""
    return list(dict.fromkeys(part.remote for part in parts if part.kind == kind))


def _whole(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Count uploads that were begun among the files: they go too."""
    return tuple(dataclasses.replace(part, kind=FILE) if part.kind == UPLOAD else part for part in parts)


def _thread(remote: str, channel: str) -> str | None:
    if not remote:
        return None
    address = MessageAddress.read(remote)
    # A thread of a channel that was the room before is not here: then it is said without one.
    return address.ts if address.channel == channel else None


def _for_home(card: Card) -> Card:
    """Leave the speaker out: a workspace's admin can export direct messages."""
    return dataclasses.replace(card, speaker=None)


def _message(card: Card, blocks: list[Json], metadata: Json, thread: str | None) -> Json:
    arguments: dict[str, Any] = {
        "text": notice(card),
        "blocks": blocks,
        "metadata": metadata,
        "unfurl_links": False,
        "unfurl_media": False,
        "parse": "none",
        "link_names": False,
        "mrkdwn": False,
    }
    if thread:
        arguments["thread_ts"] = thread
    return {**arguments, **_speaker(card.speaker)}


def _speaker(speaker: Speaker | None) -> Json:
    if speaker is None:
        return {}
    choice = int.from_bytes(hashlib.sha256(speaker.key.encode()).digest()[:4], "big")
    return {"username": cut(literal(speaker.name), _NAME), "icon_emoji": _ICONS[choice % len(_ICONS)]}


def _metadata(delivery_id: str, number: int) -> Json:
    return {"event_type": EVENT_TYPE, "event_payload": {"id": _delivery_id(delivery_id, number)}}


def _delivery_id(delivery_id: str, number: int) -> str:
    return f"{delivery_id}.{number + 1}" if number else delivery_id


def _id_of(message: Json) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return ""
    return str((metadata.get("event_payload") or {}).get("id", ""))
