"""The tables of tellings: a card that many members are told, and who of them has no delivery yet."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, String, Table

from storage.columns import Instant, RowNumber
from storage.content.tables import metadata

tellings: Final = Table(
    "tellings",
    metadata,
    Column("id", String, primary_key=True),
    # The delivery that was put last before, for a clock that jumps.
    Column("after", BigInteger, nullable=False),
    Column("key", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("release_at", Instant, nullable=False),
    # Microseconds after that, within which it leaves.
    Column("within", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

listed_members: Final = Table(
    "listed_members",
    metadata,
    Column("row", RowNumber, primary_key=True),
    Column("telling", ForeignKey(tellings.c.id, ondelete="CASCADE"), nullable=False, index=True),
    # Ids of many members, 16 bytes each.
    Column("members", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
