"""What a summary shows of a case's opinions: the list, agreement, minority views, next steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.collective.changes import NO_CHANGES, Bucket, Changes
from bot.collective.naming import Namer
from bot.collective.ranking import CollectiveList, Placed, Ranked, placed, ranked

TOO_FEW: Final = "Too few opinions for a group answer."
OTHER: Final = "other"

FEWEST: Final = 3
"""Opinions from which there is a group answer."""
SMALLEST_CELL: Final = 3
"""Responders of one specialty from which their number is shown."""
_MOST_SHOWN: Final = 5
_STRONG: Final = 0.7
_MODERATE: Final = 0.4

Confidence = Literal["very likely", "likely", "possible", "unsure"]
AgreementWord = Literal["strong", "moderate", "split"]
_SURE_ENOUGH: Final = frozenset({"very likely", "likely"})


@dataclass(frozen=True, slots=True)
class Opinion:
    """What counts of one physician's opinion; `confidence` is that in the first diagnosis.

    `must_not_miss` are those of the diagnoses, as typed, that are marked so. An opinion that came after the
    reveal is not independent and does not count.
    """

    diagnoses: tuple[str, ...] = ()
    confidence: Confidence | None = None
    must_not_miss: tuple[str, ...] = ()
    next_step: str | None = None
    specialty: str = OTHER
    independent: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """One of the top diagnoses: which share of all responders named it, how many of them first."""

    bucket: Bucket
    share: float
    first: int


@dataclass(frozen=True, slots=True)
class MinorityView:
    """A diagnosis that must stand in the summary: one responder's own first, or marked so by how many."""

    bucket: Bucket
    alone: bool
    must_not_miss: int


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """The summary of a case; counts only, nothing of who ranked what.

    With fewer than three opinions there is no group answer: everything but `responders` is empty.
    """

    responders: int
    top: tuple[Shown, ...] = ()
    agreement: float | None = None
    minority: tuple[MinorityView, ...] = ()
    next_steps: tuple[tuple[str, int], ...] = ()
    specialties: tuple[tuple[str, int], ...] = ()
    changes: Changes = NO_CHANGES
    ranking: tuple[Ranked, ...] = ()
    """All of the list, of which `top` is the beginning."""

    @property
    def too_few(self) -> bool:
        """Whether there are too few opinions for a group answer."""
        return self.responders < FEWEST

    @property
    def must_not_miss(self) -> tuple[MinorityView, ...]:
        """The diagnoses that somebody marked as not to be missed."""
        return tuple(view for view in self.minority if view.must_not_miss)


def group_answer(
    opinions: Iterable[Opinion], *, changes: Changes = NO_CHANGES, by: Namer | None = None
) -> GroupAnswer:
    """Return what the independent opinions of a case say together, in whatever order they came."""
    counted = [opinion for opinion in opinions if opinion.independent]
    if len(counted) < FEWEST:
        return GroupAnswer(len(counted))
    rows = placed((opinion.diagnoses for opinion in counted), changes=changes, by=by)
    whole = ranked(rows)
    return GroupAnswer(
        len(counted),
        top=_top(whole, len(counted)),
        agreement=whole.agreement,
        minority=_minority(whole, counted, rows),
        next_steps=_tally(opinion.next_step for opinion in counted if opinion.next_step),
        specialties=specialty_cells(opinion.specialty for opinion in counted),
        changes=changes,
        ranking=whole.ranking,
    )


def agreement_word(agreement: float | None) -> AgreementWord | None:
    """Return the word for how far responders agree; None where there is no figure."""
    if agreement is None:
        return None
    if agreement >= _STRONG:
        return "strong"
    return "moderate" if agreement >= _MODERATE else "split"


def specialty_cells(specialties: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """Return responders by specialty; those of small cells stand together as "other".

    Where that would be a small cell too, the next smallest joins it: no shown number is of one or two, unless
    there are no more responders than that.
    """
    cells = Counter(specialties)
    other = cells.pop(OTHER, 0)
    for name, count in sorted(cells.items(), key=lambda cell: (cell[1], cell[0])):
        if count < SMALLEST_CELL or 0 < other < SMALLEST_CELL:
            other += cells.pop(name)
    shown = tuple(sorted(cells.items(), key=lambda cell: (-cell[1], cell[0])))
    return (*shown, (OTHER, other)) if other else shown


def _top(whole: CollectiveList, responders: int) -> tuple[Shown, ...]:
    return tuple(Shown(row.bucket, row.voters / responders, row.first) for row in whole.ranking[:_MOST_SHOWN])


def _minority(
    whole: CollectiveList, opinions: Sequence[Opinion], rows: Sequence[Sequence[Placed]]
) -> tuple[MinorityView, ...]:
    """Return what one responder alone put first with some confidence, and what anyone marked; as ranked."""
    alone = _sure_firsts(opinions, rows)
    marked = _marked(opinions, rows)
    return tuple(
        MinorityView(row.bucket, row.first == 1 and row.bucket in alone, marked[row.bucket])
        for row in whole.ranking
        if (row.first == 1 and row.bucket in alone) or marked[row.bucket]
    )


def _sure_firsts(opinions: Sequence[Opinion], rows: Sequence[Sequence[Placed]]) -> set[Bucket]:
    return {
        row[0].bucket
        for opinion, row in zip(opinions, rows, strict=True)
        if row and opinion.confidence in _SURE_ENOUGH
    }


def _marked(opinions: Sequence[Opinion], rows: Sequence[Sequence[Placed]]) -> Counter[Bucket]:
    """Return how many responders marked each bucket as not to be missed, each of them once."""
    marked: Counter[Bucket] = Counter()
    for opinion, row in zip(opinions, rows, strict=True):
        marked.update({each.bucket for each in row if each.typed in opinion.must_not_miss})
    return marked


def _tally(steps: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(steps).items(), key=lambda step: (-step[1], step[0])))
