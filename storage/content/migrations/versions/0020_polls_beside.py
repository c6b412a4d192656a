"""Polls beside others: which one bars a result."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("polls", sa.Column("barred_by", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("polls", sa.Column("voided", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.execute("UPDATE polls SET releases = NULL")
    op.drop_column("polls", "barred_by")
    op.drop_column("polls", "voided")
