"""The collective list: many ranked opinions as one, the same whatever order they came in."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from bot.collective.changes import NO_CHANGES, Bucket, Changes
from bot.collective.names import Disease
from bot.collective.naming import Named, Namer, namer

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Ranked:
    """One bucket of the list: its score, how many named it, how many first, and as what it was typed."""

    bucket: Bucket
    score: float
    voters: int
    first: int
    best: int
    texts: tuple[str, ...]

    @property
    def name(self) -> str:
        """The MeSH heading, or the writers' own words."""
        return self.bucket.name


@dataclass(frozen=True, slots=True)
class CollectiveList:
    """The buckets, best first, and how far responders agree: 1 wholly, 0 not at all, None for less than two.

    Responders are the opinions that name something.
    """

    ranking: tuple[Ranked, ...]
    agreement: float | None
    responders: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A diagnosis of one opinion in its bucket: the words that name it, and what they were typed in."""

    bucket: Bucket
    text: str
    typed: str


def collective_list(
    opinions: Iterable[Sequence[str]], *, changes: Changes = NO_CHANGES, by: Namer | None = None
) -> CollectiveList:
    """Return the list of opinions, each the diagnoses that one physician typed, likeliest first."""
    return ranked(placed(opinions, changes=changes, by=by))


def placed(
    opinions: Iterable[Sequence[str]], *, changes: Changes = NO_CHANGES, by: Namer | None = None
) -> list[list[Placed]]:
    """Return each opinion's diagnoses in their buckets, in its order; an opinion may name none.

    What is ambiguous is taken for the one candidate that most opinions of the case name plainly; if none
    does, or two are even, it stays a bucket of its own.
    """
    by = by or namer()
    named = [[(typed, each) for typed in opinion for each in by.named(typed)] for opinion in opinions]
    plain = Counter(disease for opinion in named for disease in {each.disease for _, each in opinion})
    meant = {each: _meant(each, plain) for opinion in named for _, each in opinion}
    texts = _own_texts(meant)
    buckets = {each: changes.bucket(_bucket(each, meant[each], texts), each.text) for each in meant}
    return [[Placed(buckets[each], each.text, typed) for typed, each in opinion] for opinion in named]


def ranked(opinions: Iterable[Sequence[Placed]]) -> CollectiveList:
    """Return the collective list: a rank r counts 1/r; ties go by voters, best rank, then name."""
    ranks: defaultdict[Bucket, Counter[int]] = defaultdict(Counter)
    uses: defaultdict[Bucket, set[tuple[str, str]]] = defaultdict(set)
    responders = 0
    for opinion in opinions:
        responders += bool(opinion)
        for bucket, rank in _best_ranks(opinion).items():
            ranks[bucket][rank] += 1
        for each in opinion:
            uses[each.bucket].add((each.bucket.name, each.text))
    rows = [_ranked(bucket, counts, uses[bucket]) for bucket, counts in ranks.items()]
    firsts = [row.first for row in rows if row.first]
    rows.sort(key=lambda row: (-_score(ranks[row.bucket]), -row.voters, row.best, row.name, row.bucket.key))
    return CollectiveList(tuple(rows), agreement(firsts), responders)


def agreement(firsts: Sequence[int]) -> float | None:
    """Return 1 - H / ln n for how many of n responders named each diagnosis first; None below two."""
    responders = sum(firsts)
    if responders < 2:
        return None
    shares = [count / responders for count in sorted(firsts)]
    entropy = -math.fsum(share * math.log(share) for share in shares)
    return abs(round(1 - entropy / math.log(responders), _DIGITS))


def _best_ranks(opinion: Sequence[Placed]) -> dict[Bucket, int]:
    """Return the rank of each bucket in one opinion; named twice, it counts once, where it stands first."""
    best: dict[Bucket, int] = {}
    for rank, each in enumerate(opinion, start=1):
        best.setdefault(each.bucket, rank)
    return best


def _score(ranks: Counter[int]) -> Fraction:
    """Return the exact sum of 1/rank, so that no order of adding can change it."""
    return sum((Fraction(count, rank) for rank, count in ranks.items()), Fraction(0))


def _ranked(bucket: Bucket, ranks: Counter[int], uses: Iterable[tuple[str, str]]) -> Ranked:
    name = min(uses)[0]
    return Ranked(
        replace(bucket, name=name),
        round(float(_score(ranks)), _DIGITS),
        voters=ranks.total(),
        first=ranks[1],
        best=min(ranks),
        texts=tuple(sorted({text for _, text in uses})),
    )


def _meant(named: Named, plain: Counter[Disease | None]) -> Disease | None:
    if not named.candidates:
        return named.disease
    counts = sorted((plain[each] for each in named.candidates), reverse=True)
    if counts[0] == 0 or counts[0] == counts[1]:
        return None
    return next(each for each in named.candidates if plain[each] == counts[0])


def _own_texts(meant: dict[Named, Disease | None]) -> dict[str, str]:
    """Return what to call each bucket of its own: the first of its texts by the alphabet."""
    texts: dict[str, str] = {}
    for named, disease in meant.items():
        if disease is None:
            texts[named.key] = min(texts.get(named.key, named.text), named.text)
    return texts


def _bucket(named: Named, meant: Disease | None, texts: dict[str, str]) -> Bucket:
    return Bucket.of(meant) if meant else Bucket.own(named.key, texts[named.key])
