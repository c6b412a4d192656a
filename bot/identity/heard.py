"""Heard: where an application stands after something was said, and what may be said next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.verification import Applicant, Stage
from bot.identity.applications import Application
from bot.identity.checking import Checks


@dataclass(frozen=True, slots=True)
class Heard:
    """Where an application stands after something was said.

    ``refused`` is a sentence for an answer that cannot be used: nothing has changed then. ``asks`` and
    ``url`` tell what a check wants now.
    """

    applicant: Applicant
    refused: str = ""
    asks: str = field(default="", repr=False)
    url: str = field(default="", repr=False)
    check: str = ""
    """The check that waits for the applicant, if one does."""
    names: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    """Checks of the workplace that the applicant may choose from."""
    persons: tuple[str, ...] = ()
    """Checks that would prove the applicant's name, where none has."""
    left: int | None = None
    """Tries that are left after something wrong was typed; None where nothing wrong was."""
    number_wanted: bool = False
    names_wanted: bool = False
    """No check has proved a name: the applicant types it, and a moderator binds it."""
    days: int = 0
    """Working days within which moderators want to have looked."""


def heard(application: Application, checks: Checks, now: datetime) -> Heard:
    """Say where an application stands, and what its applicant may do."""
    applicant = application.as_applicant(now)
    choosing = application.stage in (Stage.WORKPLACE, Stage.WAITING)
    return Heard(
        applicant=applicant,
        check=application.check,
        names=application.names if application.stage is Stage.NAMING else (),
        ways=tuple(one.name for one in checks.ways(application)) if choosing else (),
        persons=tuple(one.name for one in checks.persons(application)),
        number_wanted=application.wants_number,
        names_wanted=not applicant.proved_name,
    )
