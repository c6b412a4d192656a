"""From what a physician typed to the disease that is meant: shortened, reordered, misspelled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import chain, product
from typing import Final, Literal

from bot.collective.folding import LONGEST, bag, lowered, stem, stems_of, without_brackets, words_of
from bot.collective.hedges import Words, is_everyday, less_modified, modifiers, spelled_out, unhedged
from bot.collective.names import Disease, Names, load
from bot.collective.spelling import Near, Spelling

LONGEST_NAME: Final = 80
"""Characters of a name in its writer's own words; cut before it is compared, so that it stays itself."""

How = Literal["name", "short form", "spelling", "own words"]

_VERSUS: Final = re.compile(r"(?<!\w)vs(?!\w)")
_SEPARATORS: Final = re.compile(r"[/,;&+\n]|->|(?<!\w)(?:or|and)(?!\w)")
_BRACKETS: Final = frozenset("([{")
_KINDS: Final = ("disease", "syndrome", "disorder")
_TWO_EDITS_FROM: Final = 9
_SHORTEST_ALONE: Final = 4
_MOST_GUESSES: Final = 20
_REMEMBERED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Named:
    """One diagnosis that somebody typed: its words, the disease they name, or those that they may name.

    With neither it stands for itself, in its writer's words. `key` is the same for all ways to write them.
    """

    text: str
    key: str
    how: How
    disease: Disease | None = None
    candidates: tuple[Disease, ...] = ()


class Namer:
    """Names diagnoses by a table of names; what it named lately it remembers."""

    def __init__(self, names: Names) -> None:
        """Take the names of diseases."""
        self._names = names
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._named)

    def named(self, typed: str) -> tuple[Named, ...]:
        """Return the diagnoses in one entry, in their order: none when it names nothing, two for `A vs B`."""
        return self._remembered(typed[:LONGEST])

    def _named(self, typed: str) -> tuple[Named, ...]:
        text = lowered(typed)
        if _BRACKETS.isdisjoint(text) and (plain := self._as_written(words_of(text))):
            return (plain,)
        text = spelled_out(text)
        parts = _VERSUS.split(text)
        if len(parts) > 1 and (whole := self._exact(unhedged(words_of(without_brackets(text)[0])))):
            return (whole,)
        return tuple(named for part in parts for named in self._part(part))

    def _part(self, text: str) -> tuple[Named, ...]:
        outside, inside = without_brackets(text)
        written = words_of(outside) or words_of(text)
        words = _cut(unhedged(written))
        if known := self._known(written, words):
            return (self._settled(known, inside),)
        if known := self._bracketed(inside):
            return (known,)
        if not words:
            return ()
        if several := self._several(outside) or self._several(" ".join(words)):
            return several
        slip = self._misspelled(words)
        return (slip,) if slip else self._own(words)

    def _own(self, words: Words) -> tuple[Named, ...]:
        """Return a name in its writer's words; what its words without punctuation mean comes first."""
        text = " ".join(words)
        again = spelled_out(lowered(text))
        if again.split() != list(words) or _VERSUS.search(again):
            return self._named(text)
        return (Named(text, bag(stems_of(words)), "own words"),)

    def _known(self, written: Words, words: Words) -> Named | None:
        """Return what is meant when these words are known, as written, unhedged, or without modifiers."""
        forms = chain((written, words), less_modified(words))
        return next((found for form in forms if (found := self._as_written(form))), None)

    def _settled(self, known: Named, inside: Iterable[str]) -> Named:
        """Return what was meant by an ambiguous name whose writer says it in brackets."""
        said = self._bracketed(inside) if known.candidates else None
        return said if said and said.disease in known.candidates else known

    def _bracketed(self, inside: Iterable[str]) -> Named | None:
        """Return what is meant by words in brackets, where those around them are not known."""
        for text in inside:
            words = unhedged(words_of(text))
            if words and (found := self._exact(words)):
                return found
        return None

    def _as_written(self, words: Words) -> Named | None:
        """Return what these words mean, with or without their kind of disease."""
        if not words:
            return None
        if exact := self._exact(words):
            return exact
        meant = self._by_kind(stems_of(words))
        return _meaning(words, meant, "name") if meant else None

    def _exact(self, words: Words) -> Named | None:
        """Return what these words mean: a short form, or a name in any order with short forms in it."""
        if meant := self._names.short.get(" ".join(words)):
            return _meaning(words, meant, "short form")
        stems = stems_of(words)
        found = self._by_stems(stems)
        if found is None and not self._names.short.keys().isdisjoint(words):
            found = self._by_stems(self._spelled_out(words))
        found = found or self._names.by_letters.get("".join(words))
        meant = (found,) if found else self._names.shared.get(bag(stems), ())
        return _meaning(words, meant, "name") if meant else None

    def _by_kind(self, stems: tuple[str, ...]) -> tuple[Disease, ...]:
        """Return what stems mean without the kind of disease at their end, or with one that they lack."""
        if len(stems) > 1 and stems[-1] in _KINDS:
            found = self._by_stems(stems[:-1])
            return (found,) if found else ()
        lacking = (self._names.by_bag.get(bag((*stems, kind))) for kind in _KINDS)
        return tuple(sorted({disease for disease in lacking if disease}))

    def _by_stems(self, stems: tuple[str, ...]) -> Disease | None:
        return self._names.by_bag.get(bag(stems)) or self._names.by_letters.get("".join(stems))

    def _spelled_out(self, words: Words) -> tuple[str, ...]:
        """Return the stems of words, each short form among them as what it stands for."""
        stems: list[str] = []
        for word in words:
            meant = () if is_everyday(word) else self._names.short.get(word, ())
            stems += stems_of(words_of(meant[0].name.lower()) if len(meant) == 1 else (word,))
        return tuple(stems)

    def _several(self, text: str) -> tuple[Named, ...]:
        """Return the diagnoses of `A, B and C` when every one of them is known; otherwise nothing."""
        parts = [unhedged(words_of(part)) for part in _SEPARATORS.split(text)]
        known = [named for words in parts if words and (named := self._exact(words))]
        return tuple(known) if 1 < len(known) == len(parts) else ()

    def _misspelled(self, words: Words) -> Named | None:
        """Return what is meant by words with a slip or two in them; candidates, when it may be several."""
        for form in chain((words,), less_modified(words)):
            if meant := self._nearest(form):
                return _meaning(words, meant, "spelling")
        return None

    def _nearest(self, words: Words) -> tuple[Disease, ...]:
        """Return the diseases that are the fewest slips away; nothing when that is too far.

        A word that somebody uses in some name is never taken for another: it is no slip of the pen.
        """
        stems = stems_of(words)
        most = 2 if sum(map(len, stems)) >= _TWO_EDITS_FROM else 1
        unknown = [each for each in stems if each not in self._spelling.words]
        if not 0 < len(unknown) <= most or not self._names.other_words.isdisjoint(unknown):
            return ()
        if len(stems) == 1 and len(stems[0]) < _SHORTEST_ALONE:
            return ()
        whole = {stem(word): word for word in words}
        for edits in range(len(unknown), most + 1):
            each = edits + 1 - len(unknown)
            if meant := self._guessed(
                [self._near(word, whole.get(word, word), each) for word in stems], edits
            ):
                return meant
        return ()

    def _near(self, word: str, whole: str, most: int) -> Sequence[Near]:
        """Return what a stem may mean: itself, or what is near it or the word taken for a plural."""
        if word in self._spelling.words:
            return (Near(0, 0, word),)
        near = {*self._spelling.near(word, most), *self._spelling.near(whole, most)}
        return sorted(near)[:_MOST_GUESSES]

    def _guessed(self, guesses: Sequence[Sequence[Near]], most: int) -> tuple[Disease, ...]:
        """Return the diseases that the guesses name within so many edits, those of the least odd slips."""
        found: dict[tuple[int, int], set[Disease]] = {}
        for guess in product(*guesses):
            edits = sum(near.edits for near in guess)
            if edits <= most and (meant := self._meant(tuple(near.word for near in guess))):
                found.setdefault((edits, sum(near.oddness for near in guess)), set()).update(meant)
        return tuple(sorted(found[min(found)])) if found else ()

    def _meant(self, stems: tuple[str, ...]) -> tuple[Disease, ...]:
        """Return what guessed stems mean, one way or another."""
        for form in chain((stems,), less_modified(stems)):
            if disease := self._names.by_bag.get(bag(form)):
                return (disease,)
            if meant := self._names.short.get(" ".join(form)) or self._by_kind(form):
                return meant
        return ()

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling(self._names.words | modifiers())


def _meaning(words: Words, meant: tuple[Disease, ...], how: How) -> Named:
    """Return a name for what is meant: one disease, or several candidates."""
    text = " ".join(_cut(words))
    if len(meant) == 1:
        return Named(text, meant[0].name, how, meant[0])
    return Named(text, bag(stems_of(_cut(words))), how, None, meant)


def _cut(words: Words) -> Words:
    """Return as many whole words as fit into a name, at least a part of the first."""
    kept: list[str] = []
    room = LONGEST_NAME
    for word in words:
        if len(word) > room and kept:
            break
        kept.append(word[:room])
        room -= len(word) + 1
    return unhedged(tuple(kept))


@cache
def namer() -> Namer:
    """Return a namer by the packaged names; they are read once."""
    return Namer(load())
