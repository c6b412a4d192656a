"""Cases may change their question, and have a working diagnosis and a language."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("earlier_questions", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("cases", sa.Column("next_question", sa.Text()))
    op.add_column("cases", sa.Column("working", sa.Text(), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("language", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("language", "working", "next_question", "earlier_questions"):
        op.drop_column("cases", name)
