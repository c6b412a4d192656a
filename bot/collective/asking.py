"""Ambiguous names: which of an opinion its writer has to be asked about, and how an answer is written in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.collective.names import Disease
from bot.collective.naming import Named, Namer, namer


@dataclass(frozen=True, slots=True)
class Unclear:
    """A name that stands for one of several diseases.

    `place` counts all diagnoses of the opinion from 1; `entry` is where it was typed, and `part` its
    place there, both from 0.
    """

    place: int
    entry: int
    part: int
    text: str
    candidates: tuple[Disease, ...]


def unclear(entries: Sequence[str], *, by: Namer | None = None) -> tuple[Unclear, ...]:
    """Return the ambiguous names of an opinion, in their order."""
    by = by or namer()
    placed = [
        (entry, part, named)
        for entry, typed in enumerate(entries)
        for part, named in enumerate(by.named(typed))
    ]
    return tuple(
        Unclear(place, entry, part, named.text, named.candidates)
        for place, (entry, part, named) in enumerate(placed, start=1)
        if named.candidates
    )


def names_nothing(entries: Iterable[str], *, by: Namer | None = None) -> bool:
    """Say whether no entry holds a diagnosis ("no idea")."""
    by = by or namer()
    return not any(by.named(typed) for typed in entries)


def settled(typed: str, asked: Unclear, meant: Disease, words: str, *, by: Namer | None = None) -> str:
    """Return an entry with what is meant by its ambiguous name beside it, as `words` or under its heading.

    What comes out is read as that disease; where nothing else would be, it is the heading alone.
    """
    by = by or namer()
    parts = by.named(typed)
    for said in (words, meant.name):
        for written in (_in_place(typed, asked.text, said), _in_parts(parts, asked.part, said)):
            if _is_read_as(by.named(written), parts, asked.part, meant):
                return written
    return meant.name


def _in_place(typed: str, text: str, said: str) -> str:
    """Write it behind the name where that stands; behind all where it stands nowhere so."""
    found = re.search(rf"(?<!\w){re.escape(text)}(?!\w)", typed, re.IGNORECASE)
    end = found.end() if found else len(typed.rstrip())
    return f"{typed[:end]} ({said}){typed[end:]}"


def _in_parts(parts: Sequence[Named], asked: int, said: str) -> str:
    """Write all parts of an entry anew, with it behind one of them."""
    return " vs ".join(
        f"{named.text} ({said})" if part == asked else named.text for part, named in enumerate(parts)
    )


def _is_read_as(read: Sequence[Named], before: Sequence[Named], part: int, meant: Disease) -> bool:
    """Say whether one part now means the disease, and the others what they did."""
    wanted = [(meant, ()) if at == part else (one.disease, one.candidates) for at, one in enumerate(before)]
    return [(one.disease, one.candidates) for one in read] == wanted
