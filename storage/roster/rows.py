"""From a row of the registry to what the roster keeps of it, and what is wrong with a bad one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from bot.domain.credentials import (
    Reason,
    Verdict,
    is_physician_code,
    licence_key,
    npi_trouble,
    physician_rule,
    verdict_of,
)
from bot.domain.roster import Kind
from storage.roster.columns import CODES, NAMES, Layout

Value = str | int | None
Row = tuple[Value, ...]
"""The values of a staged row, in the order of :data:`FIELDS`; dates as SQLite keeps them."""

_NAMED: Final = (
    *("last_name", "first_name", "middle_name", "name_suffix", "other_last_name", "other_first_name"),
    *("credential", "other_credential"),
)
_DATES: Final = ("deactivated_on", "reactivated_on", "updated_on")
FIELDS: Final = (
    *("npi", "kind", *_NAMED),
    *("physician_taxonomy", "primary_taxonomy", "licences", *_DATES),
)
_NOTHING: Final = ("",) * len(_NAMED)
_NO_LICENCE: Final = "[]"
_UNKNOWN, _PERSON, _ORGANISATION = (kind.value for kind in Kind)
_WRITTEN_PERSON, _WRITTEN_ORGANISATION = str(_PERSON), str(_ORGANISATION)
_CREDENTIAL: Final = _NAMED.index("credential")

_AMERICAN: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")

_TROUBLE: Final = {
    Reason.NPI_FORM: "the NPI is not 10 digits of which the first is 1 or 2",
    Reason.NPI_CHECK_DIGIT: "the check digit of the NPI is wrong",
}


class BadRow(Exception):
    """A row that cannot be taken; the message says why and quotes nothing of it."""


class RegistryRows:
    """Reads rows of one layout and counts what they are."""

    def __init__(self, layout: Layout) -> None:
        """Find the columns."""
        self._width = layout.width
        self._head = layout.taking(("npi", "kind", *_DATES))
        self._names = layout.taking(_NAMED)
        self._codes = layout.taking([f"code_{n}" for n in CODES])
        self._switches = layout.taking([f"switch_{n}" for n in CODES])
        self._licences = layout.taking([f"licence_{n}" for n in CODES])
        self._states = layout.taking([f"state_{n}" for n in CODES])
        self._marks_only = layout.marks_only
        self.counts: Counter[str] = Counter()

    def row(self, values: list[str] | BadRow) -> Row:
        """Give what is kept of a row; raises :class:`BadRow`, also one that reading it came to."""
        if isinstance(values, BadRow):
            raise values
        if len(values) != self._width:
            raise BadRow(f"there are {len(values)} columns instead of {self._width}")
        values.append("")
        npi, kind, *written = map(str.strip, self._head(values))
        if trouble := npi_trouble(npi):
            raise BadRow(_TROUBLE[trouble])
        dates = days(*written)
        if kind == _WRITTEN_PERSON:
            return self._person(int(npi), values, dates)
        if kind == _WRITTEN_ORGANISATION:
            self.counts["organisations"] += 1
            return (int(npi), _ORGANISATION, *_NOTHING, 0, "", _NO_LICENCE, *dates)
        return self._mark(int(npi), kind, dates)

    def _person(self, npi: int, values: Sequence[str], dates: tuple[str | None, ...]) -> Row:
        names = tuple(map(str.strip, self._names(values)))
        codes = self._codes(values)
        physician = any(map(is_physician_code, filter(None, codes)))
        self.counts[_counted_as(names[_CREDENTIAL], physician=physician)] += 1
        primary = self._primary(codes, values)
        return (npi, _PERSON, *names, int(physician), primary, self._kept(values), *dates)

    def _primary(self, codes: Sequence[str], values: Sequence[str]) -> str:
        switches = self._switches(values)
        at = switches.index("Y") if "Y" in switches else 0
        return codes[at].strip()

    def _kept(self, values: Sequence[str]) -> str:
        """Give the keys of the licences as a JSON list; they hold letters, digits and one blank only."""
        numbers = self._licences(values)
        if not any(numbers):
            return _NO_LICENCE
        states = self._states(values)
        keys = [licence_key(states[at], number) for at, number in enumerate(numbers) if number]
        told = '", "'.join(dict.fromkeys(filter(None, keys)))
        return f'["{told}"]' if told else _NO_LICENCE

    def _mark(self, npi: int, kind: str, dates: tuple[str | None, ...]) -> Row:
        """Take a row that tells of a deactivation and of nothing else; the registry blanks what it knew."""
        deactivated, reactivated, updated = dates
        if kind and not self._marks_only:
            raise BadRow("the entity type is neither 1 nor 2")
        if deactivated is None:
            raise BadRow("there is no deactivation date" if self._marks_only else "there is no entity type")
        self.counts["deactivations"] += 1
        told = max(deactivated, updated or "")
        return (npi, _UNKNOWN, *_NOTHING, 0, "", _NO_LICENCE, deactivated, reactivated, told)


@lru_cache(maxsize=65536)
def _counted_as(credential: str, *, physician: bool) -> str:
    return verdict_of(physician_rule(credential, by_taxonomy=physician)).value


COUNTED: Final = (*(verdict.value for verdict in Verdict), "organisations", "deactivations")
"""What a row that was taken is counted as: exactly one of these."""


@lru_cache(maxsize=65536)
def days(*written: str) -> tuple[str | None, ...]:
    """Read the dates of a row, in the order of ``_DATES``; None for an empty one. Raises :class:`BadRow`."""
    read = tuple(map(_iso, written))
    for name, text, day in zip(_DATES, written, read, strict=True):
        if text and day is None:
            raise BadRow(f"{NAMES[name][0]} is no date like 12/31/2030")
    return read


def _iso(text: str) -> str | None:
    if found := _AMERICAN.fullmatch(text):
        month, of_month, year = map(int, found.groups())
    elif found := _ISO.fullmatch(text):
        year, month, of_month = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, of_month).isoformat()
    except ValueError:
        return None
