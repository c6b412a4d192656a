"""Every sealed column of the content database, and the places that its values are bound to.

What lies under a key of its own (originals and their pictures) is not among them: that key is.
"""

from __future__ import annotations

from typing import Final

from bot.ports.outbox import MEMO
from storage.content.deliveries import telling_place
from storage.content.poll_traces import poll_traces
from storage.content.tables import (
    ballots,
    canary,
    dialogs,
    drafts,
    inbox,
    originals,
    outbox,
    pictures,
    polls,
    standings,
)
from storage.content.telling_tables import tellings
from storage.resealing import SealedColumn

SEALED: Final = (
    SealedColumn(canary, "sealed", lambda _: "content|canary"),
    SealedColumn(drafts, "sealed", lambda row: f"drafts|sealed|{row.id}", extra=(drafts.c.id,)),
    SealedColumn(originals, "key", lambda row: f"originals|key|{row.draft}"),
    SealedColumn(pictures, "sealed", lambda row: f"pictures|sealed|{row.media}"),
    SealedColumn(polls, "urn_key", lambda row: f"polls|urn_key|{row.id}"),
    SealedColumn(polls, "tally", lambda row: f"polls|tally|{row.id}"),
    SealedColumn(polls, "releases", lambda row: f"polls|releases|{row.id}"),
    SealedColumn(poll_traces, "sealed", lambda row: f"poll_traces|sealed|{row.id}"),
    SealedColumn(ballots, "sealed", lambda row: f"ballots|sealed|{row.poll}|{row.voter}"),
    # What goes into rooms is no secret; cards for one person are.
    SealedColumn(
        outbox,
        "payload",
        lambda row: f"outbox|payload|{row.id}",
        where=outbox.c.member != "",
        extra=(outbox.c.id,),
    ),
    SealedColumn(
        outbox,
        "payload",
        lambda row: f"outbox|payload|{row.subject}",
        where=(outbox.c.member == "") & outbox.c.subject.startswith(MEMO, autoescape=True),
        extra=(outbox.c.subject,),
    ),
    SealedColumn(tellings, "sealed", lambda row: telling_place(row.id)),
    SealedColumn(
        inbox,
        "sealed",
        lambda row: f"inbox|sealed|{row.event_key.hex()}",
        extra=(inbox.c.key.label("event_key"),),
    ),
    SealedColumn(standings, "sealed", lambda row: f"standings|sealed|{row.key.hex()}"),
    SealedColumn(dialogs, "sealed", lambda row: f"dialogs|sealed|{row.key.hex()}"),
)
