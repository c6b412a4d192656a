"""The moderators' room: encrypted and by invitation only, made by the operator, and not the consult room."""

from __future__ import annotations

from bot.adapters.matrix.consult_room import RoomState, state_of, synced
from bot.adapters.matrix.membership import invite, show_out
from bot.adapters.matrix.session import Session
from bot.ports.adapter import MODERATORS_ROOM, ConfigurationRefused, Undeliverable

_CONSULT = "This is the consult room; the moderators need a private room of their own."


class ModeratorsRoom:
    """The moderators' room of one homeserver, where it has one."""

    def __init__(self, session: Session) -> None:
        """Know the configured room; :meth:`ensure` looks at it."""
        self._session = session
        self.id = session.site.moderators

    async def ensure(self, consult_room: str) -> None:
        """Have a room that is fit, or none where none is configured.

        Raises ``ConfigurationRefused`` for a room that is not fit, ``Declined`` and ``Unreachable``.
        """
        if self.id and (problem := await self.problem(consult_room, self._session.user_id)):
            raise ConfigurationRefused(MODERATORS_ROOM, problem)

    async def problem(self, consult_room: str, user_id: str) -> str:
        """Say in one sentence why it may not be the moderators', or nothing; raises as :meth:`ensure`."""
        if self.id == consult_room:
            return _CONSULT
        return unfit(await self.state(), user_id, encryption=self._session.site.encryption)

    async def state(self) -> RoomState:
        """Ask for the room's state, joining first where the bot is only invited; raises as :meth:`ensure`."""
        return await state_of(self._session, self.id, MODERATORS_ROOM)

    async def invite(self, user_id: str) -> None:
        """Invite a moderator who is neither in nor invited; raises ``Declined`` and ``Unreachable``."""
        self._require()
        room = self._session.client.rooms.get(self.id)
        if room is None or user_id not in room.users:
            await invite(self._session, self.id, user_id)

    def occupants(self) -> tuple[str, ...]:
        """List who is in the room or invited, by the syncs so far; raises ``Undeliverable``."""
        self._require()
        return tuple(synced(self._session, self.id).users)

    async def show_out(self, user_id: str) -> bool:
        """Put a person out; False for one who is not there. Raises ``Declined`` and ``Unreachable``."""
        self._require()
        return await show_out(self._session, self.id, user_id)

    def _require(self) -> None:
        if not self.id:
            raise Undeliverable("no_moderators_room")


def unfit(state: RoomState, user_id: str, *, encryption: bool) -> str:
    """Say in one sentence why a room cannot be the moderators', or nothing.

    Guests do not matter: clients let them into every private room, and there they need an invitation too.
    """
    if state.value("m.room.join_rules", "join_rule", "public") != "invite":
        return "People can join this room without an invitation; make it by invitation only."
    if encryption and not state.encrypted:
        return "This room is not encrypted; switch encryption on in the room."
    if state.value("m.room.history_visibility", "history_visibility") == "world_readable":
        return "Everybody can read this room's history; set it to members only."
    if not state.can_speak(user_id):
        return "The bot may not send messages in this room; give it the power to."
    return ""
