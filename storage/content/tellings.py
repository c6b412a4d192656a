"""Tellings inside a unit of work: kept as lists, and changed while some have no delivery yet."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from bot.domain.members import ID_BYTES, MemberId, unlisted
from bot.domain.standing import Standing
from bot.ports.outbox import Telling, Told
from bot.ports.sealing import Sealer
from storage.connection import Connection
from storage.content.deliveries import cards_of_telling, seal_telling, words_told
from storage.content.schedule import NEWEST
from storage.content.telling_tables import listed_members, tellings
from storage.prepared import Prepared

AT_ONCE: Final = 1000
"""Members in one row of a list."""
_PIECE: Final = AT_ONCE * ID_BYTES
_SHARE: Final = 2**32
_MICROSECOND: Final = timedelta(microseconds=1)

_KEEP: Final = Prepared(insert(tellings), "id", "after", "key", "subject", "sealed", "release_at", "within")
_LIST: Final = Prepared(insert(listed_members), "telling", "members")
_ABOUT: Final = Prepared(select(tellings).where(tellings.c.subject == bindparam("about")))
_MEMBERS: Final = Prepared(
    select(listed_members.c.row, listed_members.c.members)
    .where(listed_members.c.telling == bindparam("which"))
    .order_by(listed_members.c.row)
)
_CHANGE: Final = Prepared(
    update(listed_members).where(listed_members.c.row == bindparam("which")).values(members=bindparam("rest"))
)
_DROP: Final = Prepared(delete(listed_members).where(listed_members.c.row == bindparam("which")))
_REST: Final = Prepared(
    select(listed_members.c.row).where(listed_members.c.telling == bindparam("which")).limit(1)
)
_END: Final = Prepared(delete(tellings).where(tellings.c.id == bindparam("which")))


class TellingRows:
    """What is told by lists. Whoever is on one was told nothing yet, and nobody tried to."""

    def __init__(self, connection: Connection, sealer: Sealer, new_id: Callable[[], str]) -> None:
        """Work on the connection's transaction."""
        self._connection = connection
        self._sealer = sealer
        self._new_id = new_id
        self.kept_any = False
        """Whether deliveries are to be made of a list once this is committed."""

    async def keep(self, telling: Telling, members: bytes) -> None:
        """Keep whom a telling is still to reach."""
        ident = self._new_id()
        values = {
            "id": ident,
            "after": (await self._connection.run(NEWEST)).scalar(),
            "key": telling.key,
            "subject": telling.subject,
            "sealed": seal_telling(self._sealer, ident, words_told(telling.card, telling.quiet)),
            "release_at": telling.release_at,
            "within": microseconds_of(telling),
        }
        await self._connection.run(_KEEP, values)
        pieces = range(0, len(members), _PIECE)
        rows = [{"telling": ident, "members": members[at : at + _PIECE]} for at in pieces]
        await self._connection.run_aside(_LIST, rows)
        self.kept_any = True

    async def told(self, subject: str) -> list[MemberId]:
        """List the members who are still to be told of a subject."""
        return [
            member
            for telling in await self._about(subject)
            for row in (await self._connection.run(_MEMBERS, {"which": telling.id})).all()
            for member in unlisted(row.members)
        ]

    async def cancel(self, subject: str) -> bool:
        """Forget what is still to be told about a subject, and to whom; say whether it was anything."""
        found = await self._about(subject)
        if found:
            # In the thread: a list may be long, and what is deleted is overwritten.
            await self._connection.execute(delete(tellings).where(tellings.c.subject == subject))
        return bool(found)

    async def cut(self, member: MemberId) -> None:
        """Leave a member out of all that is still to be told."""
        await self._cut(member, (await self._connection.execute(select(tellings.c.id))).scalars().all())

    async def take(self, member: MemberId, subjects: Collection[str]) -> list[Told]:
        """Cut a member out of what is still to be told about some subjects, and give what that was."""
        found = [telling for subject in subjects for telling in await self._about(subject)]
        taken = await self._cut(member, [telling.id for telling in found])
        return [self._told(telling, member) for telling in found if telling.id in taken]

    async def _about(self, subject: str) -> Sequence[Row[Any]]:
        found: Sequence[Row[Any]] = (await self._connection.run(_ABOUT, {"about": subject})).all()
        return found

    async def _cut(self, member: MemberId, among: Sequence[str]) -> set[str]:
        """Cut a member out of lists; gives the tellings in which it was."""
        cut = set()
        for telling in among:
            for row in (await self._connection.run(_MEMBERS, {"which": telling})).all():
                rest = _without(row.members, member)
                if rest is not None:
                    cut.add(telling)
                    await put_rest(self._connection, row.row, rest)
            await end(self._connection, telling)
        return cut

    def _told(self, telling: Row[Any], member: MemberId) -> Told:
        card, quiet = cards_of_telling(self._sealer, telling.id, telling.sealed)
        at = moment_within(telling.release_at, telling.within, self._new_id)
        return Told(member, card, quiet, telling.key, at, telling.subject)


def microseconds_of(telling: Telling) -> int:
    """Give within how many microseconds after its release a telling leaves."""
    return round(telling.within * 1_000_000)


def moment_within(release_at: datetime, microseconds: int, new_id: Callable[[], str]) -> datetime:
    """Draw a moment, as likely as any other, up to so many microseconds after a release."""
    if not microseconds:
        return release_at
    return release_at + microseconds * int(new_id()[:8], 16) // _SHARE * _MICROSECOND


async def put_rest(connection: Connection, row: int, rest: bytes) -> None:
    """Keep who is left of a row of a list."""
    if rest:
        await connection.run(_CHANGE, {"which": row, "rest": rest})
    else:
        await connection.run(_DROP, {"which": row})


async def end(connection: Connection, telling: str) -> bool:
    """Forget a telling of whose list nobody is left; say whether that is so."""
    if (await connection.run(_REST, {"which": telling})).first() is not None:
        return False
    await connection.run(_END, {"which": telling})
    return True


async def count_listed(connection: Connection) -> int:
    """Count who is still to be told of something, once for each telling."""
    size = func.coalesce(func.sum(func.length(listed_members.c.members)), 0)
    found: int = (await connection.execute(select(size))).scalar_one()
    return found // ID_BYTES


def stopped_among(standings: Iterable[tuple[MemberId, Standing]], now: datetime) -> set[MemberId]:
    """Give those who are told nothing now."""
    return {member for member, standing in standings if standing.at(now).stops}


def _without(members: bytes, member: MemberId) -> bytes | None:
    """Take a member out of a row of a list; None where they are not in it."""
    wanted = bytes.fromhex(member)
    at = members.find(wanted)
    while at >= 0 and at % ID_BYTES:
        at = members.find(wanted, at + 1)
    return None if at < 0 else members[:at] + members[at + ID_BYTES :]
