"""Moderators hide cases, opinions and comments, and lock cases; comments get numbers to be named by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_TEXTS = (
    "CREATE VIEW case_texts AS"
    " SELECT number, title, question, coalesce(diagnosis, '') AS diagnosis"
    " FROM cases LEFT JOIN outcomes"
    """ ON outcomes."case" = cases.id AND outcomes.certainty <> 'unknown' AND outcomes.look_at IS NULL"""
    " WHERE state <> 'withdrawn'"
)
_NUMBERED = (
    "UPDATE comments SET number = (SELECT count(*) FROM comments AS earlier"
    """ WHERE earlier."case" = comments."case" AND earlier."row" <= comments."row")"""
)


def upgrade() -> None:
    op.add_column("cases", sa.Column("hidden_at", sa.BigInteger()))
    op.add_column("cases", _mark("locked"))
    for table in ("opinions", "comments"):
        op.add_column(table, _mark("hidden"))
    op.add_column("comments", sa.Column("number", sa.Integer(), nullable=False, server_default="0"))
    op.execute(_NUMBERED)
    op.execute("DROP VIEW case_texts")
    op.execute(f"{_TEXTS} AND hidden_at IS NULL")


def downgrade() -> None:
    op.execute("DROP VIEW case_texts")
    for table, name in (("comments", "number"), ("comments", "hidden"), ("opinions", "hidden")):
        op.drop_column(table, name)
    for name in ("locked", "hidden_at"):
        op.drop_column("cases", name)
    op.execute(_TEXTS)


def _mark(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
