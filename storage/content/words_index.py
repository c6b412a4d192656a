"""What an index of the words of cases is made of, whichever database it lies in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnClause, ColumnElement, Insert, TableClause

from bot.domain.cases import Case
from bot.domain.outcomes import Certainty
from storage.content.ending_tables import outcomes

STANDS: Final = (outcomes.c.certainty != Certainty.UNKNOWN.value) & outcomes.c.look_at.is_(None)
"""Which outcomes can be found: diagnoses that all who answered were told."""

SOURCE: Final = """CREATE VIEW case_texts AS
SELECT number, title, question, '' AS diagnosis FROM cases
WHERE state <> 'withdrawn' AND hidden_at IS NULL
UNION ALL SELECT -number AS number, title, question, diagnosis
FROM cases JOIN outcomes
ON outcomes."case" = cases.id AND outcomes.certainty <> 'unknown' AND outcomes.look_at IS NULL
WHERE state <> 'withdrawn' AND hidden_at IS NULL"""
"""What the index is built from: the words of a case, and again with its outcome, once all were told."""

BEGINS: Final = 3
"""Letters from which on a word also finds those that begin with it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Words that somebody looks for; ``together`` where all of them have to be there."""

    words: Sequence[str]
    together: bool


@dataclass(frozen=True, slots=True)
class WordIndex:
    """One kind of index: the statements that make it and build it anew, and how it is filled and asked.

    ``number`` is the column of ``rows`` with the number of a case, below 0 where a row has the outcome too.
    The lower the ``rank``, the better; it is rounded, so that among cases that match alike the newest comes
    first.
    """

    made_by: Sequence[str]
    rebuilt_by: Sequence[str]
    rows: TableClause
    number: ColumnClause[int]
    case_row: Callable[[Case], Insert]
    outcome_row: Callable[[str, str], Insert]
    matching: Callable[[Wanted], ColumnElement[bool]]
    rank: Callable[[Wanted], ColumnElement[Any]]
