"""What cases were in the end, when authors are asked, what they added, and which opinions helped."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outcomes",
        _of_case(),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("diagnosis", "how", "lesson")),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("certainty", sa.String(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("look_at", sa.BigInteger()),
        sa.Column("group_rank", sa.Integer()),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_outcomes_look_at", "outcomes", ["look_at"])
    op.create_table(
        "scores", _of_opinion(), sa.Column("rank", sa.Integer(), nullable=False), sqlite_with_rowid=False
    )
    op.create_table(
        "reminders",
        _of_case(),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reminders_next_at", "reminders", ["next_at"])
    op.create_table(
        "updates",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("case", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.UniqueConstraint("case", "number"),
    )
    op.create_table(
        "helpful", _of_opinion(), sa.Column("member", sa.String(), primary_key=True), sqlite_with_rowid=False
    )


def downgrade() -> None:
    for table in ("helpful", "updates", "reminders", "scores", "outcomes"):
        op.drop_table(table)


def _of_case() -> sa.Column[str]:
    return sa.Column("case", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True)


def _of_opinion() -> sa.Column[str]:
    return sa.Column(
        "opinion", sa.String(), sa.ForeignKey("opinions.id", ondelete="CASCADE"), primary_key=True
    )
