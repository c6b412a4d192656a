"""Standings: sealed, under a keyed hash of the member, so that no disk tells who was stopped, or why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from bot.chat.shapes import TEXT, TRUTH, Shape, each, optional, pack, record, unpack, word_of
from bot.domain.members import MemberId
from bot.domain.standing import Cause, Standing, Stop
from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content.erasure import Erasure
from storage.content.tables import standings
from storage.prepared import Prepared
from storage.upsert import upsert

_SIZE: Final = 5000
"""Bytes of every standing: room for four stops with a moderator's words, so that a length tells nothing."""
_MOMENT: Final = Shape(
    lambda value: value.isoformat(), lambda value: datetime.fromisoformat(TEXT.read(value))
)
_STOP: Final = record(
    Stop,
    cause=word_of(Cause),
    said=TEXT,
    until=optional(_MOMENT),
    by=TEXT,
    second=TEXT,
    lifting=TEXT,
    appealed=TRUTH,
    name=TEXT,
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is sealed: whose it is, since nothing else in the row says it, and what stops them."""

    member: str
    stops: tuple[Stop, ...]


_KEPT: Final = record(_Kept, member=TEXT, stops=each(_STOP))


_GET: Final = Prepared(select(standings.c.sealed).where(standings.c.key == bindparam("index")))


class StandingRows:
    """Fills :class:`bot.domain.standing.Standings`."""

    def __init__(self, connection: Connection, sealer: Sealer, erasure: Erasure) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer
        self._erasure = erasure

    async def get(self, member: MemberId) -> Standing:
        """Open a member's standing; whoever has no row was never stopped."""
        index = self._index(member)
        sealed: bytes | None = (await self._connection.run(_GET, {"index": index})).scalar()
        return Standing() if sealed is None else Standing(self._open(index, sealed).stops)

    async def put(self, member: MemberId, standing: Standing) -> None:
        """Seal and keep a standing, or forget one without stops."""
        index = self._index(member)
        if not standing.stops:
            gone = await self._connection.execute(delete(standings).where(standings.c.key == index))
            self._erasure.owed |= gone.rowcount > 0
            return
        payload = pack("standing", _KEPT, _Kept(member, standing.stops)).ljust(_SIZE)
        sealed = self._sealer.seal(payload, _place(index))
        await upsert(self._connection, standings, {"key": index}, {"sealed": sealed})

    async def all(self) -> tuple[tuple[MemberId, Standing], ...]:
        """Open all."""
        rows = await self._connection.execute(select(standings.c.key, standings.c.sealed))
        kept = [self._open(row.key, row.sealed) for row in rows]
        return tuple((MemberId(one.member), Standing(one.stops)) for one in kept)

    def _open(self, index: bytes, sealed: bytes) -> _Kept:
        return unpack("standing", _KEPT, self._sealer.open(sealed, _place(index)), _Kept)

    def _index(self, member: MemberId) -> bytes:
        return self._sealer.index("standing", member)


def _place(index: bytes) -> str:
    return f"standings|sealed|{index.hex()}"
