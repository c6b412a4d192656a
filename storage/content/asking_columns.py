"""Columns of a case about how it asks: its earlier questions, its language, its author's own diagnosis."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, String, Text

from storage.columns import Listed


def asking_columns() -> tuple[Column[Any], ...]:
    """Give the columns; a new one each time, since a table owns its own."""
    return (
        # (text, until, opinions by then) each.
        Column("earlier_questions", Listed, nullable=False, server_default="[]"),
        # (id, text, kind, due at) of a question that can still be undone.
        Column("next_question", Listed),
        Column("working", Text, nullable=False, server_default=""),
        Column("language", String, nullable=False, server_default=""),
    )
