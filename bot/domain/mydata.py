"""My data: what the identity side holds about one member, as the member is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.domain.routing import Availability


@dataclass(frozen=True, slots=True)
class Paged:
    """What is kept about somebody's pages: when they come, and what came of them in cases that have ended.

    ``declined`` are specialties that the person called not theirs.
    """

    availability: Availability = field(repr=False)
    paged: int = 0
    answered: int = 0
    declined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """What lies in the vault about one person; identity, so its ``repr`` shows nothing of it.

    ``accounts`` are written as ``platform realm user``; ``let_in_by`` is ``checks``, ``shell`` or empty for a
    moderator. ``keys`` counts keyed hashes of numbers, licences and sign-ons, ``messages`` the bot's messages
    in the home chat whose places are kept; ``acts`` are the entries of the audit chain, (act, day) each.
    """

    accounts: tuple[str, ...] = field(repr=False)
    real_name: str = field(repr=False)
    reference: str = field(repr=False)
    let_in_by: str = ""
    keys: int = 0
    messages: int = 0
    acts: tuple[tuple[str, str], ...] = ()
    pages: Paged | None = None
    """What is kept about pages; None while nothing is."""
