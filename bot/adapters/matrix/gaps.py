"""Gaps: a sync shows the newest events of a room only; what lies between is fetched page by page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from aiohttp import ClientError
from nio import AsyncClient, Event, MegolmEvent, RoomMessagesResponse
from nio.events import BadEventType
from nio.responses import RoomInfo

from bot.adapters.matrix.inbound import Heard, is_invitation, is_join
from bot.adapters.matrix.streaming import declined_by
from bot.adapters.matrix.wire import Unreachable

_log = structlog.get_logger(__name__)
_PAGE = 500
_MOST_PAGES = 200


async def events_of(
    client: AsyncClient, room_id: str, news: RoomInfo, since: str, *, home: bool
) -> list[Heard]:
    """Give everything that happened in a room after ``since`` and after the bot came in, in order.

    In a home chat that begins with the invitation: clients send the first words together with it, before
    the bot can join. Raises ``Declined`` and ``Unreachable`` when a gap cannot be filled now.
    """
    timeline = news.timeline
    heard = [_heard(room_id, event) for event in timeline.events]
    came_in = _after_entry(client.user_id, heard, home=home)
    if came_in is None and timeline.limited and timeline.prev_batch:
        heard = await _missed(client, room_id, timeline.prev_batch, since) + heard
        came_in = _after_entry(client.user_id, heard, home=home)
    return heard if came_in is None else came_in


async def _missed(client: AsyncClient, room_id: str, newest: str, oldest: str) -> list[Heard]:
    """Walk backwards from ``newest`` to ``oldest``, or to the bot's own join; oldest event first."""
    missed: list[Heard] = []
    token: str | None = newest
    for _ in range(_MOST_PAGES):
        page = await _page(client, room_id, str(token), oldest)
        events = [_heard(room_id, event) for event in reversed(page.chunk)]
        missed = events + missed
        token = page.end
        if not events or not token or _after_entry(client.user_id, events, home=False) is not None:
            return missed
    _log.error("matrix_gap_abandoned", count=len(missed))
    return missed


async def _page(client: AsyncClient, room_id: str, start: str, end: str) -> RoomMessagesResponse:
    try:
        async with asyncio.timeout(60):
            response = await client.room_messages(room_id, start=start, end=end, limit=_PAGE)
    except (ClientError, TimeoutError, OSError) as error:
        raise Unreachable(type(error).__name__) from error
    if isinstance(response, RoomMessagesResponse):
        return response
    raise declined_by(response)


def _heard(room_id: str, event: Event | BadEventType) -> Heard:
    decrypted = bool(getattr(event, "decrypted", False))
    readable = not isinstance(event, MegolmEvent)
    return Heard(room_id, event.source, readable=readable, protected=decrypted or not readable)


def _after_entry(user_id: str, heard: Sequence[Heard], *, home: bool) -> list[Heard] | None:
    """Give what follows the bot's newest join, or its invitation to a home chat; None when neither is here.

    A join without its invitation means, in a home chat, that all of these events came after that.
    """
    joins = [at for at, event in enumerate(heard) if is_join(event, user_id)]
    if not joins:
        return None
    asked = [at for at, event in enumerate(heard[: joins[-1]]) if is_invitation(event, user_id)]
    start = joins[-1] + 1
    if home:
        start = asked[-1] + 1 if asked else 0
    return list(heard[start:])
