"""Polls and their urns: sealed ballots and a sealed tally under a key that dies with the urn."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Row, Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.members import MemberId
from bot.domain.polls import Ballot, Poll, PollState
from bot.ports.sealing import Sealer
from storage.content.erasure import Erasure
from storage.content.tables import ballots, polls


class PollRows:
    """Fills :class:`bot.domain.polls.Polls`."""

    def __init__(self, connection: AsyncConnection, sealer: Sealer, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer
        self._erasure = erasure

    async def add(self, poll: Poll, urn_key: bytes) -> None:
        """Keep a new poll and, sealed, the key that its ballots are kept under."""
        sealed = self._sealer.seal(urn_key, _place("urn_key", poll.id))
        values = {**_values(poll), "urn_key": sealed, "tally": self._seal_tally(poll.id, {})}
        await self._connection.execute(insert(polls).values(values))

    async def remove(self, poll: str) -> None:
        """Forget a poll that was undone before anybody saw it, with its key."""
        await self._connection.execute(delete(polls).where(polls.c.id == poll))
        self._erasure.owed = True

    async def by_number(self, number: int) -> Poll | None:
        """Find one by its number."""
        return await self._one(select(polls).where(polls.c.number == number))

    async def get(self, poll: str) -> Poll | None:
        """Find one by id."""
        return await self._one(select(polls).where(polls.c.id == poll))

    async def urn_key(self, poll: Poll) -> bytes:
        """Give the opened key of an open poll; raises KeyError once it is destroyed."""
        found = select(polls.c.urn_key).where(polls.c.id == poll.id)
        sealed: bytes | None = (await self._connection.execute(found)).scalar()
        if sealed is None:
            raise KeyError(poll.id)
        return self._sealer.open(sealed, _place("urn_key", poll.id))

    async def cast(self, ballot: Ballot) -> bool:
        """Put a ballot in, replacing the same voter's earlier one; True when it replaced one."""
        tally = await self._tally(ballot.poll)
        earlier = await self._ballot(ballot)
        if earlier is not None:
            tally[earlier] -= 1
        tally[ballot.choice] = tally.get(ballot.choice, 0) + 1
        await self._keep_ballot(ballot, replaces=earlier is not None)
        await self._connection.execute(
            update(polls).where(polls.c.id == ballot.poll).values(tally=self._seal_tally(ballot.poll, tally))
        )
        return earlier is not None

    async def take_out(self, poll: str, voter: str) -> bool:
        """Take a voter's ballot out of an urn; False where there is none."""
        mine = (ballots.c.poll == poll) & (ballots.c.voter == voter)
        row = (await self._connection.execute(select(ballots.c.sealed).where(mine))).first()
        if row is None:
            return False
        tally = await self._tally(poll)
        tally[int(self._sealer.open(row.sealed, _ballot_place(Ballot(poll, voter, 0))))] -= 1
        await self._connection.execute(delete(ballots).where(mine))
        kept = self._seal_tally(poll, tally)
        await self._connection.execute(update(polls).where(polls.c.id == poll).values(tally=kept))
        self._erasure.owed = True
        return True

    async def votes(self, poll: Poll) -> dict[int, int]:
        """Count ballots by option index; raises KeyError once the urn is destroyed."""
        return {choice: count for choice, count in (await self._tally(poll.id)).items() if count}

    async def close(self, poll: Poll) -> None:
        """Keep the closed poll and destroy its key, its tally and every ballot in the same commit."""
        await self._connection.execute(delete(ballots).where(ballots.c.poll == poll.id))
        values = {**_values(poll), "urn_key": None, "tally": None}
        await self._connection.execute(update(polls).where(polls.c.id == poll.id).values(values))
        self._erasure.owed = True

    async def open_polls(self, most: int) -> tuple[Poll, ...]:
        """List open polls, newest first."""
        found = select(polls).where(polls.c.state == PollState.OPEN.value)
        rows = await self._connection.execute(found.order_by(polls.c.number.desc()).limit(most))
        return tuple(poll_of(row) for row in rows)

    async def _one(self, found: Select[Any]) -> Poll | None:
        row = (await self._connection.execute(found)).first()
        return None if row is None else poll_of(row)

    async def _tally(self, poll: str) -> dict[int, int]:
        found = select(polls.c.tally).where(polls.c.id == poll)
        sealed: bytes | None = (await self._connection.execute(found)).scalar()
        if sealed is None:
            raise KeyError(poll)
        counts = json.loads(self._sealer.open(sealed, _place("tally", poll)))
        return {int(choice): count for choice, count in counts.items()}

    def _seal_tally(self, poll: str, tally: dict[int, int]) -> bytes:
        return self._sealer.seal(json.dumps(tally).encode(), _place("tally", poll))

    async def _ballot(self, ballot: Ballot) -> int | None:
        found = select(ballots.c.sealed).where(ballots.c.poll == ballot.poll, ballots.c.voter == ballot.voter)
        sealed: bytes | None = (await self._connection.execute(found)).scalar()
        return None if sealed is None else int(self._sealer.open(sealed, _ballot_place(ballot)))

    async def _keep_ballot(self, ballot: Ballot, *, replaces: bool) -> None:
        sealed = self._sealer.seal(str(ballot.choice).encode(), _ballot_place(ballot))
        if replaces:
            mine = (ballots.c.poll == ballot.poll) & (ballots.c.voter == ballot.voter)
            await self._connection.execute(update(ballots).where(mine).values(sealed=sealed))
        else:
            values = {"poll": ballot.poll, "voter": ballot.voter, "sealed": sealed}
            await self._connection.execute(insert(ballots).values(values))


def _place(column: str, poll: str) -> str:
    return f"polls|{column}|{poll}"


def _ballot_place(ballot: Ballot) -> str:
    return f"ballots|sealed|{ballot.poll}|{ballot.voter}"


def _values(poll: Poll) -> dict[str, object]:
    return {**{name: getattr(poll, name) for name in Poll.__slots__}, "state": poll.state.value}


def poll_of(row: Row[Any]) -> Poll:
    """Read the row of a poll."""
    return Poll(
        id=row.id,
        number=row.number,
        author=MemberId(row.author),
        question=row.question,
        options=row.options,
        asked_at=row.asked_at,
        state=PollState(row.state),
        counts=row.counts,
        ballots=row.ballots,
        revision=row.revision,
    )
