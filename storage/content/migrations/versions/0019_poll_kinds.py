"""Polls of five kinds, with terms, a released table, and a clock of their own."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_POLLS = sa.table(
    "polls",
    *(sa.column(name) for name in ("id", "counts", "ballots", "asked_at", "result", "begun")),
)


def upgrade() -> None:
    for column in _columns():
        op.add_column("polls", column)
    op.create_index("ix_polls_look_at", "polls", ["look_at"])
    op.create_index("ix_polls_case", "polls", ["case"])
    _carry_results_over()
    for name in ("counts", "ballots"):
        op.drop_column("polls", name)


def _columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("released_at", sa.BigInteger()),
        sa.Column("terms", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("cells", sa.Text(), nullable=False, server_default='[""]'),
        sa.Column("case", sa.String(), nullable=False, server_default=""),
        sa.Column("begun", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("result", sa.Text()),
        sa.Column("invited", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("look_at", sa.BigInteger()),
        sa.Column("closed_at", sa.BigInteger()),
        sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("releases", sa.LargeBinary()),
    )


def _carry_results_over() -> None:
    """Let closed polls keep their tables. Open ones may have ballots, so their words stay as they are."""
    connection = op.get_bind()
    connection.execute(sa.update(_POLLS).values(begun=sa.true()))
    for row in connection.execute(sa.select(_POLLS).where(_POLLS.c.counts.is_not(None))).all():
        result = {
            "counts": [row.ballots, json.loads(row.counts)],
            "at": row.asked_at,
            "groups": [],
            "held_back": 0,
            "invited": 0,
        }
        changed = sa.update(_POLLS).where(_POLLS.c.id == row.id)
        connection.execute(changed.values(result=json.dumps(result)))


def downgrade() -> None:
    """Keep the polls that an earlier version can read: closed ones with a single choice."""
    op.execute(
        "DELETE FROM polls WHERE state <> 'closed' OR terms NOT IN ('{}') AND terms NOT LIKE '%\"single\"%'"
    )
    op.add_column("polls", sa.Column("counts", sa.Text()))
    op.add_column("polls", sa.Column("ballots", sa.Integer(), nullable=False, server_default="0"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(_POLLS).where(_POLLS.c.result.is_not(None))).all():
        ballots, slots = json.loads(row.result)["counts"]
        changed = sa.update(_POLLS).where(_POLLS.c.id == row.id)
        connection.execute(changed.values(counts=json.dumps(slots), ballots=ballots))
    op.drop_index("ix_polls_look_at", "polls")
    op.drop_index("ix_polls_case", "polls")
    for column in _columns():
        op.drop_column("polls", column.name)
