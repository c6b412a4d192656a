"""What waits in a thread is found by an index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    waiting = sa.text("ended = 0")
    op.create_index("ix_outbox_threads", "outbox", ["thread"], sqlite_where=waiting, postgresql_where=waiting)


def downgrade() -> None:
    op.drop_index("ix_outbox_threads", "outbox")
