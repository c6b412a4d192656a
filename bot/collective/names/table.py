"""The packaged names, read once: each bag of stems leads to one heading."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from bot.collective.folding import stems_of

_FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True, order=True)
class Disease:
    """A disease under its MeSH heading, with the identifier that our source gives for it."""

    name: str
    mesh: str


@dataclass(frozen=True, slots=True)
class Names:
    """What leads to a disease: bags of stems, names without spaces, short forms; and the words in them.

    `shared` are the bags and `short` may be short forms that stand for several diseases. `other_words` are
    words that occur in no name and are still words.
    """

    by_bag: Mapping[str, Disease]
    by_letters: Mapping[str, Disease]
    shared: Mapping[str, tuple[Disease, ...]]
    short: Mapping[str, tuple[Disease, ...]]
    words: frozenset[str]
    other_words: frozenset[str]


@cache
def load() -> Names:
    """Read the packaged names."""
    meant: dict[str, tuple[Disease, ...]] = {}
    by_letters: dict[str, Disease] = {}
    headings: dict[str, Disease] = {}
    for line in _lines("names.tsv.gz"):
        name, mesh, called = line.split("\t")
        headings[name] = disease = Disease(name, mesh)
        for each in called.split("|"):
            stems = tuple(each.split(" "))
            bag = " ".join(sorted(stems))
            meant[bag] = (*meant.get(bag, ()), disease)
            by_letters.setdefault("".join(stems), disease)
    short = dict(_short(headings))
    for words, diseases in short.items():
        if " " in words and len(diseases) == 1:
            stems = stems_of(words.split())
            meant.setdefault(" ".join(sorted(stems)), diseases)
            by_letters.setdefault("".join(stems), diseases[0])
    known = {word for bag in meant for word in bag.split(" ")}
    return Names(
        by_bag={bag: diseases[0] for bag, diseases in meant.items() if len(diseases) == 1},
        by_letters=by_letters,
        shared={bag: diseases for bag, diseases in meant.items() if len(diseases) > 1},
        short=short,
        words=frozenset(known.union(short)),
        other_words=frozenset(_lines("words.txt.gz")),
    )


def _short(headings: Mapping[str, Disease]) -> Iterator[tuple[str, tuple[Disease, ...]]]:
    for line in (_FOLDER / "short.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            short, _, names = line.partition("\t")
            yield short, tuple(headings[name] for name in names.split(" | "))


def _lines(name: str) -> Iterator[str]:
    with gzip.open(_FOLDER / name, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")
