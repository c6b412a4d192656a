"""The table of reports."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, String, Table

from storage.columns import Instant
from storage.content.tables import metadata

reports: Final = Table(
    "reports",
    metadata,
    # Who reported a posting: kept so that nobody counts twice, shown to nobody.
    Column("subject", String, primary_key=True),
    Column("member", String, primary_key=True),
    Column("why", String, nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("settled", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
