"""Home chats: whose direct message with the bot a room is; made on demand, left when a third person comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any

import structlog

from bot.adapters.matrix.arrivals import Arrivals
from bot.adapters.matrix.membership import invite
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.site import server_of
from bot.adapters.matrix.wire import Declined, path

_log = structlog.get_logger(__name__)
_ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
# The person can write, and can invite nobody; the bot alone changes anything else.
_POWERS = {
    "users_default": 0,
    "events_default": 0,
    "invite": 100,
    "kick": 100,
    "ban": 100,
    "redact": 100,
    "state_default": 100,
    "events": {"m.room.redaction": 0},
}


class Homes:
    """The home chats of one site; their list is the account data ``m.direct``, as every client keeps it."""

    def __init__(
        self, session: Session, arrivals: Arrivals, others: Callable[[], Collection[str]] = tuple
    ) -> None:
        """Start without knowing any; :meth:`load` asks the homeserver.

        ``others`` gives the consult room and the moderators', which are nobody's home chat.
        """
        self._session = session
        self._arrivals = arrivals
        self._others = others
        self._rooms: dict[str, list[str]] = {}
        self._opening = asyncio.Lock()

    async def load(self) -> None:
        """Read the list; raises ``Declined`` and ``Unreachable``."""
        try:
            listed = await self._session.wire.get(self._list_path())
        except Declined as declined:
            if declined.status != 404:
                raise
            listed = {}
        others = self._others()
        self._rooms = {
            user: [str(room) for room in rooms if room not in others] for user, rooms in listed.items()
        }

    def owner(self, room_id: str) -> str:
        """Give the person whose home chat a room is, or an empty string."""
        for user, rooms in self._rooms.items():
            if room_id in rooms:
                return user
        return ""

    def is_private(self, room_id: str, user_id: str) -> bool:
        """Say whether nobody but this person and the bot is in a room, or invited to it."""
        room = self._session.client.rooms.get(room_id)
        return room is not None and set(room.users) <= {user_id, self._session.user_id}

    def crowded(self) -> list[str]:
        """List the home chats where a third person is, or is invited."""
        rooms = self._session.client.rooms
        return [
            room_id
            for user, listed in self._rooms.items()
            for room_id in listed
            if room_id in rooms and not self.is_private(room_id, user)
        ]

    def find(self, user_id: str) -> str:
        """Give the newest usable home chat of a person, or an empty string."""
        return next(
            (room for room in reversed(self._rooms.get(user_id, [])) if self._usable(room, user_id)), ""
        )

    async def remember(self, user_id: str, room_id: str) -> None:
        """Keep a room as this person's home chat; raises as :meth:`load`."""
        listed = self._rooms.setdefault(user_id, [])
        if room_id not in listed and room_id not in self._others():
            listed.append(room_id)
            await self._write()

    async def forget(self, room_id: str) -> None:
        """Drop a room that is nobody's home chat any more; raises as :meth:`load`."""
        user = self.owner(room_id)
        if user:
            self._rooms[user].remove(room_id)
            await self._write()

    async def open(self, user_id: str) -> str:
        """Give a person's home chat, made now if there is none, and invite a person who has left it.

        Raises ``Declined`` and ``Unreachable``.
        """
        async with self._opening:
            room_id = self.find(user_id) or await self._made_before(user_id)
            if not room_id or not (self._has(room_id, user_id) or await self._called_back(room_id, user_id)):
                room_id = await self._make(user_id)
                await self.remember(user_id, room_id)
            # A key goes to those only whom a sync has shown in the room.
            await self._arrivals.until(lambda: self._has(room_id, user_id))
            return room_id

    def _usable(self, room_id: str, user_id: str) -> bool:
        room = self._session.client.rooms.get(room_id)
        if room is None or not self.is_private(room_id, user_id):
            return False
        return room.encrypted or not self._session.site.encryption

    async def _made_before(self, user_id: str) -> str:
        """Find a chat that was made right before a crash: nobody gets a second invitation for it."""
        for room_id, room in self._session.client.rooms.items():
            if room_id in self._others():
                continue
            both = set(room.users) == {user_id, self._session.user_id}
            if both and not self.owner(room_id) and self._usable(room_id, user_id):
                await self.remember(user_id, room_id)
                return room_id
        return ""

    async def _make(self, user_id: str) -> str:
        own_server = server_of(user_id) == self._session.site.server
        state: list[dict[str, Any]] = [_state("m.room.guest_access", guest_access="forbidden")]
        # What is said before the invitation is taken must be readable afterwards.
        state.append(_state("m.room.history_visibility", history_visibility="invited"))
        if self._session.site.encryption:
            state.append(_ENCRYPTION)
        body = {
            "preset": "private_chat",
            "is_direct": True,
            "invite": [user_id],
            "creation_content": {"m.federate": not own_server},
            "power_level_content_override": _POWERS,
            "initial_state": state,
        }
        answer = await self._session.wire.post("/createRoom", body)
        _log.info("matrix_home_made", site=self._session.site.name)
        return str(answer["room_id"])

    def _has(self, room_id: str, user_id: str) -> bool:
        room = self._session.client.rooms.get(room_id)
        return room is not None and user_id in room.users

    async def _called_back(self, room_id: str, user_id: str) -> bool:
        """Invite a person back; False where the bot may not."""
        try:
            await invite(self._session, room_id, user_id)
        except Declined as declined:
            if declined.passing:
                raise
            await self.forget(room_id)
            return False
        return True

    async def _write(self) -> None:
        await self._session.wire.put(
            self._list_path(), {user: rooms for user, rooms in self._rooms.items() if rooms}
        )

    def _list_path(self) -> str:
        return path("user", self._session.user_id, "account_data", "m.direct")


def _state(kind: str, **content: str) -> dict[str, Any]:
    return {"type": kind, "state_key": "", "content": content}
