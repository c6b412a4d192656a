"""Former members whose posts were kept, and screen names that are never given again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "former_members",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("specialty", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "retired_names", sa.Column("skeleton", sa.String(), primary_key=True), sqlite_with_rowid=False
    )


def downgrade() -> None:
    op.drop_table("retired_names")
    op.drop_table("former_members")
