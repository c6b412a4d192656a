"""What is asked of a long thread with each comment is answered by an index: number, askers, last release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_UNENDED = sa.text("ended = 0")


def upgrade() -> None:
    op.create_index("ix_comments_case_number", "comments", ["case", "number"])
    op.create_index("ix_comments_case_question", "comments", ["case", "question"])
    op.drop_index("ix_outbox_threads", table_name="outbox")
    _index_threads("thread", "release_at")


def downgrade() -> None:
    op.drop_index("ix_outbox_threads", table_name="outbox")
    _index_threads("thread")
    op.drop_index("ix_comments_case_question", table_name="comments")
    op.drop_index("ix_comments_case_number", table_name="comments")


def _index_threads(*columns: str) -> None:
    name = "ix_outbox_threads"
    op.create_index(name, "outbox", list(columns), sqlite_where=_UNENDED, postgresql_where=_UNENDED)
