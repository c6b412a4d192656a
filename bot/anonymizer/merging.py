"""Findings that overlap become one: `auto` outranks `ask`, the longer kind wins, nothing gets shorter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.anonymizer.found import Found
from bot.anonymizer.submission import Field, Submission


def merge(submission: Submission, found: Iterable[Found]) -> list[Found]:
    """Return findings without overlap, in reading order; of an `ask`, only what no `auto` covers is left."""
    by_field: dict[str, list[Found]] = {field.name: [] for field in submission.fields}
    for item in sorted(found, key=lambda f: (f.start, -f.end)):
        if item.start < item.end:
            by_field[item.field].append(item)
    return [item for field in submission.fields for item in _merged(field, by_field[field.name])]


def _merged(field: Field, found: list[Found]) -> list[Found]:
    autos = list(_union(item for item in found if item.tier == "auto"))
    asks = [part for item in _union(f for f in found if f.tier == "ask") for part in _beside(item, autos)]
    seen = (item for item in asks if any(letter.isalnum() for letter in field.text[item.start : item.end]))
    return sorted((*autos, *seen), key=lambda f: f.start)


def _beside(item: Found, autos: list[Found]) -> Iterator[Found]:
    """Yield what is left of an `ask` between the `auto` findings that reach into it."""
    start = item.start
    for auto in autos:
        if auto.start < item.end and item.start < auto.end:
            if auto.start > start:
                yield replace(item, start=start, end=auto.start)
            start = max(start, auto.end)
    if start < item.end:
        yield replace(item, start=start)


def _union(found: Iterable[Found]) -> Iterator[Found]:
    current: Found | None = None
    for item in found:
        if current is not None and item.start < current.end:
            current = _joined(current, item)
            continue
        if current is not None:
            yield current
        current = item
    if current is not None:
        yield current


def _joined(one: Found, other: Found) -> Found:
    """Keep the kind of the longer stretch, and of two equal ones the earlier finder's."""
    winner = other if other.end - other.start > one.end - one.start else one
    return replace(winner, start=min(one.start, other.start), end=max(one.end, other.end))
