"""Which accounts are one person's, codes that join them, and signals that two people may be one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, key in (("member_accounts", "route"), ("links", "index")):
        op.create_table(
            name,
            sa.Column(key, sa.LargeBinary(), primary_key=True),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "signals",
        sa.Column("signal", sa.LargeBinary(), primary_key=True),
        sa.Column("owner", sa.LargeBinary(), primary_key=True),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_signals_owner", "signals", ["owner"])


def downgrade() -> None:
    for table in ("signals", "links", "member_accounts"):
        op.drop_table(table)
