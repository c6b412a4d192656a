"""Screen names on cards."""

from __future__ import annotations

from hashlib import sha256

from bot.chat.cards import Speaker
from bot.domain.members import Member, Role


def speaker(member: Member) -> Speaker:
    """Speak under the member's screen name; the key tells names apart without being anybody's id."""
    key = sha256(f"speaker|{member.id}".encode()).hexdigest()[:16]
    return Speaker(name=member.screen_name, key=key)


def signature(member: Member) -> str:
    """Say what others see of a member: the specialty, and that a trainee is one."""
    trainee = " (trainee)" if member.role is Role.TRAINEE else ""
    return f"{member.specialty}{trainee}"
