"""Members may speak under other personae: an earlier name, an alias, the own name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("persona", sa.String(), nullable=False, server_default="member"))


def downgrade() -> None:
    op.drop_column("members", "persona")
