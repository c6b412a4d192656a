"""The consult room: made so that only the bot can speak in it, or refused when it is not fit for consults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from nio import MatrixRoom

from bot.adapters.matrix.membership import invite, show_out
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.wire import Declined, path
from bot.adapters.matrix.wording import ROOM_NAME, ROOM_TOPIC
from bot.ports.adapter import ConfigurationRefused, Unfit

_log = structlog.get_logger(__name__)
NOT_IN_IT = "The bot is not in this room; invite it."
_BOT = 50
_NOBODY = 100
_CREATORS_RULE_SINCE = 12
# The creator stands above every level and is not listed: from room version 12 on, homeservers refuse that.
_POWERS = {
    "users_default": 0,
    "events_default": _BOT,
    "invite": _BOT,
    "kick": _BOT,
    "ban": _BOT,
    "redact": _BOT,
    "state_default": _NOBODY,
    "events": {"m.reaction": _BOT, "m.room.redaction": _NOBODY},
    "notifications": {"room": _NOBODY + 1},
}


@dataclass(frozen=True, slots=True)
class RoomState:
    """The state of a room as the homeserver tells it; nio's idea of powers is wrong from version 12 on."""

    events: Mapping[tuple[str, str], Mapping[str, Any]]

    @classmethod
    def read(cls, answer: list[dict[str, Any]]) -> RoomState:
        """Read the list that the homeserver gives."""
        return cls({(event["type"], event["state_key"]): event for event in answer})

    def value(self, kind: str, name: str, default: str = "") -> str:
        """Give one word of a state event's content."""
        return str(self.content(kind).get(name, default))

    def content(self, kind: str) -> Mapping[str, Any]:
        """Give the content of a state event, or an empty one."""
        content: Mapping[str, Any] = self.events.get((kind, ""), {}).get("content", {})
        return content

    def holds(self, user_id: str) -> bool:
        """Say whether somebody is in the room; who was put out is still told what it was like then."""
        member = self.events.get(("m.room.member", user_id), {})
        return bool(member.get("content", {}).get("membership") == "join")

    def can_speak(self, user_id: str) -> bool:
        """Say whether a member may send messages."""
        return user_id in self._creators() or self._level(user_id) >= self.speaking_level

    @property
    def speaking_level(self) -> int:
        """The level that encrypted messages ask for."""
        powers = self.content("m.room.power_levels")
        return int(powers.get("events", {}).get("m.room.encrypted", powers.get("events_default", 0)))

    def can_invite(self, user_id: str) -> bool:
        """Say whether a member may invite others."""
        asked = int(self.content("m.room.power_levels").get("invite", 0))
        return user_id in self._creators() or self._level(user_id) >= asked

    @property
    def people_can_speak(self) -> bool:
        """Whether somebody without a level of their own may send messages."""
        return int(self.content("m.room.power_levels").get("users_default", 0)) >= self.speaking_level

    @property
    def federates(self) -> bool:
        """Whether other homeservers can take part in the room."""
        return bool(self.content("m.room.create").get("m.federate", True))

    @property
    def encrypted(self) -> bool:
        """Whether the room is end-to-end encrypted."""
        return ("m.room.encryption", "") in self.events

    def _level(self, user_id: str) -> int:
        powers = self.content("m.room.power_levels")
        return int(powers.get("users", {}).get(user_id, powers.get("users_default", 0)))

    def _creators(self) -> set[str]:
        version = self.value("m.room.create", "room_version", "1")
        if not version.isdigit() or int(version) < _CREATORS_RULE_SINCE:
            return set()
        sender = str(self.events.get(("m.room.create", ""), {}).get("sender", ""))
        return {sender, *self.content("m.room.create").get("additional_creators", [])}


class ConsultRoom:
    """One site's consult room."""

    def __init__(self, session: Session) -> None:
        """Know no room yet; :meth:`ensure` finds or makes it."""
        self._session = session
        self.id = session.site.room

    async def ensure(self) -> None:
        """Have a room that is fit; make one if none is configured.

        Raises ``ConfigurationRefused`` for a room that is not fit, ``Declined`` and ``Unreachable``.
        """
        await self.known()
        if not self.id:
            self.id = await self._make()
            await self._session.cabinet.put(self._session.cabinet_name("room"), self.id.encode())
            _log.info("matrix_room_made", site=self._session.site.name)
        problem = unfit(await self.state(), self._session.user_id, encryption=self._session.site.encryption)
        if problem:
            raise ConfigurationRefused("room", problem)

    async def known(self) -> str:
        """Give the room's id if there is one: the configured room, or the one that the bot made."""
        kept = await self._session.cabinet.get(self._session.cabinet_name("room"))
        self.id = self._session.site.room or (kept.decode() if kept else "")
        return self.id

    async def state(self) -> RoomState:
        """Ask for the room's state, joining first where the bot is only invited; raises as :meth:`ensure`."""
        return await state_of(self._session, self.id, "room")

    async def invite(self, user_id: str) -> None:
        """Invite a person who is neither in nor invited; raises ``Declined`` and ``Unreachable``."""
        room = self._session.client.rooms.get(self.id)
        if room is None or user_id not in room.users:
            await invite(self._session, self.id, user_id)

    def occupants(self) -> tuple[str, ...]:
        """List who is in the room or invited, by the syncs so far; raises ``Unfit``."""
        room = synced(self._session, self.id)
        if room.guest_access == "can_join":
            raise Unfit("unfit", "open")
        return tuple(room.users)

    async def show_out(self, user_id: str) -> bool:
        """Put a person out; False for one who is not there. Raises ``Declined`` and ``Unreachable``."""
        return await show_out(self._session, self.id, user_id)

    async def _make(self) -> str:
        state = [
            _state("m.room.history_visibility", history_visibility="joined"),
            _state("m.room.guest_access", guest_access="forbidden"),
            _state("m.room.join_rules", join_rule="invite"),
        ]
        if self._session.site.encryption:
            state.append(_state("m.room.encryption", algorithm="m.megolm.v1.aes-sha2"))
        body = {
            "preset": "private_chat",
            "name": ROOM_NAME,
            "topic": ROOM_TOPIC,
            "creation_content": {"m.federate": False},
            "power_level_content_override": _POWERS,
            "initial_state": state,
        }
        return str((await self._session.wire.post("/createRoom", body))["room_id"])


def synced(session: Session, room_id: str) -> MatrixRoom:
    """Give a private room by the syncs so far.

    Raises ``Unfit`` where the bot is not in it, and where more than the invited can read it or join.
    """
    room = session.client.rooms.get(room_id)
    if room is None:
        raise Unfit("not_in_room", "absent")
    if room.history_visibility == "world_readable" or room.join_rule != "invite":
        raise Unfit("unfit", "open")
    return room


async def state_of(session: Session, room_id: str, key: str) -> RoomState:
    """Ask for a room's state, joining first where the bot is only invited.

    Raises ``ConfigurationRefused`` with ``key`` where it is not, ``Declined`` and ``Unreachable``.
    """
    try:
        return await _ask(session, room_id)
    except Declined as declined:
        if declined.status != 403:
            raise
    try:
        await session.wire.post(path("join", room_id), {})
    except Declined as declined:
        if declined.passing:
            raise
        raise ConfigurationRefused(key, NOT_IN_IT) from declined
    return await _ask(session, room_id)


async def _ask(session: Session, room_id: str) -> RoomState:
    return RoomState.read(await session.wire.get_list(path("rooms", room_id, "state")))


def unfit(state: RoomState, user_id: str, *, encryption: bool) -> str:
    """Say in one sentence why a room cannot be a consult room, or nothing."""
    history = state.value("m.room.history_visibility", "history_visibility")
    rules = (
        (
            state.value("m.room.join_rules", "join_rule", "public") != "invite",
            "The room is open to more than invited people; set its join rule to invite.",
        ),
        (
            state.federates,
            "Other homeservers can join the room; leave the setting empty, and the bot makes one.",
        ),
        (
            encryption and not state.encrypted,
            "The room is not encrypted; switch encryption on in the room, or leave the setting empty.",
        ),
        (history == "world_readable", "Everybody can read the room's history; set it to members only."),
        (
            state.value("m.room.guest_access", "guest_access") == "can_join",
            "Guests can join the room; forbid that.",
        ),
        (
            not state.can_speak(user_id),
            "The bot may not send messages in the room; give it power level 50 or more.",
        ),
    )
    return next((sentence for broken, sentence in rules if broken), "")


def _state(kind: str, **content: str) -> dict[str, Any]:
    return {"type": kind, "state_key": "", "content": content}
