"""Personae: what a posting is signed with, and how a name stands where it must not be read."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from bot.domain.members import Member, MemberId, Persona
from bot.domain.refusal import Refused

OWN_NAME: Final = "⟪own name⟫"
"""Stands for the verified own name of whoever reads the card; filled in at the very last moment."""
SEALED_NAME: Final = re.compile(r"⟪([0-9a-f]{32}|own name)⟫")
"""Where such a name stands: the id of the persona whose it is, or the reader's own."""


class Signing(StrEnum):
    """What the author of a case wants it to be signed with."""

    SCREEN_NAME = "screen name"
    ALIAS = "alias"
    OWN_NAME = "own name"


KINDS: Final = {Signing.ALIAS: Persona.ALIAS, Signing.OWN_NAME: Persona.NAMED}
"""The persona that each way of signing needs."""


def alias_of(ident: MemberId, member: Member, screen_name: str) -> Member:
    """Make the persona of a one-time alias. It has no specialty: that would tell whose it is."""
    return replace(member, id=ident, screen_name=screen_name, specialty="", persona=Persona.ALIAS)


def named(ident: MemberId, member: Member) -> Member:
    """Make the persona of a posting under the own name; the name itself lies in the vault."""
    sealed = f"⟪{ident}⟫"
    return replace(member, id=ident, screen_name=sealed, specialty="", persona=Persona.NAMED)


def require_change(changed_on: date | None, today: date, days: int) -> None:
    """Refuse a change of the screen name that comes within ``days`` of the last one."""
    again = change_from(changed_on, days) if changed_on else today
    if today < again:
        raise Refused(
            "too_soon",
            f"A screen name can be changed once in {days} days. You can from {written(again)}.",
            "me",
        )


def change_from(changed_on: date, days: int) -> date:
    """Give the first day on which the name can be changed again."""
    return changed_on + timedelta(days=days)


def written(day: date) -> str:
    """Write a day for a sentence."""
    return f"{day.day} {day:%B %Y}"
