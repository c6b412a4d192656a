"""People: everybody who decides who somebody is, put together once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.identity.audit_heads import AuditHeads
from bot.identity.first_moderator import FirstModerator
from bot.identity.linking import Linking
from bot.identity.proofing import Proofing
from bot.identity.review import Review
from bot.identity.standing import Stopping
from bot.identity.vouches import Vouches

Duty = Callable[[], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class People:
    """Who proves, reviews, joins accounts, stops members, counts vouches, and what they do now and then.

    ``duties`` are what is to be done again, each with the seconds between two times.
    """

    proofing: Proofing
    review: Review
    linking: Linking
    stopping: Stopping
    vouches: Vouches
    first_moderator: FirstModerator
    audit: AuditHeads
    duties: Sequence[tuple[float, Duty]]
