"""Leaving: what the content side has to know about somebody who goes, and nothing more."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.former import Posts
from bot.domain.members import MemberId


@dataclass(frozen=True, slots=True)
class Departure:
    """One member on the way out, or one of the names under which that member spoke.

    ``voter`` names the person's ballot in an urn, by the urn's key and the poll; ``talks`` are the keys of
    the unfinished talk of their accounts.
    """

    member: MemberId
    posts: Posts
    voter: Callable[[bytes, str], str] = field(repr=False)
    talks: tuple[str, ...] = field(repr=False)
    couriers: tuple[MemberId, ...] = ()
    """Ids under which single accounts of theirs were told something."""


Rooms = Callable[[Departure], Awaitable[None]]
"""Lets the content side forget a member, in one commit; a second time it finds nothing to do."""
