"""What a homeserver tells of one of its accounts: display name, picture, and that the account is there."""

from __future__ import annotations

from bot.adapters.matrix.wire import Declined, Unreachable, Wire, delivery_error, path
from bot.ports.adapter import Later, Profile

# Synapse says M_UNKNOWN of an account that never was. Any other 404 may be about the path.
_NOBODY = ("M_NOT_FOUND", "M_UNKNOWN")


async def profile_of(wire: Wire, user_id: str) -> Profile | None:
    """Ask for the profile of a person whose server is served; None where there is no such account.

    The display name is everybody's own choice; e-mail addresses are not told. Raises ``Later`` for whatever
    else the homeserver answers, a refusal included: then nothing was learned of this account.
    """
    try:
        told = await wire.get(path("profile", user_id))
    except Declined as declined:
        if declined.status == 404 and declined.code in _NOBODY:
            return None
        raise _later(declined) from None
    except Unreachable as unreachable:
        raise _later(unreachable) from None
    name, picture = str(told.get("displayname") or ""), str(told.get("avatar_url") or "")
    return Profile(member=True, name=name, picture=picture)


def _later(error: Declined | Unreachable) -> Later:
    translated = delivery_error(error)
    return translated if isinstance(translated, Later) else Later(None)
