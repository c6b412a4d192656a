"""Unread messages: kept until their key arrives, and given up with a word to the sender when it does not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence

import structlog
from nio import EncryptionError, MegolmEvent
from nio import Event as NioEvent

from bot.adapters.matrix.inbound import Heard, unreadable
from bot.adapters.matrix.patience import Patience
from bot.adapters.matrix.session import Session
from bot.chat.events import Event
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
PATIENCE_SECONDS = 10.0

HandIn = Callable[[Sequence[Event]], Awaitable[None]]
"""Commits events; goes on trying until that worked."""


class Unread:
    """Messages of home chats and of the moderators' room whose key is missing.

    They survive a restart, sealed in the cabinet.
    """

    def __init__(
        self,
        session: Session,
        clock: Clock,
        translate: Callable[[Heard], Event | None],
        hand_in: HandIn,
        patience: Patience,
    ) -> None:
        """Take what turns a decrypted message into an event and what commits it."""
        self._session = session
        self._clock = clock
        self._translate = translate
        self._hand_in = hand_in
        self._patience = patience
        self._waiting: dict[str, Heard] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._loaded = False

    async def load(self) -> None:
        """Take up what waited when the bot stopped; once, and only when keys can come again."""
        if self._loaded:
            return
        kept = await self._session.cabinet.get(self._name)
        for room, source in json.loads(kept) if kept else []:
            self._take(Heard(room, source, readable=False, protected=True))
        self._loaded = True

    async def keep(self, heard: Sequence[Heard]) -> None:
        """Keep messages durably, before the token moves past them."""
        if heard:
            for message in heard:
                self._take(message)
            await self._write()

    async def retry(self) -> None:
        """Hand in whatever can be read by now."""
        for message in list(self._waiting.values()):
            opened = self._opened(message)
            if opened is not None:
                event = self._translate(opened)
                await self._settle(message, [event] if event else [])

    def close(self) -> None:
        """Stop the timers; what waits is taken up at the next start."""
        for timer in self._timers.values():
            timer.cancel()
        self._timers.clear()
        self._waiting.clear()
        self._loaded = False

    @property
    def _name(self) -> str:
        return self._session.cabinet_name("unread")

    def _take(self, message: Heard) -> None:
        if message.id not in self._waiting:
            self._waiting[message.id] = message
            self._timers[message.id] = asyncio.create_task(self._give_up(message))

    async def _give_up(self, message: Heard) -> None:
        await self._clock.sleep(PATIENCE_SECONDS)
        if message.id in self._waiting:
            _log.warning("matrix_message_unreadable", site=self._session.site.name)
            # What moderators say among themselves need not reach the bot, so nobody is told there.
            told = [] if message.room == self._session.site.moderators else [unreadable(message, "key")]
            await self._settle(message, told)

    async def _settle(self, message: Heard, events: Sequence[Event]) -> None:
        """Hand in first and forget second: the same event twice is known by its id, a lost one is lost."""
        await self._hand_in(events)
        self._waiting.pop(message.id, None)
        timer = self._timers.pop(message.id, None)
        if timer is not None and timer is not asyncio.current_task():
            timer.cancel()
        await self._patience.insist(self._write)

    async def _write(self) -> None:
        kept = [(message.room, message.source) for message in self._waiting.values()]
        await self._session.cabinet.put(self._name, json.dumps(kept).encode())

    def _opened(self, message: Heard) -> Heard | None:
        """Decrypt if the key is there; look first, since nio asks others for it at every vain try."""
        olm = self._session.client.olm
        event = NioEvent.parse_encrypted_event(dict(message.source))
        if olm is None or not isinstance(event, MegolmEvent):
            return None
        event.room_id = message.room
        sender_key, session_id = str(event.sender_key), str(event.session_id)
        if olm.inbound_group_store.get(message.room, sender_key, session_id) is None:
            return None
        try:
            return Heard(message.room, self._session.client.decrypt_event(event).source, protected=True)
        except EncryptionError:
            return None
