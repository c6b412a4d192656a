"""Cases: posted, cleaned and approved, found by the number that members speak of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Row, Select, bindparam, delete, exists, insert, select, update

from bot.domain.cases import Case, CasePicture, CaseState
from bot.domain.details import Consent, Details
from bot.domain.languages import Language
from bot.domain.members import MemberId
from bot.domain.proposals import QuestionKind, Sex
from bot.domain.questions import EarlierQuestion, QuestionChange
from storage.columns import moment, ticks
from storage.connection import Connection
from storage.content import looks
from storage.content.numbers import next_number
from storage.content.tables import cases
from storage.content.withdrawn import forget_said
from storage.content.words import WordRows
from storage.prepared import Prepared

_COLUMNS: Final = tuple(column.name for column in cases.columns)
_BY_NUMBER: Final = Prepared(select(cases).where(cases.c.number == bindparam("which")))
_BY_ID: Final = Prepared(select(cases).where(cases.c.id == bindparam("which")))
_ADD: Final = Prepared(insert(cases), *_COLUMNS)
_REPLACE: Final = Prepared(
    update(cases)
    .where(cases.c.id == bindparam("id_"))
    .values({name: bindparam(f"{name}_") for name in _COLUMNS if name != "id"})
)
_IN_SIGHT: Final = cases.c.hidden_at.is_(None)
_DUE: Final = looks.due(cases, cases.c.look_at, _IN_SIGHT)
NEXT: Final = looks.following(cases.c.look_at, _IN_SIGHT)


class CaseRows:
    """Fills :class:`bot.domain.cases.Cases`. ``replaced_any`` says whether something may be due sooner."""

    def __init__(self, connection: Connection, words: WordRows) -> None:
        """Work on the connection's transaction; ``words`` is the index of what cases say."""
        self._connection = connection
        self._words = words
        self._known: dict[str | int, Case] = {}
        """What was read of one state and not changed since, by number and by id."""
        self.replaced_any = False

    async def next_number(self) -> int:
        """Give a fresh number, for a case or a poll."""
        return await next_number(self._connection)

    async def add(self, case: Case) -> None:
        """Keep a new case."""
        await self._connection.run(_ADD, _values(case))
        await self._words.add(case)

    async def remove(self, case: str) -> None:
        """Forget a case that was undone before anybody saw it."""
        await self._connection.execute(delete(cases).where(cases.c.id == case))
        self._words.outdate()
        self.look_anew()

    async def by_number(self, number: int) -> Case | None:
        """Find one by its number."""
        return await self._one(_BY_NUMBER, number)

    async def get(self, case: str) -> Case | None:
        """Find one by id."""
        return await self._one(_BY_ID, case)

    async def replace(self, case: Case) -> None:
        """Keep a changed case."""
        self.replaced_any = True
        if await self._says_otherwise(case):
            self._words.outdate()
        await self._connection.run(_REPLACE, {f"{name}_": value for name, value in _values(case).items()})
        self.look_anew()

    def look_anew(self) -> None:
        """Forget what was read before: rows of cases have changed."""
        self._known.clear()

    async def forget_said(self, case: str) -> None:
        """Erase the words of everything that was said about a case."""
        await forget_said(self._connection, case)

    async def open_cases(self, most: int) -> tuple[Case, ...]:
        """List open cases that nobody hides, newest first."""
        found = select(cases).where(cases.c.state == CaseState.OPEN.value, cases.c.hidden_at.is_(None))
        return await self._newest(found, most)

    async def by_author(self, members: Collection[MemberId], most: int) -> tuple[Case, ...]:
        """List a member's own cases, by all of the member's ids, newest first."""
        return await self._newest(select(cases).where(cases.c.author.in_(members)), most)

    async def due(self, now: datetime, most: int) -> tuple[Case, ...]:
        """List cases on which something is due, the longest due first; hidden ones wait."""
        return tuple(case_of(row) for row in await self._connection.run(_DUE, {"now": now, "most": most}))

    async def pictured_before(self, moment: datetime, most: int) -> tuple[Case, ...]:
        """List cases with pictures that were asked before a moment and have ended, the oldest first."""
        ended = cases.c.state.in_([CaseState.CLOSED.value, CaseState.RESOLVED.value])
        found = select(cases).where(ended, cases.c.posted_at < moment, cases.c.pictures != ())
        rows = await self._connection.execute(found.order_by(cases.c.number).limit(most))
        return tuple(case_of(row) for row in rows)

    async def _says_otherwise(self, case: Case) -> bool:
        """Say whether what the index holds of a case is another thing from now on."""
        kept = await self.get(case.id)
        return kept is not None and _findable(kept) != _findable(case)

    async def _one(self, found: Prepared, which: str | int) -> Case | None:
        if which in self._known:
            return self._known[which]
        row = (await self._connection.run(found, {"which": which})).first()
        if row is None:
            return None
        case = case_of(row)
        if self._connection.one_state:
            self._known[case.id] = self._known[case.number] = case
        return case

    async def _newest(self, found: Select[Any], most: int) -> tuple[Case, ...]:
        rows = await self._connection.execute(found.order_by(cases.c.number.desc()).limit(most))
        return tuple(case_of(row) for row in rows)


def of_one_in_sight(case: Column[str]) -> ColumnElement[bool]:
    """Match rows of a case that nobody hides."""
    return exists().where(cases.c.id == case, cases.c.hidden_at.is_(None))


def _findable(case: Case) -> tuple[str, str] | None:
    """Give what the index holds of a case; None where it holds nothing."""
    if case.hidden or case.state is CaseState.WITHDRAWN:
        return None
    return case.title, case.question


def _values(case: Case) -> dict[str, object]:
    return {
        "id": case.id,
        "number": case.number,
        "author": case.author,
        "title": case.title,
        "story": case.story,
        "question": case.question,
        "urgency": case.urgency,
        "posted_at": case.posted_at,
        "released_at": case.released_at,
        "pictures": tuple((one.media, one.alt, one.caption) for one in case.pictures),
        "state": case.state.value,
        "opinions": case.opinions,
        "comments": case.comments,
        "revision": case.revision,
        "statement": case.statement,
        "blind": case.blind,
        "revealed_at": case.revealed_at,
        "closes_at": case.closes_at,
        "look_at": case.look_at,
        **_details(case.details),
        "specialties": case.specialties,
        "rung": case.rung,
        "hidden_at": case.hidden_at,
        "locked": case.locked,
        "earlier_questions": tuple((one.text, ticks(one.until), one.opinions) for one in case.earlier),
        "next_question": _next_question(case.change),
    }


def _next_question(change: QuestionChange | None) -> tuple[object, ...] | None:
    if change is None:
        return None
    return (change.id, change.text, change.kind or "", ticks(change.due_at))


def _change_of(row: Row[Any]) -> QuestionChange | None:
    if row.next_question is None:
        return None
    ident, text, kind, due_at = row.next_question
    return QuestionChange(ident, row.id, text, QuestionKind(kind) if kind else None, moment(due_at))


def _details(details: Details) -> dict[str, object]:
    return {
        "age_band": details.age_band,
        "sex": details.sex or "",
        "question_kind": details.kind or "",
        "consent": details.consent.value,
        "interest": details.interest,
        "working": details.working,
        "language": details.language.value,
    }


def _details_of(row: Row[Any]) -> Details:
    """Read the details; a case of an earlier version has none."""
    return Details(
        row.age_band,
        Sex(row.sex) if row.sex else None,
        QuestionKind(row.question_kind) if row.question_kind else None,
        Consent(row.consent) if row.consent else Consent.NOT_NEEDED,
        row.interest,
        row.working,
        Language(row.language) if row.language else Language.ENGLISH,
    )


def case_of(row: Row[Any]) -> Case:
    """Read the row of a case."""
    return Case(
        id=row.id,
        number=row.number,
        author=MemberId(row.author),
        title=row.title,
        story=row.story,
        question=row.question,
        urgency=row.urgency,
        posted_at=row.posted_at,
        released_at=row.released_at,
        pictures=tuple(CasePicture(*picture) for picture in row.pictures),
        state=CaseState(row.state),
        opinions=row.opinions,
        comments=row.comments,
        revision=row.revision,
        statement=row.statement,
        blind=row.blind,
        revealed_at=row.revealed_at,
        closes_at=row.closes_at,
        look_at=row.look_at,
        details=_details_of(row),
        specialties=row.specialties,
        rung=row.rung,
        hidden_at=row.hidden_at,
        locked=row.locked,
        earlier=tuple(
            EarlierQuestion(text, moment(until), opinions) for text, until, opinions in row.earlier_questions
        ),
        change=_change_of(row),
    )
