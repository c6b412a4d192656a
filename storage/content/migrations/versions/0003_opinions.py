"""Opinions say more, keep their earlier versions, and stay covered until a case is revealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("blind", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in ("revealed_at", "closes_at", "look_at"):
        op.add_column("cases", sa.Column(name, sa.BigInteger()))
    op.create_index("ix_cases_look_at", "cases", ["look_at"])
    for column in _said():
        op.add_column("opinions", column)
    for name in ("shown", "independent"):
        op.add_column("opinions", sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_table(
        "opinion_versions",
        sa.Column("opinion", sa.String(), sa.ForeignKey("opinions.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("revision", sa.Integer(), primary_key=True),
        sa.Column("diagnoses", sa.Text(), nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        *_said(),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "readings",
        sa.Column("case", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("member", sa.String(), primary_key=True),
        sqlite_with_rowid=False,
    )
    # What was said before has its present version only, and that is what counts.
    op.execute(
        sa.text(
            "INSERT INTO opinion_versions (opinion, revision, diagnoses, next_step, remark) "
            "SELECT id, 0, diagnoses, next_step, remark FROM opinions"
        )
    )


def downgrade() -> None:
    op.drop_table("readings")
    op.drop_table("opinion_versions")
    for name in ("independent", "shown", "specialist", "change_mind", "must_not_miss", "confidence"):
        op.drop_column("opinions", name)
    op.drop_index("ix_cases_look_at", "cases")
    for name in ("look_at", "closes_at", "revealed_at", "blind"):
        op.drop_column("cases", name)


def _said() -> tuple[sa.Column[str], ...]:
    return (
        sa.Column("confidence", sa.String(), nullable=False, server_default=""),
        sa.Column("must_not_miss", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("change_mind", sa.Text(), nullable=False, server_default=""),
        sa.Column("specialist", sa.Text(), nullable=False, server_default=""),
    )
