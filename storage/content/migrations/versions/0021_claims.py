"""Claim tokens of polls that pay, and invitations to random samples."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, further in (("claims", "digest"), ("invitations", "voter")):
        op.create_table(
            name,
            sa.Column("poll", sa.String(), sa.ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True),
            sa.Column(further, sa.String(), primary_key=True),
            *((sa.Column("redeemed_on", sa.Date()),) if name == "claims" else ()),
            sqlite_with_rowid=False,
        )


def downgrade() -> None:
    op.drop_table("invitations")
    op.drop_table("claims")
