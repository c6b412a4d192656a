"""Outcomes by case, and the places that opinions gave them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, delete, select
from sqlalchemy.dialects.postgresql import insert

from bot.domain.cases import CaseState
from bot.domain.members import MemberId
from bot.domain.opinions import Confidence
from bot.domain.outcomes import Certainty, Outcome, Scored
from storage.connection import Connection
from storage.content import looks
from storage.content.cases import of_one_in_sight
from storage.content.ending_tables import outcomes, scores
from storage.content.tables import cases, opinion_versions, opinions
from storage.content.words import WordRows
from storage.content.words_index import STANDS

_IN_SIGHT: Final = of_one_in_sight(outcomes.c.case)
_DUE: Final = looks.due(outcomes, outcomes.c.look_at, _IN_SIGHT)
NEXT: Final = looks.following(outcomes.c.look_at, _IN_SIGHT)


class OutcomeRows:
    """Fills :class:`bot.domain.outcomes.Outcomes`."""

    def __init__(self, connection: Connection, words: WordRows) -> None:
        """Work on the connection's transaction; diagnoses are among the words that can be found."""
        self._connection = connection
        self._words = words

    async def of_case(self, case: str) -> Outcome | None:
        """Find the outcome of a case."""
        return await self._one(select(outcomes).where(outcomes.c.case == case))

    async def get(self, outcome: str) -> Outcome | None:
        """Find one by id."""
        return await self._one(select(outcomes).where(outcomes.c.id == outcome))

    async def _one(self, found: Select[Any]) -> Outcome | None:
        row = (await self._connection.execute(found)).first()
        return None if row is None else outcome_of(row)

    async def put(self, outcome: Outcome) -> None:
        """Keep an outcome in place of the case's earlier one."""
        values = {name: getattr(outcome, name) for name in Outcome.__slots__}
        values["certainty"] = outcome.certainty.value
        before = await self._findable(outcome.case)
        kept = insert(outcomes).values(values)
        await self._connection.execute(kept.on_conflict_do_update(index_elements=["case"], set_=values))
        await self._reword(outcome.case, before)

    async def remove(self, case: str) -> None:
        """Forget the outcome of a case with its scores: it was undone."""
        before = await self._findable(case)
        await self.score(case, {})
        await self._connection.execute(delete(outcomes).where(outcomes.c.case == case))
        await self._reword(case, before)

    async def _findable(self, case: str) -> str:
        """Give the diagnosis by which a case can be found; empty while there is none."""
        found = select(outcomes.c.diagnosis).where(outcomes.c.case == case, STANDS)
        return str((await self._connection.execute(found)).scalar() or "")

    async def _reword(self, case: str, before: str) -> None:
        """Bring the index up to date: it takes a first diagnosis in, and is built again to forget one."""
        now = await self._findable(case)
        if before and now != before:
            self._words.outdate()
        elif now and not before:
            await self._words.add_outcome(case, now)

    async def due(self, now: datetime, most: int) -> tuple[Outcome, ...]:
        """List those of which people are to hear, the longest due first; those of hidden cases wait."""
        late = await self._connection.run(_DUE, {"now": now, "most": most})
        return tuple(outcome_of(row) for row in late)

    async def score(self, case: str, ranks: Mapping[str, int]) -> None:
        """Keep the place of the diagnosis in each opinion, and no earlier ones."""
        on_it = select(opinions.c.id).where(opinions.c.case == case)
        await self._connection.execute(delete(scores).where(scores.c.opinion.in_(on_it)))
        for opinion, rank in ranks.items():
            await self._connection.execute(insert(scores).values(opinion=opinion, rank=rank))

    async def ranks(self, case: str) -> Mapping[str, int]:
        """Give the places that were kept for a case, by opinion."""
        found = (
            select(scores).join(opinions, opinions.c.id == scores.c.opinion).where(opinions.c.case == case)
        )
        return {row.opinion: row.rank for row in await self._connection.execute(found)}

    async def scored(self, *members: MemberId) -> tuple[Scored, ...]:
        """List the independent opinions of a member on resolved cases, as they were first given."""
        first = opinion_versions.c
        found = (
            select(scores.c.rank, first.confidence)
            .join(opinions, opinions.c.id == scores.c.opinion)
            .join(opinion_versions, (first.opinion == opinions.c.id) & (first.revision == 0))
            .join(cases, cases.c.id == opinions.c.case)
            .where(opinions.c.member.in_(members), opinions.c.independent)
            .where(cases.c.state == CaseState.RESOLVED.value)
        )
        rows = await self._connection.execute(found)
        return tuple(Scored(row.rank, Confidence(row.confidence) if row.confidence else None) for row in rows)


def outcome_of(row: Row[Any]) -> Outcome:
    """Read the row of an outcome."""
    return Outcome(
        id=row.id,
        case=row.case,
        certainty=Certainty(row.certainty),
        diagnosis=row.diagnosis,
        how=row.how,
        lesson=row.lesson,
        told_at=row.told_at,
        revision=row.revision,
        look_at=row.look_at,
        group_rank=row.group_rank,
    )
