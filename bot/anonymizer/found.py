"""What a check finds in a submission, before findings are merged, numbered and given surrogates."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.anonymizer.cleaned import Category, Tier

if TYPE_CHECKING:
    from bot.anonymizer.submission import Submission


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch of one normalised field; `role` says whose or what it is, for the surrogate (`patient`)."""

    field: str
    start: int
    end: int
    category: Category
    tier: Tier
    reason: str
    role: str = ""


class TextCheck(Protocol):
    """One kind of look at a submission; it must report everything or raise."""

    @property
    def name(self) -> str:
        """The check's name for people, in `ran` and `failed`."""

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterable[Found]:
        """Return what this check finds; `before` is what the checks before it found."""
