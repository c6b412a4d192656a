"""What a homeserver tells of one of its accounts: a display name, and that the account is there."""

from __future__ import annotations

from bot.adapters.matrix.wire import Declined, Unreachable, Wire, delivery_error, path
from bot.ports.adapter import Later, Profile


async def profile_of(wire: Wire, user_id: str) -> Profile | None:
    """Ask for the profile of a person whose server is served; None where there is no such account.

    The display name is everybody's own choice; e-mail addresses are not told. Raises ``Later`` for whatever
    else the homeserver answers, a refusal included: then nothing was learned of this account.
    """
    try:
        told = await wire.get(path("profile", user_id))
    except Declined as declined:
        if declined.code == "M_NOT_FOUND":  # a bare 404 may come from a proxy that knows no such path
            return None
        raise _later(declined) from None
    except Unreachable as unreachable:
        raise _later(unreachable) from None
    return Profile(member=True, name=str(told.get("displayname") or ""))


def _later(error: Declined | Unreachable) -> Later:
    translated = delivery_error(error)
    return translated if isinstance(translated, Later) else Later(None)
