"""The tables of the first crossing: accounts, mailboxes, home postings, secrets and the audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _sealed("canary", sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False))
    _sealed("accounts", sa.Column("index", sa.LargeBinary(), primary_key=True))
    _sealed("mailboxes", sa.Column("route", sa.LargeBinary(), primary_key=True))
    _sealed("secrets", sa.Column("name", sa.LargeBinary(), primary_key=True))
    _sealed(
        "audit",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
    )
    _sealed(
        "home_postings",
        sa.Column("message", sa.LargeBinary(), primary_key=True),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
    )
    op.create_index("ix_home_postings_subject_ordinal", "home_postings", ["subject", "ordinal"])


def downgrade() -> None:
    for table in ("home_postings", "audit", "secrets", "mailboxes", "accounts", "canary"):
        op.drop_table(table)


def _sealed(name: str, *columns: sa.Column[object]) -> None:
    sealed = sa.Column("sealed", sa.LargeBinary(), nullable=False)
    op.create_table(name, *columns, sealed, sqlite_with_rowid=False)
