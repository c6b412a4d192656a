"""Tables of the identity vault: blind indexes and sealed values, in no order and without a date."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table

metadata: Final = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
)


def _sealed(name: str, *columns: Column[Any]) -> Table:
    """Make a table of sealed values: no row ids, so that nothing tells in which order they came."""
    return Table(
        name, metadata, *columns, Column("sealed", LargeBinary, nullable=False), sqlite_with_rowid=False
    )


def _number() -> Column[Any]:
    return Column("number", Integer, primary_key=True, autoincrement=False)


def _blind(name: str) -> Column[Any]:
    return Column(name, LargeBinary, primary_key=True)


canary: Final = _sealed("canary", _number())

# One row; during a rotation it is replaced by the same ring under the next master key.
keyring: Final = _sealed("keyring", _number())

accounts: Final = _sealed("accounts", _blind("index"))

mailboxes: Final = _sealed("mailboxes", _blind("route"))

applications: Final = _sealed("applications", _blind("index"))

# One row for each thing that only one person can have; the primary key is what makes it one.
hard_keys: Final = _sealed("hard_keys", _blind("index"))

# For members with several accounts only; whoever has one has it in the mailbox.
member_accounts: Final = _sealed("member_accounts", _blind("route"))

# Codes that join two accounts, and how many of them an account asked for and got wrong.
links: Final = _sealed("links", _blind("index"))

# Nothing sealed: both columns are keyed hashes, and that a row is there is all it says.
signals: Final = Table(
    "signals",
    metadata,
    _blind("signal"),
    _blind("owner"),
    Index(None, "owner"),
    sqlite_with_rowid=False,
)
# To whom a persona belongs, and which personae somebody has: rows of one size.
personae: Final = _sealed("personae", _blind("index"))
# One row for each time that somebody vouched or typed a code; the primary key keeps count.
vouches: Final = _sealed("vouches", _blind("index"))

# When somebody can be paged, and how often they were: one row for each person who was, or who said so.
routing: Final = _sealed("routing", _blind("index"))

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

secrets: Final = _sealed("secrets", _blind("name"))

audit: Final = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("mac", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
