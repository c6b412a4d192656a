"""Limits: what is remembered of a homeserver that limited the bot, so that ``curbside doctor`` can tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote

import structlog

from bot.adapters.matrix.session import Session
from bot.ports.adapter import Check
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
_NAME: Final = "matrix rate limit"
_NOTED_AGAIN: Final = timedelta(hours=1)
_TOLD: Final = timedelta(days=7)


class Limits:
    """The last refusal of one site, kept in the cabinet: the bot learns of it, the doctor tells of it."""

    def __init__(self, session: Session, clock: Clock) -> None:
        """Have noted nothing since the start."""
        self._session = session
        self._clock = clock
        self._noted: datetime | None = None

    async def note(self, interval: float) -> None:
        """Keep that the homeserver takes one message in so many seconds; at most once an hour."""
        now = self._clock.now()
        if self._noted is not None and now - self._noted < _NOTED_AGAIN:
            return
        kept = json.dumps({"at": int(now.timestamp()), "interval": round(interval, 1)})
        try:
            await self._session.cabinet.put(self._where, kept.encode())
        except Exception as fault:  # noqa: BLE001 - whatever the database raises: the delivery goes on all the same
            _log.warning("matrix_limit_not_noted", site=self._session.site.name, exc_info=fault)
        else:
            self._noted = now

    async def check(self) -> Check:
        """Say whether the bot was limited in the last seven days, and what to type against it."""
        kept = await self._session.cabinet.get(self._where)
        noted = json.loads(kept) if kept is not None else None
        if noted is None:
            return Check(_NAME, "ok", "The homeserver has not limited the bot so far.")
        at = datetime.fromtimestamp(noted["at"], UTC)
        if self._clock.now() - at > _TOLD:
            return Check(_NAME, "ok", f"The homeserver last limited the bot on {at:%Y-%m-%d}.")
        return Check(_NAME, "warn", self._remedy(at, noted["interval"]))

    def _remedy(self, at: datetime, interval: float) -> str:
        site = self._session.site
        where = f"{site.homeserver.rstrip('/')}/_synapse/admin/v1/users/{quote(site.user)}/override_ratelimit"
        return (
            f"On {at:%Y-%m-%d} the homeserver took one message of the bot every {interval:g} s. "
            "As an admin of it type: curl -X POST -H 'Authorization: Bearer ADMIN_TOKEN' "
            f"""-d '{{"messages_per_second": 0, "burst_count": 0}}' '{where}'"""
            "; or raise rc_message in homeserver.yaml."
        )

    @property
    def _where(self) -> str:
        return self._session.cabinet_name("limited")
