"""Search: what somebody types, as plain words; which cases they may find."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol

from bot.domain.cases import Case, CaseState

MOST_WORDS: Final = 20
"""How many different words of a request are looked for."""
FINDABLE: Final = (CaseState.OPEN, CaseState.CLOSED, CaseState.RESOLVED)
"""States of a case that a search may show; every other one is as good as gone."""

_WORD: Final = re.compile(r"[^\W_]+")


def search_words(typed: str) -> tuple[str, ...]:
    """Give the first different words of what was typed, folded; signs and emoji are none."""
    folded = unicodedata.normalize("NFKC", typed).casefold()
    return tuple(dict.fromkeys(_WORD.findall(folded)))[:MOST_WORDS]


def begins_words(wanted: Sequence[str], text: str) -> bool:
    """Say whether each wanted word begins a word of a text."""
    said = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return all(any(one.startswith(word) for one in said) for word in wanted)


def is_about(case: Case, wanted: Sequence[str]) -> bool:
    """Say whether a case is about a field of medicine: it asks for it, or its author's words name it.

    A language counts as a field: ``open german``.
    """
    return begins_words(
        wanted, " ".join((case.title, case.question, *case.specialties, case.details.language))
    )


class Search(Protocol):
    """The words of cases: titles, questions, and how they turned out."""

    async def cases(self, words: Sequence[str], now: datetime, most: int) -> tuple[Case, ...]:
        """Find cases that stand in the rooms, by plain words, the best match first, then the newest.

        Cases with all words, or, where there are none, those with any.
        """
        ...
