"""Logging in to a homeserver: with a password, with a kept token, or again after a soft logout."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from bot.adapters.matrix.site import MatrixSite
from bot.adapters.matrix.wire import Declined, Wire
from bot.ports.adapter import ConfigurationRefused

_DEVICE_NAME = "Curbside"


class NotTaken(ConfigurationRefused):
    """The homeserver does not take the bot or its keys, or not any more."""


@dataclass(frozen=True, slots=True)
class Login:
    """What has to be kept so that the next start is the same device. ``pickle_key`` opens its key store."""

    user_id: str
    device_id: str
    access_token: str = field(repr=False)
    pickle_key: str = field(repr=False)

    def write(self) -> bytes:
        """Write it down, to be sealed by whoever keeps it."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__}).encode()

    @classmethod
    def read(cls, kept: bytes) -> Login:
        """Read what :meth:`write` wrote."""
        return cls(**json.loads(kept))


async def log_in(wire: Wire, site: MatrixSite, pickle_key: str, device_id: str = "") -> Login:
    """Log in with the password, as a given device or as a new one.

    Raises ``NotTaken`` when the homeserver says no, ``Declined`` for a passing trouble, and
    ``Unreachable``.
    """
    if not site.password:
        sentence = (
            "The homeserver does not take the access token any more; write another one, or the password."
        )
        raise NotTaken("password", sentence)
    wire.token = ""
    try:
        answer = await wire.post("/login", _password_body(site, device_id))
    except Declined as declined:
        raise _refused(declined) from declined
    wire.token = answer["access_token"]
    return Login(answer["user_id"], answer["device_id"], answer["access_token"], pickle_key)


async def still_valid(wire: Wire, site: MatrixSite, login: Login) -> Login | None:
    """Try a kept login; a soft logout is renewed on the spot; None when it has ended for good.

    The wire has no token then. Raises as :func:`log_in`.
    """
    wire.token = login.access_token
    try:
        who = await wire.get("/account/whoami")
    except Declined as declined:
        if not declined.logged_out:
            raise _refused(declined) from declined
        if declined.answer.get("soft_logout"):
            return await log_in(wire, site, login.pickle_key, login.device_id)
        wire.token = ""
        return None
    return _named(login, who)


async def log_out(wire: Wire, login: Login) -> None:
    """End a login and forget its device; an already ended one is fine. The wire has no token then."""
    wire.token = login.access_token
    try:
        await wire.post("/logout", {})
    except Declined as declined:
        if not declined.logged_out:
            raise _refused(declined) from declined
    wire.token = ""


def _named(login: Login, who: dict[str, Any]) -> Login:
    device = who.get("device_id", login.device_id)
    if who["user_id"] != login.user_id or (login.device_id and device != login.device_id):
        raise ConfigurationRefused("access_token", "The access token belongs to another user or device.")
    return replace(login, device_id=device)


def _password_body(site: MatrixSite, device_id: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": site.user},
        "password": site.password,
        "initial_device_display_name": _DEVICE_NAME,
    }
    return {**body, "device_id": device_id} if device_id else body


def _refused(declined: Declined) -> Exception:
    """Say what the operator can mend; a passing trouble stays what it is."""
    if declined.passing:
        return declined
    if declined.status == 403:
        return NotTaken("password", "The homeserver does not accept the bot's user and password.")
    return NotTaken("homeserver", f"The homeserver refuses the bot's login ({declined}).")
