"""Mistakes that a person can mend, in the sentences that tell how."""

from __future__ import annotations

from bot.config import WrongSettings
from bot.http import CannotListen
from bot.identity.joining import EnrolmentRefused
from bot.identity.keys import KeyRefused
from bot.ports.adapter import ConfigurationRefused
from storage.refused import StorageRefused


class Misused(Exception):
    """The command cannot be done with these arguments; the message is for the person."""


_EXPECTED = (
    WrongSettings,
    ConfigurationRefused,
    KeyRefused,
    StorageRefused,
    EnrolmentRefused,
    CannotListen,
    Misused,
)


def is_expected(error: BaseException) -> bool:
    """Say whether the error is the configuration's or the person's, not ours."""
    return isinstance(error, _EXPECTED)


def sentences(error: BaseException) -> list[str]:
    """Give what to tell, one line a problem."""
    if isinstance(error, WrongSettings):
        return [str(problem) for problem in error.problems]
    if isinstance(error, CannotListen):
        return [f"[http] {error.sentence}"]
    if isinstance(error, (KeyRefused, StorageRefused, EnrolmentRefused)):
        return [error.sentence]
    return [str(error)]
