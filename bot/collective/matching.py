"""Where a diagnosis that turned out to be true stands: in each opinion, and in what they say together."""

from __future__ import annotations

from collections.abc import Sequence

from bot.collective.changes import NO_CHANGES, Bucket, Changes
from bot.collective.naming import Namer
from bot.collective.ranking import Placed, placed, ranked

NOT_NAMED = 0
"""The place of a diagnosis that is not on a list."""


def ranks_of(
    truth: str,
    opinions: Sequence[Sequence[str]],
    *,
    changes: Changes = NO_CHANGES,
    by: Namer | None = None,
) -> tuple[int, ...]:
    """Return the place of a diagnosis in each opinion, from 1; 0 where an opinion does not name it.

    Names are read as the collective list reads them. Where the truth names several, the best place counts.
    """
    *rows, true = placed((*opinions, (truth,)), changes=changes, by=by)
    meant = {each.bucket for each in true}
    return tuple(_rank(row, meant) for row in rows)


def group_rank(
    truth: str,
    opinions: Sequence[Sequence[str]],
    *,
    changes: Changes = NO_CHANGES,
    by: Namer | None = None,
) -> int:
    """Return the place of a diagnosis in the collective list of opinions; 0 where nobody named it."""
    *rows, true = placed((*opinions, (truth,)), changes=changes, by=by)
    meant = {each.bucket for each in true}
    places = enumerate(ranked(rows).ranking, start=1)
    return next((place for place, row in places if row.bucket in meant), NOT_NAMED)


def _rank(row: Sequence[Placed], meant: set[Bucket]) -> int:
    return next((rank for rank, each in enumerate(row, start=1) if each.bucket in meant), NOT_NAMED)
