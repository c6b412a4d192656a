"""Tables of the content database: pseudonymous rows, cleaned words, and payloads until they are handled."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.columns import Instant, Listed, RowNumber
from storage.content.asking_columns import asking_columns
from storage.content.polling_columns import polling_columns

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

canary: Final = Table(
    "canary",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
)

counters: Final = Table(
    "counters",
    metadata,
    Column("name", String, primary_key=True),
    Column("value", Integer, nullable=False),
)

members: Final = Table(
    "members",
    metadata,
    Column("id", String, primary_key=True),
    Column("screen_name", String, nullable=False, unique=True),
    Column("skeleton", String, nullable=False, unique=True),
    Column("role", String, nullable=False),
    Column("specialty", String, nullable=False),
    # What this id is to the member who speaks under it. Whose it is, the vault alone knows.
    Column("persona", String, nullable=False, server_default="member"),
    sqlite_with_rowid=False,
)

standings: Final = Table(
    "standings",
    metadata,
    # Of members who were stopped only. The key is blind: beside the registry's list of deactivated numbers, a
    # screen name here would say who its owner is.
    Column("key", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

former_members: Final = Table(
    "former_members",
    metadata,
    # Whose posts were kept: an id that was drawn at leaving, and what the posts need to be read rightly.
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("specialty", String, nullable=False),
    sqlite_with_rowid=False,
)

retired_names: Final = Table(
    "retired_names",
    metadata,
    # Screen names that are never given again, apart from whose they were.
    Column("skeleton", String, primary_key=True),
    sqlite_with_rowid=False,
)

drafts: Final = Table(
    "drafts",
    metadata,
    Column("row", RowNumber, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("member", String, nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

originals: Final = Table(
    "originals",
    metadata,
    # What an author sent, under a key of its own that is destroyed first. Never part of a backup.
    Column("draft", ForeignKey(drafts.c.id, ondelete="CASCADE"), primary_key=True),
    Column("key", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

original_pictures: Final = Table(
    "original_pictures",
    metadata,
    Column("draft", ForeignKey(originals.c.draft, ondelete="CASCADE"), primary_key=True),
    Column("picture", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

pictures: Final = Table(
    "pictures",
    metadata,
    Column("media", String, primary_key=True),
    Column("mime", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)

cases: Final = Table(
    "cases",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("author", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("story", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("urgency", String, nullable=False),
    Column("posted_at", Instant, nullable=False),
    Column("released_at", Instant, nullable=False),
    Column("pictures", Listed, nullable=False),
    Column("state", String, nullable=False),
    Column("opinions", Integer, nullable=False),
    Column("comments", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("statement", Text, nullable=False, server_default=""),
    Column("blind", Boolean, nullable=False, server_default=false()),
    Column("revealed_at", Instant),
    Column("closes_at", Instant),
    Column("look_at", Instant, index=True),
    Column("age_band", String, nullable=False, server_default=""),
    Column("sex", String, nullable=False, server_default=""),
    Column("question_kind", String, nullable=False, server_default=""),
    Column("consent", String, nullable=False, server_default=""),
    Column("interest", Text, nullable=False, server_default=""),
    Column("specialties", Listed, nullable=False, server_default="[]"),
    Column("rung", Integer, nullable=False, server_default="0"),
    Column("hidden_at", Instant),
    Column("locked", Boolean, nullable=False, server_default=false()),
    *asking_columns(),
    Index(None, "author", "number"),
    Index(None, "state", "number"),
)


def _said() -> tuple[Column[Any], ...]:
    """Give the columns of what an opinion says beyond its list and reasons."""
    return (
        Column("confidence", String, nullable=False, server_default=""),
        Column("must_not_miss", Listed, nullable=False, server_default="[]"),
        Column("change_mind", Text, nullable=False, server_default=""),
        Column("specialist", Text, nullable=False, server_default=""),
    )


opinions: Final = Table(
    "opinions",
    metadata,
    Column("id", String, primary_key=True),
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("member", String, nullable=False),
    Column("diagnoses", Listed, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("revision", Integer, nullable=False),
    *_said(),
    Column("shown", Boolean, nullable=False, server_default=true()),
    Column("independent", Boolean, nullable=False, server_default=true()),
    Column("waits_until", Instant),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("case", "number"),
    UniqueConstraint("case", "member"),
)

opinion_versions: Final = Table(
    "opinion_versions",
    metadata,
    # What an opinion said before it was changed; only the first version counts in the group answer.
    Column("opinion", ForeignKey(opinions.c.id, ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("diagnoses", Listed, nullable=False),
    Column("next_step", Text, nullable=False),
    Column("remark", Text, nullable=False),
    *_said(),
    sqlite_with_rowid=False,
)

readings: Final = Table(
    "readings",
    metadata,
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), primary_key=True),
    Column("member", String, primary_key=True),
    sqlite_with_rowid=False,
)

pages: Final = Table(
    "pages",
    metadata,
    # Who was paged for a case, or said that it is not theirs; forgotten when the case has ended. No time: it
    # would tell of quiet hours, and these of a place.
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), primary_key=True),
    Column("member", String, primary_key=True),
    Column("specialty", String, nullable=False),
    sqlite_with_rowid=False,
)

followers: Final = Table(
    "followers",
    metadata,
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), primary_key=True),
    Column("member", String, primary_key=True),
    sqlite_with_rowid=False,
)

comments: Final = Table(
    "comments",
    metadata,
    Column("row", RowNumber, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("member", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", Instant, nullable=False),
    Column("question", Boolean, nullable=False, server_default=false()),
    Column("number", Integer, nullable=False, server_default="0"),
    Column("hidden", Boolean, nullable=False, server_default=false()),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("edited", Boolean, nullable=False, server_default=false()),
    Index(None, "case", "number"),
    Index(None, "case", "question"),
    sqlite_autoincrement=True,
)

polls: Final = Table(
    "polls",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),
    Column("author", String, nullable=False),
    Column("question", Text, nullable=False),
    Column("options", Listed, nullable=False),
    Column("asked_at", Instant, nullable=False),
    *polling_columns(),
    Index(None, "look_at"),
    Index(None, "case"),
    Index(None, "state", "number"),
)

ballots: Final = Table(
    "ballots",
    metadata,
    Column("poll", ForeignKey(polls.c.id, ondelete="CASCADE"), primary_key=True),
    Column("voter", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

outbox: Final = Table(
    "outbox",
    metadata,
    Column("row", RowNumber, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("key", String, nullable=False, unique=True),
    Column("destination", String, nullable=False),
    Column("room", String, nullable=False),
    Column("member", String, nullable=False),
    Column("what", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("thread", String, nullable=False),
    Column("group", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("payload", LargeBinary),
    Column("release_at", Instant, nullable=False),
    Column("position", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("state", String, nullable=False),
    Column("ended", SmallInteger, nullable=False),
    Column("tried", Boolean, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("code", String, nullable=False),
    Column("day", Integer, nullable=False),
    # Whose claim it is, of the bots that share the database: a number that was drawn for one connection.
    Column("owner", Integer, nullable=False, server_default="0"),
    Index(None, "subject", "room"),
    Index(
        "ix_outbox_threads",
        "thread",
        "release_at",
        sqlite_where=text("ended = 0"),
        postgresql_where=text("ended = 0"),
    ),
    Index(
        "ix_outbox_heads",
        "destination",
        "position",
        "row",
        sqlite_where=text("ended = 0"),
        postgresql_where=text("ended = 0"),
    ),
    Index(
        "ix_outbox_groups",
        "group",
        sqlite_where=text("\"group\" <> ''"),
        postgresql_where=text("\"group\" <> ''"),
    ),
    Index(
        "ix_outbox_quarantined",
        "state",
        sqlite_where=text("state = 'quarantined'"),
        postgresql_where=text("state = 'quarantined'"),
    ),
    sqlite_autoincrement=True,
)

groups: Final = Table(
    "groups",
    metadata,
    # Deletions whose common end nobody was told yet.
    Column("name", String, primary_key=True),
)

pauses: Final = Table(
    "pauses",
    metadata,
    # Rooms for which nothing leaves, each with why.
    Column("room", String, primary_key=True),
    Column("cause", String, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("told", Boolean, nullable=False),
    sqlite_with_rowid=False,
)

postings: Final = Table(
    "postings",
    metadata,
    Column("row", RowNumber, primary_key=True),
    Column("room", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("remote", String, nullable=False),
    UniqueConstraint("room", "remote", "kind"),
    Index(None, "room", "subject"),
    sqlite_autoincrement=True,
)

inbox: Final = Table(
    "inbox",
    metadata,
    Column("row", RowNumber, primary_key=True),
    Column("key", LargeBinary, nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("sealed", LargeBinary),
    Column("day", Integer, nullable=False),
    Index(
        "ix_inbox_waiting",
        "row",
        sqlite_where=text("state = 'waiting'"),
        postgresql_where=text("state = 'waiting'"),
    ),
    sqlite_autoincrement=True,
)

checkpoints: Final = Table(
    "checkpoints",
    metadata,
    Column("stream", String, primary_key=True),
    Column("token", Text, nullable=False),
)

dialogs: Final = Table(
    "dialogs",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("until", Instant),
    sqlite_with_rowid=False,
)
