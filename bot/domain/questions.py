"""Questions that change: what a case asked before, and what it is to ask soon."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.domain.proposals import QuestionKind, propose

LONGEST_QUESTION: Final = 300
"""Characters of a question."""
AS_PROPOSED: Final = "as the question says"
"""The choice of a kind that follows the question's words."""


@dataclass(frozen=True, slots=True)
class EarlierQuestion:
    """A question that a case asked until ``until``; ``opinions`` had been given by then."""

    text: str
    until: datetime
    opinions: int


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """A question that takes the place of a case's at ``due_at``, when it cannot be undone any more."""

    id: str
    case: str
    text: str
    kind: QuestionKind | None
    due_at: datetime

    @property
    def subject(self) -> str:
        """What ``undo`` remembers it by; nothing is ever posted under it."""
        return f"question:{self.id}:{self.case}"


def kind_of(chosen: str, question: str) -> QuestionKind | None:
    """Give the kind that was chosen, or the one that a question's own words propose."""
    return QuestionKind(chosen) if chosen in set(QuestionKind) else propose("", question).kind
