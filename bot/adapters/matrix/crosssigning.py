"""Cross-signing: makes the bot's device one that strict clients talk to, under keys that stay the same.

Clients that deal only with cross-signed devices neither read a bot without this nor let it read them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog

from bot.adapters.matrix.login import NotTaken
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.signing import SigningKeys
from bot.adapters.matrix.wire import Declined

_log = structlog.get_logger(__name__)


async def sign_own_device(session: Session) -> SigningKeys:
    """See to it that the account's published signing keys are ours and that they vouch for this device.

    Keys are made at the first start and kept in the cabinet for ever: other keys would be a new identity,
    which clients warn of. Raises ``ConfigurationRefused`` when the homeserver wants a password that is not
    there, ``Declined`` and ``Unreachable``.
    """
    published = await session.keys_of(session.user_id)
    keys = await _published_keys(session, published)
    await _see_signed(session, keys, published)
    return keys


async def sign_as_known(session: Session) -> bool:
    """See to it that the account's keys vouch for this device; False while there are none that are ours.

    They are made and published by the bot with the seat alone: two at once would be two identities. Raises
    as :func:`sign_own_device`.
    """
    kept = await session.cabinet.get(session.cabinet_name("signing"))
    published = await session.keys_of(session.user_id)
    keys = SigningKeys.read(kept) if kept is not None else None
    if keys is None or not _are_published(session.user_id, keys, published):
        return False
    await _see_signed(session, keys, published)
    return True


async def _see_signed(session: Session, keys: SigningKeys, published: dict[str, Any]) -> None:
    device = published["device_keys"].get(session.user_id, {}).get(session.device_id)
    if device is None:
        raise NotTaken("homeserver", "The homeserver did not accept the bot's device keys.")
    if not keys.has_signed(session.user_id, "self_signing", device):
        await _sign_device(session, keys, device)


async def _published_keys(session: Session, published: dict[str, Any]) -> SigningKeys:
    """Give the kept keys if they are the account's, else publish the kept or new ones."""
    kept = await session.cabinet.get(session.cabinet_name("signing"))
    keys = SigningKeys.read(kept) if kept is not None else SigningKeys.create(session.chance)
    if not _are_published(session.user_id, keys, published):
        if keys.published:
            # Keys that were replaced at the homeserver cannot come back: Synapse answers 500 to known keys.
            keys = SigningKeys.create(session.chance)
        # Kept before they are published: a crash in between must not publish keys that nobody has.
        await _keep(session, keys)
        await _publish(session, keys)
    if not keys.published:
        keys = replace(keys, published=True)
        await _keep(session, keys)
    return keys


async def _keep(session: Session, keys: SigningKeys) -> None:
    await session.cabinet.put(session.cabinet_name("signing"), keys.write())


def _are_published(user_id: str, keys: SigningKeys, published: dict[str, Any]) -> bool:
    for usage in ("master", "self_signing"):
        known = published.get(f"{usage}_keys", {}).get(user_id, {}).get("keys", {})
        if f"ed25519:{keys.public(usage)}" not in known:
            return False
    return True


async def _publish(session: Session, keys: SigningKeys) -> None:
    body = keys.upload_body(session.user_id)
    try:
        await session.wire.post("/keys/device_signing/upload", body)
    except Declined as declined:
        if declined.status != 401 or declined.logged_out:
            raise
        _log.warning("matrix_signing_keys_replaced", site=session.site.name)
        await session.wire.post(
            "/keys/device_signing/upload", {**body, "auth": _password_stage(session, declined)}
        )


def _password_stage(session: Session, declined: Declined) -> dict[str, Any]:
    """Answer the homeserver's question for the password."""
    stages = [flow.get("stages", []) for flow in declined.answer.get("flows", [])]
    if not session.site.password or ["m.login.password"] not in stages:
        sentence = "The homeserver asks for the password before it accepts the bot's signing keys."
        raise NotTaken("password", sentence)
    return {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": session.user_id},
        "password": session.site.password,
        "session": declined.answer.get("session", ""),
    }


async def _sign_device(session: Session, keys: SigningKeys, device: dict[str, Any]) -> None:
    signed = {name: value for name, value in device.items() if name not in ("signatures", "unsigned")}
    keys.sign(session.user_id, "self_signing", signed)
    answer = await session.wire.post(
        "/keys/signatures/upload", {session.user_id: {session.device_id: signed}}
    )
    if answer.get("failures"):
        raise NotTaken("homeserver", "The homeserver did not accept the signature on the bot's device.")
