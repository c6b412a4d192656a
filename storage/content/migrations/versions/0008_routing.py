"""Cases ask for specialties and page physicians; members follow cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("specialties", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("cases", sa.Column("rung", sa.Integer(), nullable=False, server_default="0"))
    op.create_table("pages", *_of_case(), sa.Column("specialty", sa.String(), nullable=False), **_PLAIN)
    op.create_table("followers", *_of_case(), **_PLAIN)


def downgrade() -> None:
    op.drop_table("followers")
    op.drop_table("pages")
    for name in ("rung", "specialties"):
        op.drop_column("cases", name)


_PLAIN = {"sqlite_with_rowid": False}


def _of_case() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("case", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
    )
