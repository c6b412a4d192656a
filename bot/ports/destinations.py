"""Destinations: the queues of rooms and home chats, and how their names are read."""

from __future__ import annotations

from bot.domain.members import MemberId

TO_ROOM = "room:"
"""How the queue of a room begins; its name follows."""
TO_HOME = "home:"
"""How the queue of a member's home chat begins; the member follows."""


def place_of(destination: str) -> tuple[str, MemberId | None]:
    """Read where a queue leads: the name of a room, or empty and a member."""
    if destination.startswith(TO_HOME):
        return "", MemberId(destination.removeprefix(TO_HOME))
    return destination.removeprefix(TO_ROOM), None
