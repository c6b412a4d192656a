"""Tables of the identity vault: blind indexes and sealed values, in no order and without a date."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table

metadata: Final = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)

canary: Final = Table(
    "canary",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

keyring: Final = Table(
    "keyring",
    metadata,
    # One row; during a rotation it is replaced by the same ring under the next master key.
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

accounts: Final = Table(
    "accounts",
    metadata,
    Column("index", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

mailboxes: Final = Table(
    "mailboxes",
    metadata,
    Column("route", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

applications: Final = Table(
    "applications",
    metadata,
    Column("index", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

hard_keys: Final = Table(
    "hard_keys",
    metadata,
    # One row for each thing that only one person can have; the primary key is what makes it one.
    Column("index", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

home_postings: Final = Table(
    "home_postings",
    metadata,
    Column("message", LargeBinary, primary_key=True),
    Column("subject", LargeBinary, nullable=False),
    # Orders the few messages about one subject in one home chat, and nothing beyond it.
    Column("ordinal", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index(None, "subject", "ordinal"),
    sqlite_with_rowid=False,
)

secrets: Final = Table(
    "secrets",
    metadata,
    Column("name", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

audit: Final = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
