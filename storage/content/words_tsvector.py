"""The words of cases in PostgreSQL: text search vectors under an index of their own.

Words are folded as SQLite's index folds them: accents go, whatever is no letter and no digit parts words, and
English endings go by the Snowball stemmer; no word is too common to be found.
"""

from __future__ import annotations

import re
from typing import Any, Final
from unicodedata import normalize

from sqlalchemy import (
    ColumnElement,
    Insert,
    Numeric,
    cast,
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

_ROWS: Final = table("case_words", column("number"), column("words"))
_WEIGHTS: Final[ColumnElement[Any]] = literal_column("'{0, 0.25, 0.5, 1}'::float4[]")
"""What a hit in the question (C), the title (B), the diagnosis (A) is worth."""
_WORD: Final = re.compile(r"[^\W_]+")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")

_FOLDED: Final = r"""CREATE FUNCTION curbside_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
SELECT regexp_replace(regexp_replace(normalize(said, NFD), '[\u0300-\u036f]', '', 'g'),
'[^[:alnum:]]+', ' ', 'g') $$"""
_VECTOR: Final = """CREATE FUNCTION curbside_words(title text, question text, diagnosis text)
RETURNS tsvector LANGUAGE sql STABLE AS $$
SELECT setweight(to_tsvector('curbside', curbside_folded(title)), 'B')
|| setweight(to_tsvector('curbside', curbside_folded(question)), 'C')
|| setweight(to_tsvector('curbside', curbside_folded(diagnosis)), 'A') $$"""
_MADE: Final = (
    SOURCE,
    "CREATE TEXT SEARCH DICTIONARY curbside_endings (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION curbside (COPY = simple)",
    """ALTER TEXT SEARCH CONFIGURATION curbside
    ALTER MAPPING FOR asciiword, word, numword WITH curbside_endings""",
    _FOLDED,
    _VECTOR,
    "CREATE TABLE case_words (number bigint PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX ix_case_words_words ON case_words USING gin (words)",
)
_REBUILT: Final = (
    "DELETE FROM case_words",
    "INSERT INTO case_words SELECT number, curbside_words(title, question, diagnosis) FROM case_texts",
)


def _case_row(case: Case) -> Insert:
    words = func.curbside_words(case.title, case.question, "")
    return insert(_ROWS).values(number=case.number, words=words)


def _outcome_row(case: str, diagnosis: str) -> Insert:
    words = func.curbside_words(cases.c.title, cases.c.question, literal(diagnosis))
    row = select(-cases.c.number, words).where(cases.c.id == case, cases.c.state != CaseState.WITHDRAWN.value)
    return insert(_ROWS).from_select(["number", "words"], row)


def _matching(wanted: Wanted) -> ColumnElement[bool]:
    return _ROWS.c.words.op("@@", is_comparison=True)(_query(wanted))


def _rank(wanted: Wanted) -> ColumnElement[Any]:
    rank = func.ts_rank(_WEIGHTS, _ROWS.c.words, _query(wanted))
    return -func.round(cast(rank, Numeric), 1)


def _query(wanted: Wanted) -> ColumnElement[Any]:
    terms = [term for term in map(_term, wanted.words) if term]
    return func.to_tsquery(
        literal_column("'curbside'::regconfig"), (" & " if wanted.together else " | ").join(terms)
    )


def _term(word: str) -> str:
    """Write what is typed as words that follow each other; the last one may go on."""
    parts = _WORD.findall(_ACCENTS.sub("", normalize("NFD", word)))
    written = " <-> ".join(parts)
    return f"({written}:*)" if parts and len(word) >= BEGINS else f"({written})" if parts else ""


INDEX: Final = WordIndex(
    made_by=_MADE,
    rebuilt_by=_REBUILT,
    rows=_ROWS,
    number=_ROWS.c.number,
    case_row=_case_row,
    outcome_row=_outcome_row,
    matching=_matching,
    rank=_rank,
)
