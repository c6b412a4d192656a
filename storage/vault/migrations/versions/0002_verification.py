"""Applications of those who want in, what only one person can have, and the ring of keys."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("applications", "hard_keys"):
        op.create_table(
            name,
            sa.Column("index", sa.LargeBinary(), primary_key=True),
            sa.Column("sealed", sa.LargeBinary(), nullable=False),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "keyring",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("keyring")
    op.drop_table("hard_keys")
    op.drop_table("applications")
