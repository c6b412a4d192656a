"""For whom a case is, where it is asked in turn: one question more, if nobody said and no word tells."""

from __future__ import annotations

from typing import Final

from bot.chat.wizard import Wizard
from bot.domain.cases import WINDOWS
from bot.domain.wanted import proposed
from bot.views.wanted import NOT_PROPOSED

_FIELD: Final = "specialties"


def asked_for_whom(wizard: Wizard) -> Wizard:
    """Go on with the specialties that a case is for, where its words propose none; else change nothing.

    What is no case, or will be refused for its urgency, is left alone.
    """
    said = wizard.values
    if not wizard.finished or wizard.form.command != "case" or _FIELD in said:
        return wizard
    if said.get("urgency") not in WINDOWS or proposed(said.get("story", ""), said.get("question", "")):
        return wizard
    return wizard.ask_too(_FIELD, NOT_PROPOSED)
