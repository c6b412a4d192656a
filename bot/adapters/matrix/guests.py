"""Invitations: accepted from people of the served servers, declined from anybody else."""

from __future__ import annotations

from dataclasses import dataclass

from nio import InviteMemberEvent, SyncResponse

from bot.adapters.matrix.homes import Homes
from bot.adapters.matrix.inbound import hello
from bot.adapters.matrix.membership import leave
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.site import server_of
from bot.adapters.matrix.wire import Declined, path
from bot.chat.events import Event


@dataclass(frozen=True, slots=True)
class Invitation:
    """Somebody asks the bot into a room; ``direct`` when it is meant as a direct chat."""

    room: str
    sender: str
    direct: bool


def invitations(response: SyncResponse, user_id: str) -> list[Invitation]:
    """List the invitations that a sync brought for the bot."""
    return [
        Invitation(room_id, event.sender, bool(event.content.get("is_direct")))
        for room_id, invite in response.rooms.invite.items()
        for event in invite.invite_state
        if isinstance(event, InviteMemberEvent)
        and event.state_key == user_id
        and event.membership == "invite"
    ]


async def answer_invitation(session: Session, homes: Homes, invitation: Invitation) -> Event | None:
    """Join or decline; a direct chat becomes the sender's home chat, which the event tells.

    Raises ``Declined`` for a passing trouble of the homeserver, and ``Unreachable``.
    """
    if server_of(invitation.sender) not in session.site.servers:
        await leave(session, invitation.room)
        return None
    try:
        await session.wire.post(path("join", invitation.room), {})
    except Declined as declined:
        if declined.passing:
            raise
        return None
    if not invitation.direct:
        return None
    await homes.remember(invitation.sender, invitation.room)
    return hello(invitation.room, invitation.sender)
