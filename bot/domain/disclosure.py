"""Disclosure control: which sums of ballots may be shown, so that no few people's votes come out of them.

All that is looked at is how many ballots there are, never what they say: a rule that looked at votes would
tell something by what it withholds. Small groups are merged (complementary suppression), a new table needs
new people, and who may have been counted in a poll that asks the same is not new. docs/decisions/0037 says
why this is enough. Terms as in L. Willenborg, T. de Waal, Elements of Statistical Disclosure Control (2001),
chapters 1 and 6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from bot.domain.poll_tally import Bases, Beside, Counts, Group, Urn, added
from bot.domain.poll_terms import OTHERS, specialty_of_cell


def in_all(polls: Iterable[Beside]) -> Bases:
    """Add up what was shown of several polls."""
    shown: Counter[str] = Counter()
    for poll in polls:
        shown.update(poll.shown)
    return shown


def newcomers(urn: Urn) -> Bases:
    """Count the ballots of each cell that are in no release yet."""
    return {
        cell: counts.ballots - sum(came.get(cell, 0) for came in urn.earlier)
        for cell, counts in urn.cells.items()
    }


def fresh(ballots: Bases, shown: Bases) -> int:
    """Say of how many ballots it is sure that whoever cast them is in none of what was ``shown``.

    Who voted in two polls is not known; so in each cell as many as can be are taken for the same people.
    Ballots outside of all named cells can be anybody's.
    """
    named = sum(max(0, many - shown.get(cell, 0)) for cell, many in ballots.items() if cell != OTHERS)
    strangers = max(0, ballots.get(OTHERS, 0) - sum(shown.values()))
    return max(0, named - shown.get(OTHERS, 0)) + strangers


def may_show(urn: Urn, shown: Bases, least: int) -> bool:
    """Say whether a table of all that lies in an urn can stand beside everything shown before.

    It needs ``least`` people who are in nothing of it. Whoever left may have come back and voted anew.
    """
    return fresh(newcomers(urn), shown) >= least + _gone(urn)


def breakdown(urn: Urn, shown: Bases, least: int, nothing: Counts) -> tuple[Group, ...]:
    """Part a result by specialty, the small ones together; empty where no parting is safe.

    The last group is the one of the small ones, if there is one.
    """
    apart = {
        name: added(
            (counts for cell, counts in urn.cells.items() if specialty_of_cell(cell) == name), nothing
        )
        for name in {specialty_of_cell(cell) for cell in urn.cells}
    }
    order = sorted(
        (name for name in apart if apart[name].ballots), key=lambda name: (-apart[name].ballots, name)
    )
    check = _Blocks(urn, shown, least)
    together = tuple(name for name in order if name == OTHERS or not check.whole((name,)))
    alone = [name for name in order if name not in together]
    while alone:
        parts = [(name,) for name in alone] + ([together] if together else [])
        if len(parts) > 1 and check.safe(parts):
            return tuple(Group(tuple(sorted(part)), _sum(apart, part, nothing)) for part in parts)
        together = (*together, alone.pop())
    return ()


def _sum(apart: Mapping[str, Counts], names: Iterable[str], nothing: Counts) -> Counts:
    return added((apart[name] for name in names), nothing)


def _gone(urn: Urn) -> int:
    return sum(urn.gone.values())


class _Blocks:
    """A breakdown beside the releases: a block is what one group has of those who came with one release."""

    def __init__(self, urn: Urn, shown: Bases, least: int) -> None:
        self._came = [_by_specialty(came) for came in (*urn.earlier, newcomers(urn)) if any(came.values())]
        self._shown = shown
        self._least = least + _gone(urn)
        self._known: dict[tuple[str, ...], list[int | None]] = {}

    def whole(self, specialties: tuple[str, ...]) -> bool:
        """Say whether each block of a group is empty or large enough."""
        return all(size is None or size >= self._least for size in self._sizes(specialties))

    def safe(self, parts: Sequence[tuple[str, ...]]) -> bool:
        """Say whether all blocks are, and no groups make up releases by themselves.

        If they did, whoever left after such a release would be the difference.
        """
        return all(map(self.whole, parts)) and self._joined(parts)

    def _sizes(self, specialties: tuple[str, ...]) -> list[int | None]:
        """Count what is surely fresh in each block of a group; None for an empty one."""
        if specialties not in self._known:
            blocks = [_together(came, specialties) for came in self._came]
            self._known[specialties] = [fresh(block, self._shown) if block else None for block in blocks]
        return self._known[specialties]

    def _joined(self, parts: Sequence[tuple[str, ...]]) -> bool:
        """Say whether groups and releases hang together, each block being a bond between two of them."""
        bonds = [{at for at, size in enumerate(self._sizes(part)) if size is not None} for part in parts]
        reached, waiting = bonds[0], bonds[1:]
        while near := [bond for bond in waiting if bond & reached]:
            reached = reached.union(*near)
            waiting = [bond for bond in waiting if bond not in near]
        return not waiting


def _by_specialty(came: Bases) -> Mapping[str, Bases]:
    apart: dict[str, dict[str, int]] = {}
    for cell, many in came.items():
        if many:
            apart.setdefault(specialty_of_cell(cell), {})[cell] = many
    return apart


def _together(came: Mapping[str, Bases], specialties: Iterable[str]) -> Bases:
    return {cell: many for name in specialties for cell, many in came.get(name, {}).items()}
