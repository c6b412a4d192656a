"""Exceptions without a word of theirs: their messages and local variables may hold what people wrote."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from bot.logs.fields import is_code

OURS = ("bot", "storage")
"""Packages whose fixed codes can be trusted to be fixed."""

_ROOT = Path(__file__).resolve().parents[2]
_MOST_PLACES = 12
_REFERENCE_SIGNS = "23456789BCDFGHJKLMNPQRSTVWXZ"


def failure(error: BaseException) -> dict[str, Any]:
    """Describe an exception by class, fixed code and places in the code; never by its message."""
    told: dict[str, Any] = {"error": type(error).__name__, "trace": list(_places(error))}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        told["cause"] = type(cause).__name__
    code = getattr(error, "code", None)
    if type(error).__module__.split(".")[0] in OURS and is_code(code):
        told["code"] = code
    if isinstance(error, OSError) and error.errno is not None:
        told["errno"] = errno.errorcode.get(error.errno)
    return told


def _places(error: BaseException) -> Sequence[str]:
    places = [f"{short(file)}:{line}" for file, line in _frames(_innermost(error))]
    return places[-_MOST_PLACES:]


def _innermost(error: BaseException) -> BaseException:
    """Look into a group of exceptions: its own frames only say that there was a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _frames(error: BaseException) -> Iterator[tuple[str, int]]:
    step = error.__traceback__
    while step is not None:
        yield step.tb_frame.f_code.co_filename, step.tb_lineno
        step = step.tb_next


def short(file: str) -> str:
    """Shorten a path to what a developer needs; the operator's folders stay out of the log."""
    for mark in ("/site-packages/", f"{_ROOT}/"):
        before, found, rest = file.rpartition(mark)
        if found and (mark != f"{_ROOT}/" or not before):
            return rest
    return Path(file).name


def reference(chance: Random) -> str:
    """Make a short code such as ``K7Q2`` that a person can read to the operator; no vowels, no 0, 1, O, I."""
    return "".join(chance.choices(_REFERENCE_SIGNS, k=4))
