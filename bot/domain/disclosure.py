"""Disclosure control: which sums of ballots may be shown, so that no few people's votes come out of them.

Small cells are merged (complementary suppression), and what is shown never differs from anything shown before
by fewer ballots than the smallest cell. Terms as in L. Willenborg, T. de Waal, Elements of Statistical
Disclosure Control (2001), chapters 1 and 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from bot.domain.poll_tally import Counts, Group, added
from bot.domain.poll_terms import specialty_of_cell

Bases = Mapping[str, int]
"""A sum that was or is to be shown: how many ballots of each cell are in it."""


def may_show(earlier: Sequence[Bases], new: Sequence[Bases], least: int) -> bool:
    """Say whether ``new`` sums can stand beside all ``earlier`` ones.

    Within a cell, ballots only come; so a count says which ballots they are. All sums that are shown must be
    made of blocks, each of at least ``least`` ballots: then no sum or difference of them is about fewer.
    """
    shown = [*earlier, *new]
    for atom in _atoms(shown):
        sizes = sorted({sum(one[cell] for cell in atom) for one in shown if atom <= one.keys()} | {0})
        if any(0 < above - below < least for below, above in pairwise(sizes)):
            return False
    return True


def _atoms(shown: Sequence[Bases]) -> Iterable[frozenset[str]]:
    """Part all cells so that each sum holds a part whole or not at all."""
    parts: dict[tuple[bool, ...], set[str]] = {}
    for cell in {cell for one in shown for cell in one}:
        parts.setdefault(tuple(cell in one for one in shown), set()).add(cell)
    return [frozenset(cells) for cells in parts.values()]


def breakdown(
    cells: Mapping[str, Counts], earlier: Sequence[Bases], least: int, nothing: Counts
) -> tuple[Group, ...]:
    """Part a result by specialty, the smallest ones together; empty where no parting is safe.

    The last group is the one of the small ones, if there is one.
    """
    apart = {
        name: added((counts for cell, counts in cells.items() if specialty_of_cell(cell) == name), nothing)
        for name in sorted({specialty_of_cell(cell) for cell in cells})
    }
    order = sorted((name for name in apart if apart[name].ballots), key=lambda name: -apart[name].ballots)
    together: list[str] = []
    while order:
        parts = [(name,) for name in order] + ([tuple(sorted(together))] if together else [])
        sums = [_bases(cells, part) for part in parts]
        if len(parts) < 2:
            return ()
        if may_show(earlier, sums, least):
            return tuple(Group(part, added((apart[name] for name in part), nothing)) for part in parts)
        together.append(order.pop())
    return ()


def _bases(cells: Mapping[str, Counts], specialties: tuple[str, ...]) -> Bases:
    return {cell: counts.ballots for cell, counts in cells.items() if specialty_of_cell(cell) in specialties}
