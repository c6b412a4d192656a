"""What was merged and split in a case's collective list: each change stays; one taken back counts no more."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class ChangeKind(StrEnum):
    """What was done to the list."""

    MERGE = "merge"
    SPLIT = "split"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A diagnosis as the list knew it: its key, its name, and its identifier or an empty string."""

    key: str
    name: str
    mesh: str = ""


@dataclass(frozen=True, slots=True)
class BucketChange:
    """One change: ``source`` was put together with ``into``, or was taken apart into ``texts``.

    ``number`` counts the changes of a case from 1, in their order.
    """

    case: str
    number: int
    kind: ChangeKind
    source: Labelled
    into: Labelled | None = None
    texts: tuple[str, ...] = ()
    by_moderator: bool = False
    taken_back: bool = False


class BucketChanges(Protocol):
    """Changes by case."""

    async def of_case(self, case: str) -> tuple[BucketChange, ...]:
        """List a case's changes in their order, those taken back too."""
        ...

    async def add(self, change: BucketChange) -> None:
        """Keep a new one."""
        ...

    async def take_back(self, change: BucketChange) -> None:
        """Mark one as taken back."""
        ...
