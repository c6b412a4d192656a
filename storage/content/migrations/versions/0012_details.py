"""Cases have details beside their story: age band, sex, kind of question, consent, interest."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NAMES = ("age_band", "sex", "question_kind", "consent")


def upgrade() -> None:
    for name in _NAMES:
        op.add_column("cases", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("interest", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("interest", *_NAMES):
        op.drop_column("cases", name)
