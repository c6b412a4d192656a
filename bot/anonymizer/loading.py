"""What every text is held against, loaded once: expressions, lists of words, and weights."""

from __future__ import annotations

from functools import cache
from threading import Lock
from typing import Final

from bot.anonymizer.finders import TEXT_CHECKS
from bot.anonymizer.found import Found
from bot.anonymizer.merging import merge
from bot.anonymizer.submission import Submission
from bot.anonymizer.surrogates import assemble

_SAMPLE: Final = (
    "Seen on 3 May at 10:15 by Dr. Ada Holloway <@U1> of Milltown; ada@milltown.example, fe80::1."
)
"""Holds something of everything: each check tries what it has, and loads it for that."""
_ONE_BY_ONE: Final = Lock()


def load() -> None:
    """Load it: some 0.1 s of computing, once in a process; whoever comes meanwhile waits for it.

    Several threads that load the same thing side by side would keep everybody else waiting that much longer.
    """
    with _ONE_BY_ONE:
        _load()


@cache
def _load() -> None:
    submission = Submission.of({"sample": _SAMPLE})
    found: list[Found] = []
    for check in TEXT_CHECKS:
        found.extend(check.find(submission, tuple(found)))
    assemble(submission, merge(submission, found), ran=())
