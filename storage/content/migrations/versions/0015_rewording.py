"""Comments can be reworded: how often, and whether readers are to know."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comments", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("comments", sa.Column("edited", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    for name in ("edited", "revision"):
        op.drop_column("comments", name)
