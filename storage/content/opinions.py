"""Opinions by case: numbered within it, and one of each member at most."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Row, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.domain.members import MemberId
from bot.domain.opinions import Confidence, Opinion
from storage.connection import Connection
from storage.content.tables import opinion_versions, opinions, readings
from storage.prepared import Prepared

_ON_CASE: Final = opinions.c.case == bindparam("about")
_LAST: Final = Prepared(select(func.coalesce(func.max(opinions.c.number), 0)).where(_ON_CASE))
_ADD: Final = Prepared(insert(opinions), *Opinion.__slots__)
_GET: Final = Prepared(select(opinions).where(opinions.c.id == bindparam("which")))
_OF_MEMBER: Final = Prepared(select(opinions).where(_ON_CASE, opinions.c.member == bindparam("whose")))
_OF_CASE: Final = Prepared(select(opinions).where(_ON_CASE).order_by(opinions.c.number))
_SHOWN: Final = Prepared(select(opinions).where(_ON_CASE, ~opinions.c.hidden).order_by(opinions.c.number))
_READERS: Final = Prepared(
    select(readings.c.member).where(readings.c.case == bindparam("about")).order_by(readings.c.member)
)


class OpinionRows:
    """Fills :class:`bot.domain.opinions.Opinions`."""

    def __init__(self, connection: Connection) -> None:
        """Work on the connection's transaction."""
        self._connection = connection

    async def next_number(self, case: str) -> int:
        """Give the number of the next opinion on a case, from 1."""
        highest: int = (await self._connection.run(_LAST, {"about": case})).scalar()
        return highest + 1

    async def add(self, opinion: Opinion) -> None:
        """Keep a new opinion."""
        await self._connection.run(_ADD, _values(opinion))
        await self._keep_version(opinion)

    async def replace(self, opinion: Opinion) -> None:
        """Keep a changed opinion."""
        changed = update(opinions).where(opinions.c.id == opinion.id).values(_values(opinion))
        await self._connection.execute(changed)
        await self._keep_version(opinion)

    async def mark(self, opinion: Opinion) -> None:
        """Keep whether an opinion is hidden; what it says is as it was."""
        marked = update(opinions).where(opinions.c.id == opinion.id).values(hidden=opinion.hidden)
        await self._connection.execute(marked)

    async def remove(self, opinion: str) -> None:
        """Forget an opinion that was undone before anybody saw it."""
        await self._connection.execute(delete(opinions).where(opinions.c.id == opinion))

    async def get(self, opinion: str) -> Opinion | None:
        """Find one by id."""
        row = (await self._connection.run(_GET, {"which": opinion})).first()
        return None if row is None else opinion_of(row)

    async def of_member(self, case: str, *members: MemberId) -> Opinion | None:
        """Find the opinion that a member (by one or several ids) gave on a case."""
        for member in members:
            row = (await self._connection.run(_OF_MEMBER, {"about": case, "whose": member})).first()
            if row is not None:
                return opinion_of(row)
        return None

    async def of_case(self, case: str, *, hidden: bool = False) -> tuple[Opinion, ...]:
        """List a case's opinions in order of their numbers; with ``hidden`` those too that are hidden."""
        rows = await self._connection.run(_OF_CASE if hidden else _SHOWN, {"about": case})
        return tuple(opinion_of(row) for row in rows)

    async def first_versions(self, case: str) -> tuple[Opinion, ...]:
        """List a case's opinions that are not hidden as each was first given, in order of their numbers."""
        first = opinion_versions.c
        found = (
            select(opinions, *(first[name].label(f"first_{name}") for name in _SAID))
            .join(opinion_versions, (first.opinion == opinions.c.id) & (first.revision == 0))
            .where(opinions.c.case == case, ~opinions.c.hidden)
            .order_by(opinions.c.number)
        )
        return tuple(_first(row) for row in await self._connection.execute(found))

    async def reads(self, case: str, *members: MemberId) -> bool:
        """Say whether a member (by one or several ids) chose to just read a case."""
        found = select(readings.c.case).where(readings.c.case == case, readings.c.member.in_(members))
        return (await self._connection.execute(found)).first() is not None

    async def note_reader(self, case: str, member: MemberId) -> None:
        """Note that a member chose to just read a case; a second time changes nothing."""
        reader = insert(readings).values(case=case, member=member)
        await self._connection.execute(reader.on_conflict_do_nothing())

    async def readers(self, case: str) -> tuple[MemberId, ...]:
        """List who chose to just read a case."""
        found = await self._connection.run(_READERS, {"about": case})
        return tuple(MemberId(member) for member in found.scalars())

    async def _keep_version(self, opinion: Opinion) -> None:
        said = {name: value for name, value in _values(opinion).items() if name in _SAID}
        version = {"opinion": opinion.id, "revision": opinion.revision, **said}
        await self._connection.run(_KEEP_VERSION, version)


_SAID: Final = (
    "diagnoses",
    "next_step",
    "remark",
    "confidence",
    "must_not_miss",
    "change_mind",
    "specialist",
)
"""What a version of an opinion says."""
_KEEP_VERSION: Final = Prepared(insert(opinion_versions), "opinion", "revision", *_SAID)


def _values(opinion: Opinion) -> dict[str, object]:
    values = {name: getattr(opinion, name) for name in Opinion.__slots__}
    return {**values, "confidence": opinion.confidence.value if opinion.confidence else ""}


def opinion_of(row: Row[Any]) -> Opinion:
    """Read the row of an opinion."""
    return Opinion(
        id=row.id,
        case=row.case,
        number=row.number,
        member=MemberId(row.member),
        diagnoses=row.diagnoses,
        next_step=row.next_step,
        remark=row.remark,
        given_at=row.given_at,
        revision=row.revision,
        confidence=_confidence(row.confidence),
        must_not_miss=row.must_not_miss,
        change_mind=row.change_mind,
        specialist=row.specialist,
        shown=row.shown,
        independent=row.independent,
        waits_until=row.waits_until,
        hidden=row.hidden,
    )


def _first(row: Row[Any]) -> Opinion:
    return replace(
        opinion_of(row),
        diagnoses=row.first_diagnoses,
        next_step=row.first_next_step,
        remark=row.first_remark,
        revision=0,
        confidence=_confidence(row.first_confidence),
        must_not_miss=row.first_must_not_miss,
        change_mind=row.first_change_mind,
        specialist=row.first_specialist,
    )


def _confidence(kept: str) -> Confidence | None:
    return Confidence(kept) if kept else None
