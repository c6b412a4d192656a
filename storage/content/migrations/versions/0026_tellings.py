"""What many members are told is kept as a list until each of them has a delivery."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tellings",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("release_at", sa.BigInteger(), nullable=False),
        sa.Column("within", sa.BigInteger(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tellings_subject", "tellings", ["subject"])
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "listed_members",
        sa.Column("row", number, primary_key=True),
        sa.Column(
            "telling",
            sa.String(),
            sa.ForeignKey("tellings.id", name="fk_listed_members_telling_tellings", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("members", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_listed_members_telling", "listed_members", ["telling"])


def downgrade() -> None:
    op.drop_table("listed_members")
    op.drop_table("tellings")
