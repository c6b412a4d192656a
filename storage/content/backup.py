"""What of the content database goes into a backup, and what a restored one begins with.

Left out is whatever could say who voted what, what an author sent before it was cleaned, and what waits for
one person alone: threat model, sections 4 to 6, and decision 41.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, null, or_, true

from bot.domain.polls import PollState
from storage.backup import Part
from storage.connection import Connection
from storage.content.claim_tables import invitations
from storage.content.deliveries import ACTIVE, TAKING_BACK
from storage.content.numbers import skip_numbers
from storage.content.store import HISTORY
from storage.content.tables import (
    ballots,
    checkpoints,
    dialogs,
    inbox,
    metadata,
    original_pictures,
    originals,
    outbox,
    polls,
)
from storage.content.telling_tables import listed_members, tellings
from storage.copying import WHOLE, Choice

_GAP: Final = 1000
"""How many numbers a restored bot passes over: those of cases that came after the backup stand in rooms."""

_CLOSED: Final = polls.c.state == PollState.CLOSED.value

VOTES_LIE_FOR: Final = timedelta(days=2)
"""Longer than any unfinished talk lies that may hold a vote, or words that were not cleaned."""

LEFT_OUT: Final = frozenset(
    table.name
    for table in (originals, original_pictures, ballots, invitations, checkpoints, tellings, listed_members)
)
"""Tables of which no row goes over. Without its checkpoints a stream begins anew: what was said since the
backup was handled once, and stands in rooms already."""

_CHOSEN: Final = {
    polls: Choice(
        instead={
            "urn_key": null(),
            "tally": null(),
            "releases": case((_CLOSED, polls.c.releases), else_=null()),
        }
    ),
    # Handled ones are keyed hashes by which a repeated event is known; any other may hold a vote.
    inbox: Choice(where=inbox.c.sealed.is_(None)),
    # What has no end holds nobody's words: pointers, and what was asked or told.
    dialogs: Choice(where=dialogs.c.until.is_(None)),
    # Every delivery that had not ended may have gone out since: it comes back as one that was tried.
    outbox: Choice(
        where=or_(
            outbox.c.member == "",
            outbox.c.payload.is_(None),
            outbox.c.what.in_([what.value for what in TAKING_BACK]),
        ),
        instead={"tried": case((ACTIVE, true()), else_=outbox.c.tried)},
    ),
}

BACKUP: Final = Part(
    HISTORY,
    {table: _CHOSEN.get(table, WHOLE) for table in metadata.sorted_tables if table.name not in LEFT_OUT},
    LEFT_OUT,
    ("INSERT INTO case_words(case_words) VALUES ('rebuild')",),
)


def backup_at(now: datetime) -> Part:
    """Give what goes over now: of unfinished talk also what lies for long, as tokens of honoraria do."""
    long = dialogs.c.until > now + VOTES_LIE_FOR
    chosen = Choice(where=or_(dialogs.c.until.is_(None), long))
    return replace(BACKUP, tables={**BACKUP.tables, dialogs: chosen})


async def begin_again(connection: Connection) -> None:
    """Leave room for the numbers that were given since the backup, so that none is given twice."""
    await skip_numbers(connection, _GAP)
