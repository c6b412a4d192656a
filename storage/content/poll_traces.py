"""What is left of a poll that was taken back after a result was shown: enough to bar one that asks the same.

No word of it: question and answers are keyed hashes; the numbers are those of
:mod:`storage.content.poll_shown`.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from sqlalchemy import Column, Integer, LargeBinary, String, Table, delete, insert, select

from bot.domain.overlap import Asks, ask_the_same, asks_of
from bot.domain.poll_tally import Beside
from bot.domain.polls import Poll
from bot.ports.sealing import Sealer
from storage.columns import Instant
from storage.connection import Connection
from storage.content.poll_shown import Shown, read_shown, shown_block
from storage.content.tables import metadata

poll_traces: Final = Table(
    "poll_traces",
    metadata,
    Column("id", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("shown_at", Instant, nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)


class PollTraces:
    """Traces of polls that were taken back."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer

    async def keep(self, poll: Poll, shown: Shown, at: datetime) -> None:
        """Keep what was shown of a poll at ``at``, the last time, without its words."""
        asks = asks_of(poll).hashed(self._digest)
        told = {
            "audience": sorted(asks.audience),
            "words": sorted(asks.words),
            "answers": sorted(asks.answers),
            "measured": asks.measured,
            "telling": asks.telling,
            "case": asks.case,
            "shown": shown_block(shown).decode(),
        }
        sealed = self._sealer.seal(json.dumps(told).encode(), _place(poll.id))
        values = {"id": poll.id, "number": poll.number, "shown_at": at, "sealed": sealed}
        await self._connection.execute(insert(poll_traces).values(values))

    async def beside(self, poll: Poll) -> tuple[Beside, ...]:
        """Give what was shown of those that asked nearly the same as a poll."""
        asks = asks_of(poll).hashed(self._digest)
        found = []
        for row in await self._connection.execute(select(poll_traces)):
            told = json.loads(self._sealer.open(row.sealed, _place(row.id)))
            other = Asks(
                frozenset(told["audience"]),
                frozenset(told["words"]),
                frozenset(told["answers"]),
                measured=told["measured"],
                telling=told["telling"],
                case=told["case"],
            )
            if ask_the_same(asks, other):
                found.append(Beside(-row.number, read_shown(told["shown"].encode()).ever()))
        return tuple(found)

    async def forget(self, shown_before: datetime) -> bool:
        """Forget the old ones; says whether there were any."""
        old = poll_traces.c.shown_at < shown_before
        return (await self._connection.execute(delete(poll_traces).where(old))).rowcount > 0

    def _digest(self, word: str) -> str:
        return self._sealer.index("poll words", word)[:16].hex()


def _place(poll: str) -> str:
    return f"poll_traces|sealed|{poll}"
