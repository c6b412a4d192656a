"""Erasure: everything that the vault keeps about one member, by indexes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gone:
    """Indexes of the rows that go, by the table they lie in; ``signals`` by whose they are."""

    accounts: tuple[bytes, ...] = ()
    applications: tuple[bytes, ...] = ()
    mailboxes: tuple[bytes, ...] = ()
    hard_keys: tuple[bytes, ...] = ()
    home_postings: tuple[bytes, ...] = ()
    member_accounts: tuple[bytes, ...] = ()
    links: tuple[bytes, ...] = ()
    personae: tuple[bytes, ...] = ()
    signals: tuple[bytes, ...] = ()
    vouches: tuple[bytes, ...] = ()
    routing: tuple[bytes, ...] = ()
