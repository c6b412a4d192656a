"""Echoes: once a name or a place is known, every form of it is replaced in the whole submission."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Final

from bot.anonymizer.found import Found
from bot.anonymizer.reading import Reading
from bot.anonymizer.words import about, fold, section, words_of

_PART: Final = re.compile(r"[^\W\d_]+")
_REASON: Final = "The same name stands elsewhere in this text."
_GENERIC: Final = (
    "institutions",
    "institution modifiers",
    "institution tails",
    "landscape",
    "peoples",
    "states",
    "state codes",
    "street",
)
_SHORTEST_PLACE: Final = 4
_SHORTEST_NEAR: Final = 5
_LONGEST_NEAR: Final = 40


def echoes(readings: Sequence[Reading], found: Sequence[Found]) -> Iterator[Found]:
    """Yield the words of every field that are a known name, a short form of it, or one letter off it."""
    fields = {reading.field.name: reading.field for reading in readings}
    mentions = [
        (item, fields[item.field].text[item.start : item.end])
        for item in found
        if item.category == "NAME" and item.tier == "auto"
    ]
    known = _known_parts(mentions)
    near = _near_forms(known)
    for reading in readings:
        for at in range(len(reading)):
            role = _role(reading, at, known, near)
            if role is not None and not reading.taken[at] and not reading.eponym[at]:
                reading.taken[at] = True
                token = reading.tokens[at]
                end = token.end - 2 if token.text.lower().endswith("'s") else token.end
                yield Found(reading.field.name, token.start, end, "NAME", "auto", _REASON, role)
        yield from _initials(reading, mentions)
    yield from _places(readings, found)


def _places(readings: Sequence[Reading], found: Sequence[Found]) -> Iterator[Found]:
    """Yield the words that no dictionary has of places that are known, and whole places of several words."""
    for words in {tuple(part) for part in _known_places(readings, found)}:
        for reading in readings:
            reading.field.beat()
            for at in reading.where.get(words[0], ()):
                last = at + len(words) - 1
                if tuple(reading.lows[at : last + 1]) == words and not any(reading.taken[at : last + 1]):
                    reading.taken[at : last + 1] = [True] * len(words)
                    start, end = reading.tokens[at].start, reading.tokens[last].end
                    reason = "The same place stands elsewhere in this text."
                    yield Found(reading.field.name, start, end, "LOCATION", "auto", reason, "LOCATION")


def _known_places(readings: Sequence[Reading], found: Sequence[Found]) -> Iterator[list[str]]:
    by_name = {reading.field.name: reading for reading in readings}
    for item in found:
        if item.category != "LOCATION" or item.tier != "auto" or item.role in ("zip", "address"):
            continue
        reading = by_name[item.field]
        within = reading.within(item.start, item.end)
        if len(within) > 1:
            yield reading.lows[within.start : within.stop]
        for at in within:
            word = reading.words[at]
            generic = reading.among(at, *_GENERIC) or reading.stop(at) or reading.eponym[at]
            if len(reading.lows[at]) >= _SHORTEST_PLACE and not (word.plain or word.medical_form or generic):
                yield [reading.lows[at]]


def _known_parts(mentions: Iterable[tuple[Found, str]]) -> dict[str, str]:
    """Return every name part and its short forms, with the role of the person who bears it."""
    known: dict[str, str] = {}
    for item, text in mentions:
        for part in _PART.findall(text):
            low = fold(part)
            if (
                len(low) > 2
                and low not in section("general", "particles")
                and low not in section("general", "stop")
            ):
                for form in (low, *(_nicknames().get(low, ()) if about(low).given else ())):
                    known[form] = known.get(form) or item.role
    return known


def _role(reading: Reading, at: int, known: dict[str, str], near: dict[str, str]) -> str | None:
    low = reading.low(at)
    if low in known:
        word = reading.words[at]
        everyday = word.plain and word.margin < -0.75
        shown = reading.capital(at) or (reading.cases[at] == "start" and word.given >= 4 and word.zipf < 6)
        return known[low] if not everyday or shown else None
    if not reading.words[at].plain and not reading.stop(at):
        return near[low] if low in near else _replaced(low, near)
    return None


def _replaced(low: str, near: dict[str, str]) -> str | None:
    """Return the role of a name that differs in one letter: both have a form with a gap in its place."""
    if not _SHORTEST_NEAR < len(low) <= _LONGEST_NEAR:
        return None
    gaps = (f"{low[:at]}*{low[at + 1 :]}" for at in range(1, len(low)))
    return next((near[form] for form in gaps if form in near), None)


@cache
def _nicknames() -> dict[str, frozenset[str]]:
    forms: dict[str, set[str]] = {}
    for line in words_of("general")["nicknames"]:
        for name in line:
            forms.setdefault(fold(name), set()).update(fold(other) for other in line)
    return {name: frozenset(others) for name, others in forms.items()}


def _near_forms(known: dict[str, str]) -> dict[str, str]:
    """Return the forms with one letter left out, doubled, swapped or replaced (`*`): most typing slips."""
    near: dict[str, str] = {}
    for name, role in known.items():
        if len(name) > _SHORTEST_PLACE - 1:
            near.setdefault(f"{name}s", role)
        if _SHORTEST_NEAR <= len(name) <= _LONGEST_NEAR:
            for at in range(1, len(name)):
                near.setdefault(name[:at] + name[at + 1 :], role)
                near.setdefault(name[: at - 1] + name[at] + name[at - 1] + name[at + 1 :], role)
                near.setdefault(name[:at] + name[at] + name[at:], role)
                near.setdefault(f"{name[:at]}*{name[at + 1 :]}", role)
    return near


def _initials(reading: Reading, mentions: Iterable[tuple[Found, str]]) -> Iterator[Found]:
    """Find `J.S.` of people with two known names; bare `JS` only behind a word for the patient."""
    text, seen = reading.field.text, set()
    for item, mention in mentions:
        parts = [part for part in _PART.findall(mention) if len(part) > 1]
        if len(parts) < 2 or (parts[0][0], parts[-1][0]) in seen:
            continue
        seen.add((parts[0][0], parts[-1][0]))
        reading.field.beat()
        one, two = re.escape(parts[0][0]), re.escape(parts[-1][0])
        for match in re.finditer(
            rf"(?<![\w.]){one}\.? ?{two}\.(?![\w])(?<!mm\.)(?<!cm\.)|\b(?:pt|patient|mr|mrs|ms)\.?"
            rf" (?P<v>{one}{two})\b",
            text,
            re.IGNORECASE,
        ):
            yield Found(
                reading.field.name,
                *match.span("v" if match["v"] else 0),
                "NAME",
                "auto",
                "These are the initials of a name in this text.",
                item.role,
            )
