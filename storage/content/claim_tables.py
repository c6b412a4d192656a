"""The tables of claim tokens and of invitations to a random sample; neither holds a member."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Table

from storage.content.tables import metadata, polls

claims: Final = Table(
    "claims",
    metadata,
    # The poll's number: what was promised outlives a poll that its author takes back.
    Column("poll", Integer, primary_key=True, autoincrement=False),
    Column("digest", String, primary_key=True),
    Column("redeemed_on", Date),
    sqlite_with_rowid=False,
)

invitations: Final = Table(
    "invitations",
    metadata,
    Column("poll", ForeignKey(polls.c.id, ondelete="CASCADE"), primary_key=True),
    # Names in the urn: they lead nowhere once its key is gone, and go with it.
    Column("voter", String, primary_key=True),
    sqlite_with_rowid=False,
)
