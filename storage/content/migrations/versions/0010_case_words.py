"""The words of cases, so that they can be found."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE VIEW case_texts AS"
        " SELECT number, title, question, coalesce(diagnosis, '') AS diagnosis"
        " FROM cases LEFT JOIN outcomes"
        """ ON outcomes."case" = cases.id AND outcomes.certainty <> 'unknown' AND outcomes.look_at IS NULL"""
        " WHERE state <> 'withdrawn'"
    )
    op.execute(
        "CREATE VIRTUAL TABLE case_words USING fts5("
        "title, question, diagnosis, content='case_texts', content_rowid='number',"
        " tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute("INSERT INTO case_words(case_words) VALUES ('rebuild')")


def downgrade() -> None:
    op.execute("DROP TABLE case_words")
    op.execute("DROP VIEW case_texts")
