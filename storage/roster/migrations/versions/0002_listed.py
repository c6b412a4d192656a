"""The hospital's own list of physicians and trainees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "listed",
        sa.Column("number", sa.String(), primary_key=True),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("first_name", "middle_name", "last_name", "specialty", "role")
        ),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("listed")
