"""Echoes: a homeserver sends back all that the bot says, and nio would read and decrypt each of it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from aiohttp import ClientResponse
from nio import AsyncClient

_SAID: Final = frozenset({"m.room.message", "m.room.encrypted"})


class UnechoedClient(AsyncClient):
    """A client to which its own messages in a timeline never came.

    A filter of the homeserver cannot leave out these alone: what it leaves out of a timeline by its sender, a
    kick for example, is missing in the room's state too.
    """

    async def parse_body(self, transport_response: ClientResponse) -> dict[Any, Any]:
        """Parse the body of a response."""
        body: dict[Any, Any] = await super().parse_body(transport_response)
        drop_echoes(_joined(body), self.user_id)
        return body


def drop_echoes(joined: Mapping[str, Any], user_id: str) -> None:
    """Take what a user said out of the timelines of joined rooms, as a sync brings them."""
    for room in joined.values():
        timeline = room.get("timeline") if isinstance(room, dict) else None
        if isinstance(timeline, dict) and isinstance(events := timeline.get("events"), list):
            timeline["events"] = [event for event in events if not _is_echo(event, user_id)]


def _joined(body: Any) -> Mapping[str, Any]:  # noqa: ANN401 - whatever a homeserver sends
    rooms = body.get("rooms") if isinstance(body, dict) else None
    joined = rooms.get("join") if isinstance(rooms, dict) else None
    return joined if isinstance(joined, dict) else {}


def _is_echo(event: Any, user_id: str) -> bool:  # noqa: ANN401 - whatever a homeserver sends
    # Whatever has a state is more than words, and malformed events are nio's to refuse.
    return (
        isinstance(event, dict)
        and event.get("sender") == user_id
        and event.get("type") in _SAID
        and "state_key" not in event
    )
