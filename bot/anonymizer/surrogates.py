"""Surrogates: one stand-in for one person, place, date or number of a submission, and the final pieces."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final

from bot.anonymizer.cleaned import CleanedText, Finding, Kept, Piece, Replaced
from bot.anonymizer.dates import read_date
from bot.anonymizer.found import Found
from bot.anonymizer.people import People
from bot.anonymizer.submission import Field, Submission
from bot.anonymizer.surrogate_words import LETTERED, STEMS

_FARTHEST_DAY: Final = 9999


def assemble(submission: Submission, found: Sequence[Found], ran: tuple[str, ...]) -> CleanedText:
    """Number the findings, give each its surrogate and cut every field into kept and replaced pieces."""
    fields = {field.name: field for field in submission.fields}
    surrogates = _surrogates(fields, found)
    findings = tuple(
        _finding(number, fields[item.field], item, surrogate)
        for number, (item, surrogate) in enumerate(zip(found, surrogates, strict=True), start=1)
    )
    by_field: dict[str, list[Finding]] = {name: [] for name in fields}
    for finding in findings:
        by_field[finding.field].append(finding)
    pieces = {name: tuple(_pieces(field.original, by_field[name])) for name, field in fields.items()}
    return CleanedText(pieces=pieces, findings=findings, ran=ran, failed=())


def _finding(number: int, field: Field, item: Found, surrogate: str) -> Finding:
    start, end = field.normalised.original(item.start, item.end)
    return Finding(
        number=number,
        field=item.field,
        start=start,
        end=end,
        category=item.category,
        tier=item.tier,
        surrogate=surrogate,
        reason=item.reason,
        hint=_hint(field.text[item.start : item.end]),
    )


def _hint(text: str) -> str:
    """Return the first and the last letter or digit, so that an author can tell findings apart."""
    seen = [letter for letter in text if letter.isalnum()]
    return f"{seen[0]}…{seen[-1]}" if len(seen) > 2 else "…"


def _pieces(original: str, findings: Iterable[Finding]) -> Iterable[Piece]:
    at = 0
    for finding in findings:
        if finding.start > at:
            yield Kept(original[at : finding.start])
        yield Replaced(finding.surrogate, finding.category, finding.tier, finding.number)
        at = finding.end
    if at < len(original):
        yield Kept(original[at:])


def _surrogates(fields: dict[str, Field], found: Sequence[Found]) -> list[str]:
    people = People()
    for item in found:
        if item.category == "NAME" and item.role != "unknown":
            people.meet(_text(fields, item), item.role)
    first_day = _first_day(fields, found)
    keys = [_key(fields, item, people, first_day) for item in found]
    counted: dict[str, list[str]] = {}
    for stem, key in keys:
        if key not in counted.setdefault(stem, []):
            counted[stem].append(key)
    return [_written(stem, key, counted[stem]) for stem, key in keys]


def _text(fields: dict[str, Field], item: Found) -> str:
    return fields[item.field].text[item.start : item.end]


def _first_day(fields: dict[str, Field], found: Sequence[Found]) -> date | None:
    days = (read_date(_text(fields, f)) for f in found if f.category == "DATE" and f.role != "birth")
    return next((day for day in days if day is not None), None)


def _key(fields: dict[str, Field], item: Found, people: People, first_day: date | None) -> tuple[str, str]:
    """Return the stem of a surrogate and what makes it the same as another of that stem."""
    text = _text(fields, item)
    if item.category == "NAME" and item.role != "unknown":
        return people.who(text, item.role)
    if item.category == "DATE" and item.role != "birth" and first_day is not None:
        day = read_date(text)
        if day is not None and abs((day - first_day).days) <= _FARTHEST_DAY:
            return "day", str((day - first_day).days)
    same = "".join(letter for letter in text.casefold() if letter.isalnum())
    return (item.role if item.role in STEMS else item.category), same


def _written(stem: str, key: str, counted: list[str]) -> str:
    if stem == "day":
        return "[day 0]" if key == "0" else f"[day {int(key):+d}]"
    if stem == "AGE_OVER_89":
        return STEMS[stem]
    word = STEMS[stem]
    if stem == "patient" and len(counted) == 1:
        return f"[{word}]"
    if len(counted) == 1 and stem not in ("relative", "clinician", "NAME", "hospital", "LOCATION"):
        return f"[{word}]"
    at = counted.index(key)
    return f"[{word} {_letter(at) if stem in LETTERED else at + 1}]"


def _letter(at: int) -> str:
    """Return A to Z, then AA, AB and so on."""
    letters = chr(ord("A") + at % 26)
    return letters if at < 26 else chr(ord("A") + at // 26 - 1) + letters
