"""The tables of the first crossing: members, words, polls, and the ways in and out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_INSTANT = sa.BigInteger()
_LISTED = sa.Text()


def upgrade() -> None:
    _keys_and_members()
    _drafts()
    _cases()
    _answers()
    _polls()
    _outbox()
    _outbox_indexes()
    _postings()
    _inbox()


def downgrade() -> None:
    for table in (
        "dialogs",
        "checkpoints",
        "inbox",
        "postings",
        "groups",
        "outbox",
        "ballots",
        "polls",
        "comments",
        "opinions",
        "cases",
        "pictures",
        "drafts",
        "members",
        "counters",
        "canary",
    ):
        op.drop_table(table)


def _keys_and_members() -> None:
    op.create_table(
        "canary",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.Integer(), nullable=False),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("screen_name", sa.String(), nullable=False, unique=True),
        sa.Column("skeleton", sa.String(), nullable=False, unique=True),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("specialty", sa.String(), nullable=False),
        sqlite_with_rowid=False,
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("member", sa.String(), nullable=False, index=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "pictures",
        sa.Column("media", sa.String(), primary_key=True),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("story", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("posted_at", _INSTANT, nullable=False),
        sa.Column("released_at", _INSTANT, nullable=False),
        sa.Column("pictures", _LISTED, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opinions", sa.Integer(), nullable=False),
        sa.Column("comments", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
    )
    op.create_index("ix_cases_author_number", "cases", ["author", "number"])
    op.create_index("ix_cases_state_number", "cases", ["state", "number"])


def _answers() -> None:
    op.create_table(
        "opinions",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("case", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("diagnoses", _LISTED, nullable=False),
        sa.Column("next_step", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("given_at", _INSTANT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.UniqueConstraint("case", "number"),
        sa.UniqueConstraint("case", "member"),
    )
    op.create_table(
        "comments",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column(
            "case", sa.String(), sa.ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True
        ),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", _INSTANT, nullable=False),
        sqlite_autoincrement=True,
    )


def _polls() -> None:
    op.create_table(
        "polls",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("number", sa.Integer(), nullable=False, unique=True),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("options", _LISTED, nullable=False),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counts", _LISTED),
        sa.Column("ballots", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("urn_key", sa.LargeBinary()),
        sa.Column("tally", sa.LargeBinary()),
    )
    op.create_index("ix_polls_state_number", "polls", ["state", "number"])
    op.create_table(
        "ballots",
        sa.Column("poll", sa.String(), sa.ForeignKey("polls.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("voter", sa.String(), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("key", sa.String(), nullable=False, unique=True),
        sa.Column("destination", sa.String(), nullable=False),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("thread", sa.String(), nullable=False),
        sa.Column("group", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary()),
        sa.Column("release_at", _INSTANT, nullable=False),
        sa.Column("position", _INSTANT, nullable=False),
        sa.Column("due_at", _INSTANT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("ended", sa.SmallInteger(), nullable=False),
        sa.Column("tried", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )


def _outbox_indexes() -> None:
    op.create_index("ix_outbox_subject_room", "outbox", ["subject", "room"])
    for name, columns, condition in (
        ("ix_outbox_heads", ["destination", "position", "row"], "ended = 0"),
        ("ix_outbox_groups", ["group"], "\"group\" <> ''"),
        ("ix_outbox_quarantined", ["state"], "state = 'quarantined'"),
    ):
        where = sa.text(condition)
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)


def _postings() -> None:
    op.create_table("groups", sa.Column("name", sa.String(), primary_key=True))
    op.create_table(
        "postings",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("room", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("remote", sa.String(), nullable=False),
        sa.UniqueConstraint("room", "remote", "kind"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_postings_room_subject", "postings", ["room", "subject"])


def _inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("row", _ROW, primary_key=True),
        sa.Column("key", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary()),
        sa.Column("day", sa.Integer(), nullable=False),
        sqlite_autoincrement=True,
    )
    waiting = sa.text("state = 'waiting'")
    op.create_index("ix_inbox_waiting", "inbox", ["row"], sqlite_where=waiting, postgresql_where=waiting)
    op.create_table(
        "checkpoints",
        sa.Column("stream", sa.String(), primary_key=True),
        sa.Column("token", sa.Text(), nullable=False),
    )
    op.create_table(
        "dialogs",
        sa.Column("key", sa.LargeBinary(), primary_key=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sqlite_with_rowid=False,
    )
