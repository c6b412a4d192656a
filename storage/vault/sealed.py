"""Every sealed column of the vault, and the places that its values are bound to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, Table, select

from bot.identity.audit import head_name, head_place, place_after, with_digest
from bot.ports.sealing import Sealer
from storage.resealing import SealedColumn
from storage.vault.tables import (
    accounts,
    applications,
    audit,
    canary,
    hard_keys,
    home_postings,
    links,
    mailboxes,
    member_accounts,
    personae,
    routing,
    secrets,
    vouches,
)

_KEYED = (
    accounts,
    mailboxes,
    applications,
    hard_keys,
    member_accounts,
    links,
    personae,
    vouches,
    routing,
)
"""Tables whose values are bound to the table's name and the row's key."""


def sealed_columns(sealer: Sealer) -> tuple[SealedColumn, ...]:
    """List them. The keyring is not among them: it lies under the master key."""
    head = head_name(sealer)

    def secret_place(row: Row[Any]) -> str:
        return head_place() if row.name == head else f"secrets|sealed|{row.name.hex()}"

    return (
        SealedColumn(canary, "sealed", lambda _: "vault|canary"),
        *(SealedColumn(table, "sealed", _by_key(table)) for table in _KEYED),
        SealedColumn(home_postings, "sealed", lambda _: "home_postings|sealed"),
        SealedColumn(secrets, "sealed", secret_place),
        _audit(),
    )


def _by_key(table: Table) -> Callable[[Row[Any]], str]:
    def place(row: Row[Any]) -> str:
        return f"{table.name}|sealed|{row[0].hex()}"

    return place


def _audit() -> SealedColumn:
    before = audit.alias()
    mac = select(before.c.mac).where(before.c.number == audit.c.number - 1).scalar_subquery()

    def place(row: Row[Any]) -> str:
        return place_after(row.mac_before or b"")

    # The chain covers each entry as it was first sealed.
    return SealedColumn(audit, "sealed", place, extra=(mac.label("mac_before"),), change=with_digest)
