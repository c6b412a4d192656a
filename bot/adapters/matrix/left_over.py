"""Left over: devices of the account that no bot uses any more; every room key would go to them for ever."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import structlog

from bot.adapters.matrix.login import Login, log_out
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.wire import Declined, Unreachable, Wire
from bot.ports.adapter import ConfigurationRefused

_log = structlog.get_logger(__name__)
SILENT: Final = timedelta(days=30)
"""How long the device of a machine may be unheard of before it is logged out."""


async def log_out_left_over(session: Session, now: datetime) -> None:
    """Log out other devices of the account that bots made: of a bot alone all, else those long unheard.

    What fails is done another day.
    """
    try:
        for device in await devices_of(session):
            login = await session.devices.kept(device["device_id"])
            if login is None or login.device_id == session.device_id:
                continue
            if session.site.alone or _is_silent(device, now):
                await _log_out(session, login)
    except (Declined, Unreachable, ConfigurationRefused):
        _log.warning("matrix_devices_not_tidied", site=session.site.name)


async def devices_of(session: Session) -> list[dict[str, Any]]:
    """List the devices of the account as the homeserver tells; raises ``Declined`` and ``Unreachable``."""
    devices: list[dict[str, Any]] = (await session.wire.get("/devices")).get("devices", [])
    return devices


def heard(device: Mapping[str, Any]) -> datetime | None:
    """Say when the homeserver last heard of a device; None where it does not tell."""
    seen = device.get("last_seen_ts")
    return datetime.fromtimestamp(seen / 1000, UTC) if isinstance(seen, int) else None


def _is_silent(device: Mapping[str, Any], now: datetime) -> bool:
    at = heard(device)
    return at is not None and now - at > SILENT


async def _log_out(session: Session, login: Login) -> None:
    """Log out with that device's own token."""
    wire = Wire(session.site.homeserver)
    try:
        await log_out(wire, login)
    finally:
        await wire.close()
    await session.devices.forget(login)
    _log.info("matrix_device_logged_out", site=session.site.name)
