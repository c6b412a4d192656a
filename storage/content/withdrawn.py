"""Withdrawn cases: what was said about them is erased, and what is counted stays."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Table, delete, select, update

from storage.connection import Connection
from storage.content.ending_tables import bucket_changes, outcomes, updates
from storage.content.tables import comments, opinion_versions, opinions

_OF_OPINIONS: Final[dict[str, Any]] = {
    "diagnoses": (),
    "must_not_miss": (),
    "next_step": "",
    "remark": "",
    "change_mind": "",
    "specialist": "",
}
_WORDS: Final[tuple[tuple[Table, dict[str, Any]], ...]] = (
    (opinions, _OF_OPINIONS),
    (comments, {"text": ""}),
    (updates, {"text": ""}),
    (outcomes, {"diagnosis": "", "how": "", "lesson": ""}),
)


async def forget_said(connection: Connection, case: str) -> None:
    """Erase the words of all opinions, comments, updates and the outcome of a case, and names put together.

    Who gave an opinion, when, and how sure are no words and stay, as the number of opinions does.
    """
    for table, nothing in _WORDS:
        await connection.execute(update(table).where(table.c.case == case).values(nothing))
    given = select(opinions.c.id).where(opinions.c.case == case)
    versions = update(opinion_versions).where(opinion_versions.c.opinion.in_(given))
    await connection.execute(versions.values(_OF_OPINIONS))
    await connection.execute(delete(bucket_changes).where(bucket_changes.c.case == case))
