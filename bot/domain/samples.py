"""Random samples: who is drawn to vote, each of those who could be with the same probability."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from typing import TypeVar

from bot.domain.members import Member, MemberId, Role
from bot.domain.poll_terms import Terms

Drawn = TypeVar("Drawn")


def draw(pool: Collection[Drawn], most: int, key: Callable[[], bytes]) -> tuple[Drawn, ...]:
    """Draw up to ``most`` of a pool, in random order; ``key`` gives 32 random bytes at a time.

    R. A. Fisher and F. Yates, Statistical Tables (1938), example 12, without striking out: D. E. Knuth, The
    Art of Computer Programming, volume 2, algorithm 3.4.2P. The remainder of 256 bits is as good as even.
    """
    rest = list(pool)
    drawn = min(most, len(rest))
    for place in range(drawn):
        other = place + int.from_bytes(key()) % (len(rest) - place)
        rest[place], rest[other] = rest[other], rest[place]
    return tuple(rest[:drawn])


def could_vote(terms: Terms, member: Member, left_out: Collection[MemberId]) -> bool:
    """Say whether a member may be drawn: a physician of the audience, and not ``left_out``."""
    return member.id not in left_out and terms.admits(member) and member.role is Role.PHYSICIAN


def invitations_subject(urn_key: bytes) -> str:
    """Name what a poll's invitations are about, so that *Undo* finds them; leads nowhere without the key."""
    return "drawn:" + hashlib.sha256(b"invitations" + urn_key).hexdigest()[:32]
