"""Opinions that wait for what an abbreviation means, questions to authors, and what was merged and split."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("opinions", sa.Column("waits_until", sa.BigInteger()))
    op.add_column("comments", sa.Column("question", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "bucket_changes",
        sa.Column("case", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("into", sa.Text(), nullable=False),
        sa.Column("texts", sa.Text(), nullable=False),
        sa.Column("by_moderator", sa.Boolean(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("bucket_changes")
    op.drop_column("comments", "question")
    op.drop_column("opinions", "waits_until")
