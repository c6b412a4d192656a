"""My data: what the identity side holds about one member, as the member is told."""

from __future__ import annotations

from dataclasses import dataclass, field


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
