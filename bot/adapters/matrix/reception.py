"""Reception: what a sync brought becomes joined and left rooms and inbox events; then the token moves."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from nio import SyncResponse

from bot.adapters.matrix.consult_room import ConsultRoom
from bot.adapters.matrix.gaps import events_of
from bot.adapters.matrix.guests import answer_invitation, invitations
from bot.adapters.matrix.homes import Homes
from bot.adapters.matrix.inbound import Heard, entered, hello, is_join, to_event
from bot.adapters.matrix.left_over import log_out_left_over
from bot.adapters.matrix.membership import leave
from bot.adapters.matrix.moderators_room import ModeratorsRoom
from bot.adapters.matrix.old_keys import OldKeys
from bot.adapters.matrix.patience import Patience
from bot.adapters.matrix.render import notice_content
from bot.adapters.matrix.sealing import drop_key
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.site import server_of
from bot.adapters.matrix.unread import Unread
from bot.adapters.matrix.verification import Verifications
from bot.adapters.matrix.wording import THIRD_PERSON
from bot.chat.events import Event, Place
from bot.ports.adapter import Later, Undeliverable
from bot.ports.clock import Clock
from bot.ports.intake import Checkpoint, Intake

_log = structlog.get_logger(__name__)


class Reception:
    """Takes each sync of one site and commits what people did."""

    def __init__(
        self,
        session: Session,
        homes: Homes,
        room: ConsultRoom,
        moderators: ModeratorsRoom,
        sender: Sender,
        patience: Patience,
        clock: Clock,
    ) -> None:
        """Take the rooms to tell apart; :meth:`attend` gives the inbox."""
        self._session = session
        self._homes = homes
        self._room = room
        self._moderators = moderators
        self._sender = sender
        self._patience = patience
        self._verifications = Verifications(session, sender, clock)
        self._unread = Unread(session, clock, self.translate, self._hand_in, patience)
        self._clock = clock
        self._old_keys = OldKeys(session, clock)
        self._intake: Intake | None = None

    @property
    def stream(self) -> str:
        """The name of this site's stream in the inbox."""
        return self._session.cabinet_name("stream")

    async def attend(self, intake: Intake) -> str:
        """Take up the inbox; give the token to go on from, or an empty string."""
        self._intake = intake
        return await intake.checkpoint(self.stream)

    def close(self) -> None:
        """Stop waiting for keys; what waits is taken up at the next start."""
        self._unread.close()
        self._verifications.close()

    async def receive(self, response: SyncResponse, since: str) -> None:
        """Take in one sync; without an earlier token it only tells where the bot is.

        Raises ``Declined`` and ``Unreachable`` when the homeserver has to be asked again; nothing is
        committed then.
        """
        if self._old_keys.tend():
            await log_out_left_over(self._session, self._clock.now())
        await self._patience.insist(self._unread.load)
        for room_id in response.rooms.leave:
            self._session.client.rooms.pop(room_id, None)
            # Who leaves while the bot is away is not told to it: what it says later is under another key.
            drop_key(self._session.client, room_id)
        await self._leave_crowded()
        events = await self._guests(response)
        heard = await self._heard(response, since) if since else []
        await self._unread.retry()
        await self._patience.insist(lambda: self._unread.keep([one for one in heard if self._is_closed(one)]))
        events += [event for one in heard if (event := self._told(one))]
        await self._hand_in(events, Checkpoint(self.stream, response.next_batch))

    def translate(self, heard: Heard) -> Event | None:
        """Give what a message means where it stands."""
        place = self._place(heard)
        if place is Place.HOME and self._verifications.concerns(heard):
            self._verifications.take(heard)
            return None
        if place is not Place.ROOM and server_of(heard.sender) not in self._session.site.servers:
            return None
        return to_event(heard, place, encryption=self._session.site.encryption)

    def _told(self, heard: Heard) -> Event | None:
        if heard.sender == self._session.user_id or self._is_closed(heard):
            return None
        if heard.room == self._room.id and (came := entered(heard)):
            return came
        return self._opened_home(heard) or self.translate(heard)

    def _is_closed(self, heard: Heard) -> bool:
        """Say whether a message of a home chat or of the moderators' room waits for its key."""
        return not heard.readable and self._place(heard) in (Place.HOME, Place.MODERATORS)

    def _place(self, heard: Heard) -> Place:
        if heard.room == self._room.id:
            return Place.ROOM
        if heard.room == self._moderators.id:
            return Place.MODERATORS
        mine = self._homes.owner(heard.room) == heard.sender
        return Place.HOME if mine and self._homes.is_private(heard.room, heard.sender) else Place.ELSEWHERE

    def _opened_home(self, heard: Heard) -> Event | None:
        """Notice that a person has come into the home chat that the bot made."""
        comes_home = is_join(heard, heard.sender) and self._homes.owner(heard.room) == heard.sender
        return hello(heard.room, heard.sender) if comes_home else None

    async def _guests(self, response: SyncResponse) -> list[Event]:
        asked = invitations(response, self._session.user_id)
        answers = [await answer_invitation(self._session, self._homes, invitation) for invitation in asked]
        return [event for event in answers if event]

    async def _heard(self, response: SyncResponse, since: str) -> list[Heard]:
        client = self._session.client
        return [
            heard
            for room_id, news in response.rooms.join.items()
            for heard in await events_of(client, room_id, news, since, home=bool(self._homes.owner(room_id)))
        ]

    async def _leave_crowded(self) -> None:
        """Leave home chats that are not private any more, with one sentence."""
        for room_id in self._homes.crowded():
            _log.warning("matrix_home_left", site=self._session.site.name)
            try:
                await self._sender.send(room_id, notice_content(THIRD_PERSON), self._session.chance.id())
            except (Later, Undeliverable):
                _log.warning("matrix_farewell_not_sent", site=self._session.site.name)
            await leave(self._session, room_id)
            await self._homes.forget(room_id)

    async def _hand_in(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        intake = self._intake
        if intake is not None:
            await self._patience.insist(lambda: intake.accept(events, checkpoint))
