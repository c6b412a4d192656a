"""What hides a subject gets the largest revision that fits PostgreSQL's integers too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_BEFORE = 2**62
_FROZEN = 2**31 - 1


def upgrade() -> None:
    _change(_BEFORE, _FROZEN)


def downgrade() -> None:
    _change(_FROZEN, _BEFORE)


def _change(old: int, new: int) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return  # The larger one never stood anywhere else.
    outbox = sa.table("outbox", sa.column("revision", sa.BigInteger()))
    op.execute(outbox.update().where(outbox.c.revision == old).values(revision=new))
