"""The text checks in the order in which they run; a finder is one file here and one line in this table."""

from __future__ import annotations

from typing import Final

from bot.anonymizer.finders.ages import AgesOver89
from bot.anonymizer.finders.behind_names import BehindNames
from bot.anonymizer.finders.contacts import Contacts
from bot.anonymizer.finders.names import NamesAndPlaces
from bot.anonymizer.finders.numbers import Numbers
from bot.anonymizer.finders.repeats import Repeats
from bot.anonymizer.finders.scripts import OtherScripts
from bot.anonymizer.finders.when import Dates
from bot.anonymizer.found import TextCheck

TEXT_CHECKS: Final[tuple[TextCheck, ...]] = (
    Contacts(),
    Dates(),
    Numbers(),
    OtherScripts(),
    NamesAndPlaces(),
    AgesOver89(),
    BehindNames(),
    Repeats(),
)
"""Every text check of the library."""
