"""Tables of how cases end: outcomes, what opinions came to, reminders, updates, marks, lists by hand."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from storage.columns import Instant, Listed
from storage.content.tables import cases, metadata, opinions

outcomes: Final = Table(
    "outcomes",
    metadata,
    # What a case was in the end, in its author's cleaned words.
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("certainty", String, nullable=False),
    Column("diagnosis", Text, nullable=False),
    Column("how", Text, nullable=False),
    Column("lesson", Text, nullable=False),
    Column("told_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("look_at", Instant, index=True),
    Column("group_rank", Integer),
    sqlite_with_rowid=False,
)

scores: Final = Table(
    "scores",
    metadata,
    # The place of the outcome in an opinion; 0 where it was not named.
    Column("opinion", ForeignKey(opinions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("rank", Integer, nullable=False),
    sqlite_with_rowid=False,
)

reminders: Final = Table(
    "reminders",
    metadata,
    # When the author of a case that has ended is asked what it was.
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), primary_key=True),
    Column("ended_at", Instant, nullable=False),
    Column("next_at", Instant, nullable=False, index=True),
    Column("asked", Integer, nullable=False),
    sqlite_with_rowid=False,
)

updates: Final = Table(
    "updates",
    metadata,
    Column("id", String, primary_key=True),
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("added_at", Instant, nullable=False),
    UniqueConstraint("case", "number"),
)

helpful: Final = Table(
    "helpful",
    metadata,
    # Who found an opinion helpful: kept so that nobody counts twice, shown to nobody.
    Column("opinion", ForeignKey(opinions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("member", String, primary_key=True),
    sqlite_with_rowid=False,
)

bucket_changes: Final = Table(
    "bucket_changes",
    metadata,
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("source", Listed, nullable=False),
    Column("into", Listed, nullable=False),
    Column("texts", Listed, nullable=False),
    Column("by_moderator", Boolean, nullable=False),
    Column("taken_back", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
