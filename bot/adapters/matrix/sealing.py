"""Sealing: encrypts a message for everybody in a room, sure that each device that can have the key got it."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
from aiohttp import ClientError
from nio import AsyncClient, ErrorResponse, LocalProtocolError
from nio.crypto import OlmDevice

from bot.adapters.matrix.session import Session
from bot.adapters.matrix.streaming import declined_by
from bot.adapters.matrix.wire import Unreachable

_log = structlog.get_logger(__name__)
_SECONDS = 30.0


async def sealed(session: Session, room_id: str, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """Encrypt an event. The caller holds the room: two at once break the key's rotation.

    Raises ``Declined`` and ``Unreachable`` when the keys could not be shared; nothing was sent then.
    """
    client = session.client
    try:
        async with asyncio.timeout(_SECONDS):
            await _know_devices(client, room_id)
            if client.olm is not None and client.olm.should_share_group_session(room_id):
                await _share(session, room_id)
    except (ClientError, TimeoutError, OSError, LocalProtocolError) as error:
        raise Unreachable(type(error).__name__) from error
    encrypted: dict[str, Any] = client.encrypt(room_id, kind, content)[1]
    return encrypted


async def _know_devices(client: AsyncClient, room_id: str) -> None:
    if not client.rooms[room_id].members_synced:
        members = await client.joined_members(room_id)
        if isinstance(members, ErrorResponse):
            raise declined_by(members)
    if client.should_query_keys:
        _expect(await client.keys_query())


async def _share(session: Session, room_id: str) -> None:
    """Share a new key. nio takes a failed share for a success, and one failed claim would block the room."""
    client = session.client
    missing = client.get_missing_sessions(room_id)
    if missing:
        _expect(await client.keys_claim(missing))
    client.sharing_session.pop(room_id, None)
    try:
        await client.share_group_session(room_id, ignore_unverified_devices=True)
    finally:
        client.sharing_session.pop(room_id, None)
    if _left_out(client, room_id):
        drop_key(client, room_id)
        raise Unreachable("key not shared")
    without = sum(len(devices) for devices in client.get_missing_sessions(room_id).values())
    if without:
        # These devices have published no keys to begin with; one of them must not silence a whole room.
        _log.warning("matrix_devices_without_keys", site=session.site.name, count=without)


def _left_out(client: AsyncClient, room_id: str) -> list[OlmDevice]:
    """List devices that can be reached and did not get the key."""
    olm = client.olm
    if olm is None:
        return []
    shared = olm.outbound_group_sessions[room_id]
    reached = shared.users_shared_with | shared.users_ignored
    return [
        device
        for user_id in client.rooms[room_id].users
        for device in olm.device_store.active_user_devices(user_id)
        if (user_id, device.id) not in reached and olm.session_store.get(device.curve25519)
    ]


def drop_key(client: AsyncClient, room_id: str) -> None:
    """Seal what comes next under another key."""
    if client.olm is not None:
        client.olm.outbound_group_sessions.pop(room_id, None)


def _expect(response: object) -> None:
    """Take any refusal of keys for a passing one: it says nothing about the message."""
    if isinstance(response, ErrorResponse):
        declined = declined_by(response)
        raise declined if declined.passing else Unreachable(str(declined))
