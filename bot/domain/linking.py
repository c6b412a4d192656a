"""Linking: a code shown in one account and typed in another, and what both sides say to it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

DIGITS: Final = 8
GOOD_FOR: Final = timedelta(minutes=10)
"""How long a code can be typed."""
TO_ANSWER: Final = timedelta(hours=1)
"""How long both sides have to agree once it was typed."""
CODES_A_DAY: Final = 3
WRONG_A_DAY: Final = 5


@dataclass(frozen=True, slots=True)
class Chats:
    """How many accounts a member has, and whether notices come to the chat that asks."""

    count: int = 1
    here: bool = True


class Linked(StrEnum):
    """Where the joining of two accounts stands, as one of them sees it."""

    NOTHING = "nothing"
    """Nothing is under way."""
    SHOWN = "shown"
    """This account shows a code that nobody has typed yet."""
    ASKED = "asked"
    """This account is to say whether both belong to one person."""
    WAITS = "waits"
    """The other account is to say so."""
    JOINED = "joined"
    STOPPED = "stopped"
    NO_CODE = "no_code"
    """Whatever was typed leads nowhere: never shown, too old, used, or one's own."""
    TOO_OFTEN = "too_often"
    """Too many codes were asked for today."""
    TOO_WRONG = "too_wrong"
    """Too many wrong codes were typed today; a right one is as good as a wrong one now."""
    STRANGERS = "strangers"
    """Neither of the two is a member's."""
    TWO_MEMBERS = "two_members"
    """Both are members of their own."""
    ONE_ALREADY = "one_already"
    """Both are one member's already."""


def digits_of(typed: str) -> str:
    """Give the digits of a code as it was typed, with blanks or hyphens; empty unless there are eight."""
    bare = "".join(typed.split()).replace("-", "")
    return bare if len(bare) == DIGITS and bare.isascii() and bare.isdigit() else ""


def in_groups(code: str) -> str:
    """Write a code so that it is easy to copy: ``1234 5678``."""
    return f"{code[:4]} {code[4:]}"
