"""Columns of a poll beside its words: its terms, its clock, its urn and what was released."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Text, false

from storage.columns import Instant, Listed


def polling_columns() -> tuple[Column[Any], ...]:
    """Give the columns; a new one each time, since a table owns its own."""
    return (
        Column("released_at", Instant),
        Column("terms", Text, nullable=False, server_default="{}"),
        # What ballots are counted in; of an earlier version there is one cell.
        Column("cells", Listed, nullable=False, server_default='[""]'),
        Column("case", String, nullable=False, server_default=""),
        Column("state", String, nullable=False),
        # Set with the first ballot: from then on words and terms stay.
        Column("begun", Boolean, nullable=False, server_default=false()),
        # What was released last, as JSON: counts for whoever may read the result.
        Column("result", Text),
        # The number of the poll beside which a newer result cannot be shown.
        Column("barred_by", Integer, nullable=False, server_default="0"),
        Column("voided", Boolean, nullable=False, server_default=false()),
        Column("invited", Integer, nullable=False, server_default="0"),
        Column("look_at", Instant),
        Column("closed_at", Instant),
        Column("hidden", Boolean, nullable=False, server_default=false()),
        Column("revision", Integer, nullable=False),
        Column("urn_key", LargeBinary),
        Column("tally", LargeBinary),
        # How many ballots of each specialty came with each release; outlives the urn for a while.
        Column("releases", LargeBinary),
    )
