"""Polls and their urns: sealed ballots and a sealed tally under a key that dies with the urn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, exists, insert, literal_column, or_, select, update

from bot.domain.members import MemberId
from bot.domain.overlap import overlap
from bot.domain.poll_tally import Beside, Choice, Counts, Urn, slots_of
from bot.domain.polls import Ballot, Cast, Poll, PollState
from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content import looks
from storage.content.claim_tables import invitations
from storage.content.erasure import Erasure
from storage.content.poll_codec import (
    ballot_block,
    read_ballot,
    read_tally,
    result_json,
    result_of,
    tally_block,
    terms_json,
    terms_of,
)
from storage.content.poll_shown import Shown, read_shown, shown_block
from storage.content.poll_traces import PollTraces
from storage.content.tables import ballots, cases, polls
from storage.prepared import Prepared

_ON_A_HIDDEN_CASE: Final = exists().where(cases.c.id == polls.c.case, cases.c.hidden_at.is_not(None))
_IN_SIGHT: Final = ~polls.c.hidden & ~_ON_A_HIDDEN_CASE
_THIS: Final = polls.c.id == bindparam("which")
_BY_ID: Final = Prepared(select(polls).where(_THIS))
_BY_NUMBER: Final = Prepared(select(polls).where(polls.c.number == bindparam("which")))
_DUE: Final = looks.due(polls, polls.c.look_at, _IN_SIGHT, polls.c.number)
NEXT: Final = looks.following(polls.c.look_at, _IN_SIGHT)
_LOST: Final = Prepared(
    select(polls)
    .where(polls.c.state == bindparam("open"), polls.c.urn_key.is_(None), _IN_SIGHT)
    .order_by(polls.c.number)
    .limit(bindparam("most"))
)
_NOT_CLOSED: Final = tuple(state.value for state in PollState if state is not PollState.CLOSED)
ANY_LOST: Final = or_(
    *(
        exists().where(polls.c.state == literal_column(f"'{state}'"), polls.c.urn_key.is_(None), _IN_SIGHT)
        for state in _NOT_CLOSED
    )
)
"""Whether one that is not closed has no urn, and is in sight."""
_URN_KEY: Final = Prepared(select(polls.c.urn_key).where(_THIS))
_TALLY: Final = Prepared(select(polls.c.tally).where(_THIS))
_RELEASES: Final = Prepared(select(polls.c.releases).where(_THIS))
_KEEP_TALLY: Final = Prepared(update(polls).where(_THIS).values(tally=bindparam("sealed_"), begun=True))
_MINE: Final = (ballots.c.poll == bindparam("which")) & (ballots.c.voter == bindparam("whose"))
_BALLOT: Final = Prepared(select(ballots.c.sealed).where(_MINE))
_CHANGE_BALLOT: Final = Prepared(update(ballots).where(_MINE).values(sealed=bindparam("sealed_")))
_PUT_IN: Final = Prepared(insert(ballots), "poll", "voter", "sealed")
_TAKE_OUT: Final = Prepared(delete(ballots).where(_MINE))


@dataclass(slots=True)
class _Tally:
    """An opened tally: counts by the number of a cell, ballots since the last release, and the releases."""

    cells: dict[int, Counts]
    new: int
    release: int


class PollRows:
    """Fills :class:`bot.domain.polls.Polls`. ``replaced_any`` says whether something may be due sooner."""

    def __init__(self, connection: Connection, sealer: Sealer, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer
        self._erasure = erasure
        self._traces = PollTraces(connection, sealer)
        self.replaced_any = False

    async def add(self, poll: Poll, urn_key: bytes) -> None:
        """Keep a new poll and, sealed, the key that its ballots are kept under."""
        sealed = self._sealer.seal(urn_key, _place("urn_key", poll.id))
        tally = self._seal_tally(poll, _Tally({}, 0, 0))
        values = {**_values(poll), "urn_key": sealed, "tally": tally}
        await self._connection.execute(insert(polls).values(values))

    async def replace(self, poll: Poll) -> None:
        """Keep a changed poll; its urn stays as it is, and must be empty where words or terms changed."""
        self.replaced_any = True
        values = _values(poll)
        if not poll.begun and poll.state is not PollState.CLOSED and await self._has_urn(poll):
            values["tally"] = self._seal_tally(poll, _Tally({}, 0, 0))
        await self._connection.execute(update(polls).where(polls.c.id == poll.id).values(values))

    async def remove(self, poll: str) -> None:
        """Forget a poll with its key; what was shown of it is kept for a while, without its words."""
        found, shown = await self.get(poll), await self._shown(poll)
        if found is not None and found.result is not None and shown.came:
            await self._traces.keep(found, shown, found.closed_at or found.result.at)
        await self._connection.execute(delete(polls).where(polls.c.id == poll))
        self._erasure.owed = True

    async def by_number(self, number: int) -> Poll | None:
        """Find one by its number."""
        return await self._one(_BY_NUMBER, number)

    async def get(self, poll: str) -> Poll | None:
        """Find one by id."""
        return await self._one(_BY_ID, poll)

    async def of_case(self, case: str) -> tuple[Poll, ...]:
        """List the polls that hang on a case, in order of their numbers."""
        found = select(polls).where(polls.c.case == case).order_by(polls.c.number)
        return tuple(poll_of(row) for row in await self._connection.execute(found))

    async def urn_key(self, poll: Poll) -> bytes:
        """Give the opened key of an open poll; raises KeyError once it is destroyed."""
        return self._sealer.open(await self._sealed(_URN_KEY, poll), _place("urn_key", poll.id))

    async def cast(self, poll: Poll, ballot: Ballot) -> Cast:
        """Put a ballot in, in place of the voter's earlier one; raises KeyError once the urn is destroyed."""
        tally = await self._tally(poll)
        earlier = await self._ballot(poll, ballot.voter)
        cell, release = _number_of(poll, ballot.cell), tally.release
        if earlier is not None:
            # Whoever changes specialty meanwhile is counted where the first vote was: no cell loses one.
            choice, cell, release = earlier
            _count(poll, tally, choice, cell, -1)
        else:
            tally.new += 1
        _count(poll, tally, ballot.choice, cell, 1)
        await self._keep_ballot(ballot, (cell, release), replaces=earlier is not None)
        await self._keep_tally(poll, tally)
        total = sum(counts.ballots for counts in tally.cells.values())
        return Cast(earlier is not None, total, tally.new)

    async def choice_of(self, poll: Poll, voter: str) -> Choice | None:
        """Give what a voter's ballot says; None where there is none."""
        found = await self._ballot(poll, voter)
        return None if found is None else found[0]

    async def take_out(self, poll: Poll, voter: str) -> bool:
        """Take a voter's ballot out of an urn; False where there is none."""
        found = await self._ballot(poll, voter)
        if found is None:
            return False
        choice, cell, release = found
        tally = await self._tally(poll)
        _count(poll, tally, choice, cell, -1)
        if release == tally.release:
            tally.new -= 1
        else:
            shown = await self._shown(poll.id)
            await self._keep_shown(poll, shown.without(poll.cells[cell], release))
        await self._connection.run(_TAKE_OUT, {"which": poll.id, "whose": voter})
        await self._keep_tally(poll, tally)
        self._erasure.owed = True
        return True

    async def voters(self, poll: Poll) -> frozenset[str]:
        """Name, as this urn does, everybody who has voted; nobody once it is destroyed."""
        rows = await self._connection.execute(select(ballots.c.voter).where(ballots.c.poll == poll.id))
        return frozenset(rows.scalars())

    async def invite(self, poll: Poll, voters: Collection[str]) -> None:
        """Keep, as this urn names them, who was drawn to vote; sorted, so that no page shows an order."""
        rows = [{"poll": poll.id, "voter": voter} for voter in sorted(voters)]
        await self._connection.execute(insert(invitations), rows)

    async def is_invited(self, poll: Poll, voter: str) -> bool:
        """Say whether a voter was drawn to vote."""
        this = (invitations.c.poll == poll.id) & (invitations.c.voter == voter)
        return (await self._connection.execute(select(invitations.c.voter).where(this))).first() is not None

    async def urn(self, poll: Poll) -> Urn:
        """Count what lies in the urn; raises KeyError once it is destroyed."""
        tally = await self._tally(poll)
        cells = {poll.cells[cell]: counts for cell, counts in tally.cells.items()}
        shown = await self._shown(poll.id)
        return Urn(cells, tally.new, shown.came, shown.gone, await self._beside(poll))

    async def release(self, poll: Poll, urn: Urn) -> None:
        """Keep a poll with a newly released table of all that lies in ``urn``; later ballots count as new."""
        tally = await self._tally(poll)
        await self._keep_shown(poll, Shown.after(urn))
        sealed = self._seal_tally(poll, replace(tally, new=0, release=tally.release + 1))
        values = {**_values(poll), "tally": sealed}
        await self._connection.execute(update(polls).where(polls.c.id == poll.id).values(values))

    async def close(self, poll: Poll) -> None:
        """Keep the closed poll; destroy its key, its tally, every ballot and invitation in the same commit.

        How many ballots of each cell were shown is kept, for polls that ask the same.
        """
        if poll.result is not None and not poll.result.held_back and await self._has_urn(poll):
            await self._keep_shown(poll, Shown.after(await self.urn(poll)))
        for table in (ballots, invitations):
            await self._connection.execute(delete(table).where(table.c.poll == poll.id))
        values = {**_values(poll), "urn_key": None, "tally": None}
        await self._connection.execute(update(polls).where(polls.c.id == poll.id).values(values))
        self._erasure.owed = True

    async def forget_shown(self, closed_before: datetime) -> None:
        """Forget how many ballots of each cell were shown of polls that were closed before."""
        old = (polls.c.closed_at < closed_before) & polls.c.releases.is_not(None)
        done = await self._connection.execute(update(polls).where(old).values(releases=None))
        gone = await self._traces.forget(closed_before)
        self._erasure.owed |= gone or done.rowcount > 0

    async def open_polls(self, most: int) -> tuple[Poll, ...]:
        """List polls that are open or open later, hidden ones too, newest first; not those without an urn."""
        found = select(polls).where(polls.c.state != PollState.CLOSED.value, polls.c.urn_key.is_not(None))
        rows = await self._connection.execute(found.order_by(polls.c.number.desc()).limit(most))
        return tuple(poll_of(row) for row in rows)

    async def due(self, now: datetime, most: int) -> tuple[Poll, ...]:
        """List polls in sight on which something is due, the longest overdue first; hidden ones wait.

        Something is due on one that is not closed and has no urn: it was brought back without it.
        """
        late = await self._connection.run(_DUE, {"now": now, "most": most})
        found = [poll_of(row) for row in late]
        for state in _NOT_CLOSED:
            lost = await self._connection.run(_LOST, {"open": state, "most": most})
            found += [poll for poll in map(poll_of, lost) if poll not in found]
        return tuple(found[:most])

    async def _one(self, found: Prepared, which: str | int) -> Poll | None:
        row = (await self._connection.run(found, {"which": which})).first()
        return None if row is None else poll_of(row)

    async def _has_urn(self, poll: Poll) -> bool:
        return (await self._connection.run(_URN_KEY, {"which": poll.id})).scalar() is not None

    async def _sealed(self, found: Prepared, poll: Poll) -> bytes:
        sealed: bytes | None = (await self._connection.run(found, {"which": poll.id})).scalar()
        if sealed is None:
            raise KeyError(poll.id)
        return sealed

    async def _tally(self, poll: Poll) -> _Tally:
        block = self._sealer.open(await self._sealed(_TALLY, poll), _place("tally", poll.id))
        return _Tally(*read_tally(block, poll))

    async def _keep_tally(self, poll: Poll, tally: _Tally) -> None:
        sealed = self._seal_tally(poll, tally)
        await self._connection.run(_KEEP_TALLY, {"which": poll.id, "sealed_": sealed})

    def _seal_tally(self, poll: Poll, tally: _Tally) -> bytes:
        size = len(poll.cells), len(poll.nothing.slots)
        block = tally_block(tally.cells, tally.new, tally.release, size)
        return self._sealer.seal(block, _place("tally", poll.id))

    async def _shown(self, poll: str) -> Shown:
        sealed: bytes | None = (await self._connection.run(_RELEASES, {"which": poll})).scalar()
        return Shown() if sealed is None else read_shown(self._sealer.open(sealed, _place("releases", poll)))

    async def _keep_shown(self, poll: Poll, shown: Shown) -> None:
        sealed = self._sealer.seal(shown_block(shown), _place("releases", poll.id))
        await self._connection.execute(update(polls).where(polls.c.id == poll.id).values(releases=sealed))

    async def _beside(self, poll: Poll) -> tuple[Beside, ...]:
        rows = await self._connection.execute(select(polls).where(polls.c.releases.is_not(None)))
        others = [other for other in map(poll_of, rows) if overlap(poll, other)]
        standing = [Beside(other.number, (await self._shown(other.id)).ever()) for other in others]
        return (*standing, *await self._traces.beside(poll))

    async def _ballot(self, poll: Poll, voter: str) -> tuple[Choice, int, int] | None:
        mine = {"which": poll.id, "whose": voter}
        sealed: bytes | None = (await self._connection.run(_BALLOT, mine)).scalar()
        if sealed is None:
            return None
        return read_ballot(self._sealer.open(sealed, _ballot_place(poll.id, voter)), len(poll.cells) - 1)

    async def _keep_ballot(self, ballot: Ballot, counted: tuple[int, int], *, replaces: bool) -> None:
        block = ballot_block(ballot.choice, *counted)
        sealed = self._sealer.seal(block, _ballot_place(ballot.poll, ballot.voter))
        if replaces:
            mine = {"which": ballot.poll, "whose": ballot.voter, "sealed_": sealed}
            await self._connection.run(_CHANGE_BALLOT, mine)
        else:
            values = {"poll": ballot.poll, "voter": ballot.voter, "sealed": sealed}
            await self._connection.run(_PUT_IN, values)


def _number_of(poll: Poll, cell: str) -> int:
    return poll.cells.index(cell) if cell in poll.cells else len(poll.cells) - 1


def _count(poll: Poll, tally: _Tally, choice: Choice, cell: int, step: int) -> None:
    """Count a ballot in, or out again."""
    counts = tally.cells.get(cell, poll.nothing)
    slots = list(counts.slots)
    for slot in slots_of(poll.terms, len(poll.options), choice):
        slots[slot] += step
    tally.cells[cell] = Counts(counts.ballots + step, tuple(slots))


def _place(column: str, poll: str) -> str:
    return f"polls|{column}|{poll}"


def _ballot_place(poll: str, voter: str) -> str:
    return f"ballots|sealed|{poll}|{voter}"


def _values(poll: Poll) -> dict[str, object]:
    return {
        "id": poll.id,
        "number": poll.number,
        "author": poll.author,
        "question": poll.question,
        "options": poll.options,
        "asked_at": poll.asked_at,
        "released_at": poll.released_at,
        "terms": terms_json(poll.terms),
        "cells": poll.cells,
        "case": poll.case,
        "state": poll.state.value,
        "begun": poll.begun,
        "result": result_json(poll.result),
        "barred_by": poll.barred_by,
        "voided": poll.voided,
        "invited": poll.invited,
        "look_at": poll.look_at,
        "closed_at": poll.closed_at,
        "hidden": poll.hidden,
        "revision": poll.revision,
    }


def poll_of(row: Row[Any]) -> Poll:
    """Read the row of a poll."""
    return Poll(
        id=row.id,
        number=row.number,
        author=MemberId(row.author),
        question=row.question,
        options=row.options,
        asked_at=row.asked_at,
        released_at=row.released_at,
        terms=terms_of(row.terms),
        cells=row.cells,
        case=row.case,
        state=PollState(row.state),
        begun=row.begun,
        result=result_of(row.result),
        barred_by=row.barred_by,
        voided=row.voided,
        invited=row.invited,
        look_at=row.look_at,
        closed_at=row.closed_at,
        hidden=row.hidden,
        revision=row.revision,
    )
