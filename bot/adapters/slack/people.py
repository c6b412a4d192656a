"""What Slack tells of one account: a full member of this workspace, a guest, a bot, or gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.adapters.slack.errors import Declined, Unreachable, delivery_error
from bot.adapters.slack.wire import Wire
from bot.ports.adapter import Later, Profile

_GUEST = ("is_restricted", "is_ultra_restricted", "is_stranger")
_BOT = ("is_bot", "is_workflow_bot")
_SLACKBOT = "USLACKBOT"  # says that it is no bot


class People:
    """The accounts of one workspace."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def person(self, user: str) -> Mapping[str, Any]:
        """Ask Slack about one person; raises ``Declined`` or ``Unreachable``."""
        answer = await self._wire.ask("users.info", user=user)
        return dict(answer.get("user") or {})

    async def profile(self, user: str, team: str) -> Profile | None:
        """Say what Slack knows of an account; None for one that is gone.

        Raises ``Later`` for whatever else Slack answers: then nothing was learned of this account.
        """
        try:
            person = await self.person(user)
        except Declined as declined:
            if declined.code == "user_not_found":
                return None
            if declined.code == "user_not_visible":
                return Profile(member=False)
            raise _later(declined) from None
        except Unreachable as unreachable:
            raise _later(unreachable) from None
        if not person:
            raise Later(None)
        return profile_of(person, team)


def profile_of(person: Mapping[str, Any], team: str) -> Profile | None:
    """Read a ``user`` object of Slack's; None where the account is switched off.

    The name is what the person or the workspace wrote as the full name. The e-mail address is left out
    while Slack waits for its confirmation, and is missing without the scope ``users:read.email``.
    """
    if person.get("deleted"):
        return None
    told = person.get("profile") or {}
    confirmed = person.get("is_email_confirmed", True) is True
    return Profile(
        member=person.get("team_id") == team and not is_guest(person) and not _is_bot(person),
        name=str(told.get("real_name") or person.get("real_name") or ""),
        email=str(told.get("email") or "") if confirmed else "",
        picture=_picture(told),
    )


def _picture(told: Mapping[str, Any]) -> str:
    """Give the hash of a picture that somebody uploaded; the drawn ones have a hash too, and no original."""
    uploaded = told.get("is_custom_image") is True or bool(told.get("image_original"))
    return str(told.get("avatar_hash") or "") if uploaded else ""


def is_guest(person: Mapping[str, Any]) -> bool:
    """Say whether somebody is a guest, or from another workspace."""
    return any(person.get(name) for name in _GUEST)


def _is_bot(person: Mapping[str, Any]) -> bool:
    return person.get("id") == _SLACKBOT or any(person.get(name) for name in _BOT)


def _later(error: Declined | Unreachable) -> Later:
    translated = delivery_error(error)
    return translated if isinstance(translated, Later) else Later(None)
