"""Screen names on cards."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from bot.chat.cards import Speaker
from bot.domain.members import Member, Persona, Role


def speaker(member: Member) -> Speaker:
    """Speak under the member's screen name; the key tells names apart without being anybody's id."""
    key = sha256(f"speaker|{member.id}".encode()).hexdigest()[:16]
    return Speaker(name=member.screen_name, key=key)


MARKS: Final = {Persona.ALIAS: "one-time alias", Persona.NAMED: "verified name"}
"""What stands on a card beside a name that is for one case."""


def signature(member: Member) -> str:
    """Say what others see of a member: the specialty, that a trainee is one, or how the name is special."""
    if mark := MARKS.get(member.persona):
        return mark
    trainee = " (trainee)" if member.role is Role.TRAINEE else ""
    return f"{member.specialty}{trainee}"
