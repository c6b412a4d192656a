"""Whoever reads sums finds out about which few people they say something, by linear algebra in fractions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

Row = list[Fraction]


@dataclass(frozen=True)
class Found:
    """People whose votes come out: ``weights`` times them is known, and ``recipe`` times the sums says it."""

    weights: Mapping[str, Fraction]
    recipe: tuple[Fraction, ...]


def smallest_support(sums: Sequence[Collection[str]], least: int) -> Found | None:
    """Find a combination of sums that is about fewer than ``least`` people; None where there is none.

    People who stand in the same sums cannot be told apart, so they are looked at together.
    """
    alike = _alike(sums)
    shown = [[Fraction(number in column) for column in alike] for number in range(len(sums))]
    recipes = [[Fraction(one == other) for other in range(len(sums))] for one in range(len(sums))]
    sizes = [len(people) for people in alike.values()]
    large = [at for at, size in enumerate(sizes) if size >= least]
    small = [at for at, size in enumerate(sizes) if size < least]
    rows = _without([values + recipe for values, recipe in zip(shown, recipes, strict=True)], large)
    basis = _independent(rows, small)
    candidates = _sparsest(basis, small) if len(basis) < 4 else _about_few(basis, small, sizes, least)
    for row in candidates:
        if sum(sizes[at] for at in small if row[at]) < least:
            return _found(row, alike)
    return None


def _alike(sums: Sequence[Collection[str]]) -> dict[frozenset[int], list[str]]:
    stands_in: dict[str, set[int]] = defaultdict(set)
    for number, people in enumerate(sums):
        for person in people:
            stands_in[person].add(number)
    alike: dict[frozenset[int], list[str]] = defaultdict(list)
    for person, numbers in stands_in.items():
        alike[frozenset(numbers)].append(person)
    return alike


def _independent(rows: list[Row], columns: Sequence[int]) -> list[Row]:
    """Give a basis of what rows say in these columns, without rows that say nothing there."""
    basis: list[Row] = []
    left = rows
    for column in columns:
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            basis.append(pivot)
            left = [_less(row, pivot, column) for row in left if row is not pivot]
    return basis


def _sparsest(rows: list[Row], columns: Sequence[int]) -> Iterator[Row]:
    """Give the combinations with as many zeros as independent rows allow; a sparsest one is among them."""
    if len(rows) < 2:
        yield from rows
        return
    for zeros in combinations(columns, len(rows) - 1):
        left = _without(rows, zeros)
        if len(left) == 1:
            yield left[0]


def _about_few(rows: list[Row], columns: Sequence[int], sizes: list[int], least: int) -> Iterator[Row]:
    """Give the combinations that are about fewer than ``least`` people, the fewest columns first."""
    for many in range(1, least):
        for few in combinations(columns, many):
            if sum(sizes[at] for at in few) < least:
                yield from _without(rows, [at for at in columns if at not in few])


def _without(rows: list[Row], columns: Sequence[int]) -> list[Row]:
    """Give all combinations of rows in which nothing of these columns is left, as a basis."""
    left = rows
    for column in columns:
        pivot = next((row for row in left if row[column]), None)
        if pivot is not None:
            others = (row for row in left if row is not pivot)
            left = [_less(row, pivot, column) for row in others]
    return left


def _less(row: Row, pivot: Row, column: int) -> Row:
    if not row[column]:
        return row
    share = row[column] / pivot[column]
    return [a - share * b for a, b in zip(row, pivot, strict=True)]


def _found(row: Row, alike: Mapping[frozenset[int], list[str]]) -> Found:
    weights = {person: row[at] for at, people in enumerate(alike.values()) for person in people if row[at]}
    return Found(weights, tuple(row[len(alike) :]))
