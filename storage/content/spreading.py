"""Spreading: gives everybody on a list a row of the outbox, some at a time, so that nobody waits for long."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    bindparam,
    delete,
    select,
    update,
)

from bot.domain.members import ID_BYTES, MemberId, unlisted
from bot.ports.chance import Chance
from bot.ports.clock import Clock
from bot.ports.sealing import SealBroken, Sealer
from storage.columns import day
from storage.connection import Connection
from storage.content.deliveries import home_destination, open_telling, seal_words
from storage.content.erasure import Erasure
from storage.content.spread_rows import SpreadRows
from storage.content.standings import StandingRows
from storage.content.telling_tables import listed_members, tellings
from storage.content.tellings import AT_ONCE, end, moment_within, stopped_among
from storage.database import OUTBOX, Database
from storage.prepared import Prepared

_WISHED: Final = 0.02
"""Seconds that one piece should take, its commit included."""
_FEWEST: Final = 50
_FIRST: Final = 500
"""Members in the first piece, before it is known how fast the disk is."""
_SHARED: Final = 8
"""Digits that ids of a piece have in common, so that they lie side by side; 96 bits are each one's own."""

_NEXT: Final = Prepared(
    select(listed_members.c.row, listed_members.c.members, *(one for one in tellings.c if one.key != "after"))
    .join_from(listed_members, tellings)
    .where(listed_members.c.row > bindparam("past"))
    .order_by(listed_members.c.row)
    .limit(1)
)
_UNCHANGED: Final = (listed_members.c.row == bindparam("which")) & (
    listed_members.c.members == bindparam("before")
)
_GO_ON: Final = Prepared(update(listed_members).where(_UNCHANGED).values(members=bindparam("rest")))
_GO_PAST: Final = Prepared(delete(listed_members).where(_UNCHANGED))
_RELEASE: Final = Prepared(select(tellings.c.release_at).where(tellings.c.id == bindparam("which")))


class Spreader:
    """Works off the lists of all tellings. Of several that try, one gets on with a piece."""

    def __init__(
        self,
        database: Database,
        sealer: Sealer,
        clock: Clock,
        chance: Chance,
        announce: Callable[[Mapping[str, datetime] | None], None],
    ) -> None:
        """Work on the content database; ``announce`` hears after each commit what may leave when.

        At the end of a list it hears None: another process may have put some of it, and others look now.
        """
        self._database = database
        self._sealer = sealer
        self._clock = clock
        self._chance = chance
        self._announce = announce
        self._one = asyncio.Lock()
        self._size = _FIRST
        self._known = ""
        self._stopped: set[MemberId] = set()
        """Who was told nothing when the telling that is known was begun; whoever is stopped later is cut."""

    async def spread(self) -> None:
        """Go on until no list is left; raises ``SealBroken`` at the end if a card could not be opened."""
        async with self._one:
            past, broken = 0, None
            self._known = ""
            while (piece := await self._next(past)) is not None:
                try:
                    await self._spread_some(piece)
                except SealBroken as fault:
                    past, broken = piece.row, fault
        if broken is not None:
            raise broken

    async def _next(self, past: int) -> Any:  # noqa: ANN401 - a row of a list with its telling, or None
        async with self._database.reading() as connection:
            piece = (await connection.run(_NEXT, {"past": past})).first()
            if piece is not None and piece.id != self._known:
                standings = await StandingRows(connection, self._sealer, Erasure()).all()
                self._stopped = stopped_among(standings, self._clock.now())
                self._known = piece.id
        return piece

    async def _spread_some(self, piece: Any) -> None:  # noqa: ANN401 - as above
        """Make rows beforehand, then put them, unless the list or its telling was changed meanwhile."""
        some = bytes(piece.members[: self._size * ID_BYTES])
        rest = bytes(piece.members[len(some) :])
        rows, put = self._rows(piece, some)
        async with self._database.transaction() as connection:
            began = self._clock.monotonic()
            goes_on, ended = await self._goes_on(connection, piece, rest), False
            if goes_on:
                await rows.put(connection)
                ended = not rest and await end(connection, piece.id)
            if ended:
                await self._database.tell(connection, OUTBOX)
        if goes_on:
            self._learn(len(some) // ID_BYTES, self._clock.monotonic() - began)
            self._announce(None if ended else put)

    async def _goes_on(self, connection: Connection, piece: Any, rest: bytes) -> bool:  # noqa: ANN401
        """Note how far it came; False where that is not known any more."""
        released = (await connection.run(_RELEASE, {"which": piece.id})).scalar()
        if released != piece.release_at:
            return False
        known = {"which": piece.row, "before": piece.members}
        how = _GO_ON if rest else _GO_PAST
        return (await connection.run(how, {**known, "rest": rest} if rest else known)).rowcount == 1

    def _rows(self, piece: Any, some: bytes) -> tuple[SpreadRows, dict[str, datetime]]:  # noqa: ANN401
        words, new_id = open_telling(self._sealer, piece.id, piece.sealed), self._chance.id
        rows = SpreadRows(piece.key, piece.subject, day(self._clock.now()))
        put: dict[str, datetime] = {}
        shared = new_id()[:_SHARED]
        for member in unlisted(some):
            if member in self._stopped:
                continue
            delivery = shared + new_id()[_SHARED:]
            at = moment_within(piece.release_at, piece.within, new_id)
            rows.add(delivery, member, seal_words(self._sealer, delivery, words), at)
            put[home_destination(member)] = at
        return rows, put

    def _learn(self, members: int, seconds: float) -> None:
        """Make the next piece as large as this disk puts in the time that is wished for."""
        fitting = int(members * _WISHED / seconds) if seconds > 0 else AT_ONCE
        self._size = max(_FEWEST, min(fitting, 2 * members, AT_ONCE))
