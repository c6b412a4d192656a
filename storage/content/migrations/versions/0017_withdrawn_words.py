"""Withdrawn cases keep no words: those of cases that were withdrawn before are erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPINION = {
    "diagnoses": "[]",
    "must_not_miss": "[]",
    "next_step": "",
    "remark": "",
    "change_mind": "",
    "specialist": "",
}
_DETAILS = ("age_band", "sex", "question_kind", "consent", "interest")
_CASE = {"title": "", "story": "", "question": "", "pictures": "[]", **dict.fromkeys(_DETAILS, "")}


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, *(sa.column(column) for column in columns))


def upgrade() -> None:
    cases = _table("cases", "id", "state", *_CASE)
    opinions = _table("opinions", "id", "case", *_OPINION)
    versions = _table("opinion_versions", "opinion", *_OPINION)
    outcomes = {"diagnosis": "", "how": "", "lesson": ""}
    withdrawn = sa.select(cases.c.id).where(cases.c.state == "withdrawn")
    given = sa.select(opinions.c.id).where(opinions.c.case.in_(withdrawn))
    op.execute(sa.update(versions).where(versions.c.opinion.in_(given)).values(_OPINION))
    for table, nothing in (
        (opinions, _OPINION),
        (_table("comments", "case", "text"), {"text": ""}),
        (_table("updates", "case", "text"), {"text": ""}),
        (_table("outcomes", "case", *outcomes), outcomes),
    ):
        op.execute(sa.update(table).where(table.c.case.in_(withdrawn)).values(nothing))
    merged = _table("bucket_changes", "case")
    op.execute(sa.delete(merged).where(merged.c.case.in_(withdrawn)))
    op.execute(sa.update(cases).where(cases.c.state == "withdrawn").values(_CASE))


def downgrade() -> None:
    """What is erased does not come back."""
