"""Withdrawn cases keep no words, and an outcome is a row of its own in the index of words."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
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
_DETAILS = ("age_band", "sex", "question_kind", "consent", "interest", "working", "language")
_CASE = {
    "title": "",
    "story": "",
    "question": "",
    "pictures": "[]",
    **dict.fromkeys(_DETAILS, ""),
    "earlier_questions": "[]",
    "next_question": None,
}


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
    op.execute("DROP VIEW case_texts")
    op.execute(
        "CREATE VIEW case_texts AS"
        " SELECT number, title, question, '' AS diagnosis FROM cases"
        " WHERE state <> 'withdrawn' AND hidden_at IS NULL"
        " UNION ALL SELECT -number AS number, title, question, diagnosis"
        """ FROM cases JOIN outcomes ON outcomes."case" = cases.id"""
        " AND outcomes.certainty <> 'unknown' AND outcomes.look_at IS NULL"
        " WHERE state <> 'withdrawn' AND hidden_at IS NULL"
    )
    op.execute("INSERT INTO case_words(case_words) VALUES ('rebuild')")


def downgrade() -> None:
    """Give the index one row for each case again; what is erased does not come back."""
    op.execute("DROP VIEW case_texts")
    op.execute(
        "CREATE VIEW case_texts AS"
        " SELECT number, title, question, coalesce(diagnosis, '') AS diagnosis"
        " FROM cases LEFT JOIN outcomes"
        """ ON outcomes."case" = cases.id AND outcomes.certainty <> 'unknown' AND outcomes.look_at IS NULL"""
        " WHERE state <> 'withdrawn' AND hidden_at IS NULL"
    )
    op.execute("INSERT INTO case_words(case_words) VALUES ('rebuild')")
