"""The tables of the first roster: providers, licences, imports, and what an import has read so far."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "providers",
        sa.Column(
            "npi", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False
        ),
        *_said(),
        sa.Column("changed_in", sa.Integer(), nullable=False),
        sa.Column("deactivated_in", sa.Integer()),
    )
    op.create_index(
        "ix_providers_deactivated_in",
        "providers",
        ["deactivated_in"],
        sqlite_where=sa.text("deactivated_in IS NOT NULL"),
    )
    op.create_table(
        "licences",
        sa.Column("licence", sa.String(), primary_key=True),
        sa.Column("npi", sa.BigInteger(), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    _counted(
        "imports",
        "number",
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.BigInteger()),
        sqlite_autoincrement=True,
    )
    _counted("staged", "place", sa.Column("npi", sa.BigInteger(), nullable=False), *_said())


def downgrade() -> None:
    for table in ("staged", "imports", "licences", "providers"):
        op.drop_table(table)


def _counted(name: str, key: str, *columns: sa.Column[Any], **options: Any) -> None:  # noqa: ANN401
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(name, sa.Column(key, number, primary_key=True), *columns, **options)


def _said() -> tuple[sa.Column[Any], ...]:
    words = (
        *("last_name", "first_name", "middle_name", "name_suffix", "other_last_name", "other_first_name"),
        *("credential", "other_credential"),
    )
    return (
        sa.Column("kind", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in words),
        sa.Column("physician_taxonomy", sa.Boolean(), nullable=False),
        sa.Column("primary_taxonomy", sa.String(), nullable=False),
        sa.Column("licences", sa.Text(), nullable=False),
        sa.Column("deactivated_on", sa.Date()),
        sa.Column("reactivated_on", sa.Date()),
        sa.Column("updated_on", sa.Date()),
    )
