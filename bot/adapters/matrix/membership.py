"""Membership: inviting somebody who may be in already, putting out who may be gone, leaving a room."""

from __future__ import annotations

from bot.adapters.matrix.session import Session
from bot.adapters.matrix.wire import Declined, path


async def invite(session: Session, room_id: str, user_id: str) -> None:
    """Invite a person; somebody who is in or invited already is fine.

    Raises ``Declined`` and ``Unreachable``.
    """
    try:
        await session.wire.post(path("rooms", room_id, "invite"), {"user_id": user_id})
    except Declined as declined:
        if declined.passing or not await _is_in(session, room_id, user_id):
            raise


async def show_out(session: Session, room_id: str, user_id: str) -> bool:
    """Put a person out, or take back the invitation; False for one who is neither in nor invited.

    Raises ``Declined`` where the bot may not, and ``Unreachable``.
    """
    try:
        await session.wire.post(path("rooms", room_id, "kick"), {"user_id": user_id})
    except Declined as declined:
        if declined.passing or await _is_in(session, room_id, user_id):
            raise
        return False
    return True


async def leave(session: Session, room_id: str) -> None:
    """Leave a room or decline an invitation; a room that does not let go is as good as left.

    Raises ``Declined`` for a passing trouble only, and ``Unreachable``.
    """
    try:
        await session.wire.post(path("rooms", room_id, "leave"), {})
    except Declined as declined:
        if declined.passing:
            raise
    session.client.rooms.pop(room_id, None)


async def _is_in(session: Session, room_id: str, user_id: str) -> bool:
    try:
        member = await session.wire.get(path("rooms", room_id, "state", "m.room.member", user_id))
    except Declined as declined:
        if declined.passing:
            raise
        return False
    return member.get("membership") in ("join", "invite")
