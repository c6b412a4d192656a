"""The credential by the registry as it stands now: its public API, asked for one number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import structlog

from bot.domain.credentials import NameBars, is_physician_code, licence_key
from bot.domain.roster import Kind, RosterRow
from bot.domain.verification import Finding, Outcome, Step
from bot.ports.verification import Claims, Started
from bot.verification.asking import PATIENCE, Question, Silent, answer_to, safe
from bot.verification.registry import begun, claim_of, judged, undecided

_log = structlog.get_logger(__name__)

_VERSION: Final = "2.1"
_KINDS: Final = {"NPI-1": Kind.PERSON, "NPI-2": Kind.ORGANISATION}
_ACTIVE: Final = "A"
_NOTHING: Final = ("", "--")
"""How the registry writes that there is no prefix or suffix."""
_OUT_OF_SERVICE: Final = "15"
"""The number of the error by which the API says that a number is deactivated; it tells nothing else then."""
_SOME_DAY: Final = date.min
"""For a deactivation whose day the API does not tell; what counts is that there is one."""


class NpiApi:
    """Judges a claim by what the registry's API says today; only the number is sent."""

    name: Final = "npi_api"
    step: Final = Step.CREDENTIAL
    interactive: Final = False

    def __init__(self, url: str, bars: NameBars, *, patience: float = PATIENCE) -> None:
        """Take the API's address, and from which likeness a name counts. ``patience`` is in seconds."""
        self._url = url
        self._bars = bars
        self._patience = patience

    async def start(self, claims: Claims) -> Started:
        """Refuse a number that cannot exist; note the claim otherwise."""
        return begun(claims)

    async def poll(self, ref: str, typed: str = "") -> Finding | None:
        """Ask for the number, and judge; an answer that no registry gives is none."""
        claim = claim_of(ref)
        try:
            row = _row(await self._asked(claim.npi), claim.npi)
        except Silent:
            _log.warning("registry_silent")
            return undecided(claim, Outcome.UNAVAILABLE, "silent")
        return judged(claim, row, self._bars)

    async def _asked(self, npi: str) -> Mapping[str, Any]:
        place = safe(self._url).update_query({"version": _VERSION, "number": npi})
        return await answer_to(Question("GET", place), self._patience)


def _row(answer: Mapping[str, Any], npi: str) -> RosterRow | None:
    """Read the row of a number out of an answer; None where the registry has none.

    Raises :class:`Silent` for an answer of another shape, about another number, or without what is judged.
    """
    if "Errors" in answer:
        return _refused(answer["Errors"], npi)
    found = _list(answer, "results")
    if answer.get("result_count") != len(found) or len(found) > 1:
        raise Silent
    if not found:
        return None
    (one,) = found
    if _text(one, "number") != npi:
        raise Silent
    return _read(one, npi)


def _refused(errors: object, npi: str) -> RosterRow:
    """Read an error; the one that is an answer says that a number is out of service."""
    numbers = (
        [one.get("number") for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    )
    if numbers != [_OUT_OF_SERVICE]:
        raise Silent
    return RosterRow(npi, Kind.UNKNOWN, deactivated_on=_SOME_DAY)


def _read(one: Mapping[str, Any], npi: str) -> RosterRow:
    kind = _KINDS.get(_text(one, "enumeration_type"))
    basic = _object(one, "basic")
    if kind is None:
        raise Silent
    off = _SOME_DAY if _needed(basic, "status") != _ACTIVE else None
    if kind is Kind.ORGANISATION:
        return RosterRow(npi, kind, deactivated_on=off)
    taxonomies = _list(one, "taxonomies")
    other = next(iter(_list(one, "other_names", needed=False)), {})
    return RosterRow(
        npi,
        kind,
        last_name=_needed(basic, "last_name"),
        first_name=_needed(basic, "first_name"),
        middle_name=_text(basic, "middle_name"),
        name_suffix=_text(basic, "name_suffix"),
        other_last_name=_text(other, "last_name"),
        other_first_name=_text(other, "first_name"),
        credential=_text(basic, "credential"),
        other_credential=_text(other, "credential"),
        physician_taxonomy=any(is_physician_code(_needed(each, "code")) for each in taxonomies),
        primary_taxonomy=_primary(taxonomies),
        licences=_licences(taxonomies),
        deactivated_on=off,
    )


def _primary(taxonomies: Sequence[Mapping[str, Any]]) -> str:
    """Give the code that is marked as the primary one, else the first."""
    marked = (each for each in taxonomies if each.get("primary") is True)
    return _text(next(marked, taxonomies[0] if taxonomies else {}), "code")


def _licences(taxonomies: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    keys = (licence_key(_text(each, "state"), _text(each, "license")) for each in taxonomies)
    return tuple(dict.fromkeys(key for key in keys if key))


def _needed(values: Mapping[str, Any], name: str) -> str:
    if text := _text(values, name):
        return text
    raise Silent


def _text(values: Mapping[str, Any], name: str) -> str:
    """Give a text, empty where there is none; anything else in its place is no answer of the registry's."""
    value = values.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Silent
    return "" if value.strip() in _NOTHING else value.strip()


def _object(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = values.get(name)
    if not isinstance(value, dict):
        raise Silent
    return value


def _list(values: Mapping[str, Any], name: str, *, needed: bool = True) -> list[Mapping[str, Any]]:
    value = values.get(name, None if needed else [])
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Silent
    return value
