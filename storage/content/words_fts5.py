"""The words of cases in SQLite: its full-text index FTS5.

It keeps a term after its row was deleted, so nothing is ever deleted from it: when words are erased or
change, it is built again from the cases that are left, in the same transaction.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Insert,
    column,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
)

from bot.domain.cases import Case, CaseState
from storage.content.tables import cases
from storage.content.words_index import BEGINS, SOURCE, Wanted, WordIndex

_ROWS: Final = table("case_words", column("rowid"), column("title"), column("question"), column("diagnosis"))
"""By the number of a case: its words. Columns can be matched and not read."""
_MATCHED: Final[ColumnClause[str]] = literal_column(_ROWS.name)
_WEIGHTS: Final = (2.0, 1.0, 4.0)
"""What a hit in the title, the question, the diagnosis is worth."""
_MADE: Final = """CREATE VIRTUAL TABLE case_words USING fts5(
title, question, diagnosis, content='case_texts', content_rowid='number',
tokenize='porter unicode61 remove_diacritics 2')"""


def _case_row(case: Case) -> Insert:
    words = {"rowid": case.number, "title": case.title, "question": case.question, "diagnosis": ""}
    return insert(_ROWS).values(words)


def _outcome_row(case: str, diagnosis: str) -> Insert:
    words = (-cases.c.number, cases.c.title, cases.c.question, literal(diagnosis))
    row = select(*words).where(cases.c.id == case, cases.c.state != CaseState.WITHDRAWN.value)
    return insert(_ROWS).from_select(["rowid", "title", "question", "diagnosis"], row)


def _matching(wanted: Wanted) -> ColumnElement[bool]:
    query = (" AND " if wanted.together else " OR ").join(map(_term, wanted.words))
    return _MATCHED.op("MATCH", is_comparison=True)(query)


def _rank(_wanted: Wanted) -> ColumnElement[Any]:
    return func.round(func.bm25(_MATCHED, *_WEIGHTS), 1)


def _term(word: str) -> str:
    """Write a word so that the index takes it for a word, whatever it is."""
    quoted = '"{}"'.format(word.replace('"', '""'))
    return f"{quoted}*" if len(word) >= BEGINS else quoted


INDEX: Final = WordIndex(
    made_by=(SOURCE, _MADE),
    rebuilt_by=("INSERT INTO case_words(case_words) VALUES ('rebuild')",),
    rows=_ROWS,
    number=_ROWS.c.rowid,
    case_row=_case_row,
    outcome_row=_outcome_row,
    matching=_matching,
    rank=_rank,
)
