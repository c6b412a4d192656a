"""Columns of the registry's files, found by name: whatever their order, case, blanks and company."""

from __future__ import annotations

import _csv
import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

CODES: Final = range(1, 16)
"""The registry numbers taxonomy codes, and the licences that belong to them, from 1 to 15."""

NAMES: Final = {
    "npi": ("NPI",),
    "kind": ("Entity Type Code",),
    "last_name": ("Provider Last Name (Legal Name)", "Provider Last Name"),
    "first_name": ("Provider First Name",),
    "middle_name": ("Provider Middle Name",),
    "name_suffix": ("Provider Name Suffix Text",),
    "other_last_name": ("Provider Other Last Name",),
    "other_first_name": ("Provider Other First Name",),
    "credential": ("Provider Credential Text",),
    "other_credential": ("Provider Other Credential Text",),
    "deactivated_on": ("NPI Deactivation Date", "NPPES Deactivation Date"),
    "reactivated_on": ("NPI Reactivation Date",),
    "updated_on": ("Last Update Date",),
    **{f"code_{n}": (f"Healthcare Provider Taxonomy Code_{n}",) for n in CODES},
    **{f"switch_{n}": (f"Healthcare Provider Primary Taxonomy Switch_{n}",) for n in CODES},
    **{f"licence_{n}": (f"Provider License Number_{n}",) for n in CODES},
    **{f"state_{n}": (f"Provider License Number State Code_{n}",) for n in CODES},
}
"""What each column of ours is called there. The registry's other columns are not looked at."""
_NEEDED: Final = ("npi", "kind", "last_name", "first_name", "credential", "code_1")
_DELIMITERS: Final = ",;\t|"


Dialect = _csv.Dialect


class UnknownColumns(Exception):
    """A header that is not the registry's; the message goes on after the file's name."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each column stands; ``marks_only`` is a file of deactivations, which tells nothing else."""

    width: int
    places: dict[str, int]
    marks_only: bool
    dialect: Dialect

    def taking(self, names: Sequence[str]) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """Give what takes these columns out of a row that has one empty value more at its end."""
        return itemgetter(*(self.places.get(name, self.width) for name in names))

    def has(self, *names: str) -> bool:
        """Say whether all these columns are there."""
        return self.places.keys() >= set(names)

    @property
    def has_licences(self) -> bool:
        """Whether a licence can be told together with its state."""
        return any(self.has(f"licence_{n}", f"state_{n}") for n in CODES)


def layout_of(line: str) -> Layout | None:
    """Read a header; None for a line without a column NPI, which is a title perhaps.

    Raises :class:`UnknownColumns` when columns are missing or stand there twice.
    """
    for delimiter in _DELIMITERS:
        dialect = _dialect(delimiter)
        try:
            heads = [_folded(head) for head in parsed(line, dialect)]
        except csv.Error:
            continue
        if _folded("NPI") in heads:
            return _layout(heads, dialect)
    return None


def mapped_layout(columns: Mapping[str, str]) -> Callable[[str], Layout | None]:
    """Give what reads a header in which these columns stand, by our name for each."""
    wanted = {name: _folded(head) for name, head in columns.items()}

    def layout(line: str) -> Layout | None:
        for delimiter in _DELIMITERS:
            dialect = _dialect(delimiter)
            try:
                heads = [_folded(head) for head in parsed(line, dialect)]
            except csv.Error:
                continue
            if set(wanted.values()) <= set(heads):
                places = {name: heads.index(head) for name, head in wanted.items()}
                return Layout(len(heads), places, marks_only=False, dialect=dialect)
        return None

    return layout


def parsed(line: str, dialect: Dialect) -> list[str]:
    """Read one row; raises ``csv.Error`` when quotes are not as they should be."""
    return next(csv.reader((line,), dialect), [])


def _dialect(delimiter: str) -> Dialect:
    """Make a dialect once: a reader takes it as it is, while one made of options is built at every row."""
    return csv.reader((), delimiter=delimiter, strict=True).dialect


def _folded(head: str) -> str:
    return re.sub(r"[\W_]+", "", head.casefold())


def _layout(heads: Sequence[str], dialect: Dialect) -> Layout:
    counted = Counter(heads)
    places: dict[str, int] = {}
    for name, written in NAMES.items():
        there = [head for head in map(_folded, written) if counted[head]]
        if len(there) > 1 or any(counted[head] > 1 for head in there):
            raise UnknownColumns(f"has the column {written[0]!r} twice")
        if there:
            places[name] = heads.index(there[0])
    marks_only = "deactivated_on" in places and not places.keys() & set(_NEEDED[1:])
    if not marks_only:
        _require(places)
    return Layout(len(heads), places, marks_only, dialect)


def _require(places: Iterable[str]) -> None:
    if missing := [NAMES[name][0] for name in _NEEDED if name not in set(places)]:
        raise UnknownColumns(f"lacks columns of the registry: {', '.join(missing)}")
