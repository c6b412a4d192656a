"""The fields that a log line may have, declared in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Looks = Callable[[object], bool]


def _like(pattern: str) -> Looks:
    whole = re.compile(pattern)
    return lambda value: isinstance(value, str) and whole.fullmatch(value) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_places(value: object) -> bool:
    return isinstance(value, (list, tuple)) and all(map(_PLACE, value))


is_event = _like(r"[a-z][a-z0-9_]{2,63}")
is_word = _like(r"[a-z][A-Za-z0-9_.-]{0,63}")
is_code = _like(r"[a-z][A-Za-z0-9_.-]{0,63}|M_[A-Z_]{2,60}|[A-Z][A-Za-z]{1,60}(Error|Exception)")
_LABEL = _like(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_ROOM = _like(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}(/moderators)?")
_CLASS = _like(r"[A-Za-z_][A-Za-z0-9_.]{0,79}")
_HEX = _like(r"[0-9a-f-]{8,64}")
_PLACE = _like(r"[A-Za-z0-9_./<>-]{1,120}(:\d+)?")
_VERSION = _like(r"[0-9][A-Za-z0-9.+-]{0,31}")

FIELDS: Mapping[str, Looks] = {
    # Where and what.
    "site": _LABEL,
    "room": _ROOM,
    "platform": is_word,
    "part": _LABEL,
    "kind": is_word,
    "what": is_word,
    "state": is_word,
    "outcome": is_word,
    "method": is_word,
    "command": is_word,
    "check": is_word,
    "signal": _like(r"SIG[A-Z]{2,8}"),
    "version": _VERSION,
    # How it ended. ``code`` is a fixed word of ours or of a platform's API.
    "code": is_code,
    "status": _is_number,
    "errno": _like(r"E[A-Z0-9]{2,20}"),
    "error": _CLASS,
    "cause": _CLASS,
    "trace": _are_places,
    "place": _PLACE,
    "logger": _CLASS,
    # Which one: random ids and the code that a person reads to the operator.
    "delivery": _HEX,
    "reference": _like(r"[A-Z0-9]{4,8}"),
    # How many, how long.
    "count": _is_number,
    "rows": _is_number,
    "row": _is_number,
    "tries": _is_number,
    "bytes": _is_number,
    "port": _is_number,
    "revision": _is_number,
    "seconds": _is_number,
    "wait_seconds": _is_number,
    "age_seconds": _is_number,
    "unsure": _is_flag,
    "connected": _is_flag,
    "dropped": _is_number,
}
"""Every field that a line may have, with what its value has to look like."""
