"""The clock: signatures and poll deadlines depend on it, so it is compared with the sites' own."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from bot.config import Settings, SlackSite
from bot.config.sites import Site
from bot.ports.adapter import Check

_OFF = 5
_FAR_OFF = 120
"""Seconds. Slack's signatures are refused beyond 300."""

_REMEDY = "switch on time synchronisation (timedatectl set-ntp true)"


async def clock(
    settings: Settings, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> AsyncGenerator[Check]:
    """Compare this machine's clock with the Date header of every site that answers."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        asked = [_seconds_off(session, _address(site), now) for site in settings.sites]
        seconds = [one for one in await asyncio.gather(*asked) if one is not None]
    if not seconds:
        yield Check("clock", "warn", "no site told its time, so it could not be compared")
    else:
        yield _judged(max(seconds, key=abs))


def _judged(seconds: float) -> Check:
    if abs(seconds) < _OFF:
        return Check("clock", "ok")
    where = "ahead of" if seconds > 0 else "behind"
    state = "fail" if abs(seconds) >= _FAR_OFF else "warn"
    return Check("clock", state, f"is {abs(seconds):.0f} s {where} a site's; {_REMEDY}")


def _address(site: Site) -> str:
    if isinstance(site, SlackSite):
        return f"{site.api_url}api.test"
    return f"{site.homeserver.rstrip('/')}/_matrix/client/versions"


async def _seconds_off(
    session: aiohttp.ClientSession, address: str, now: Callable[[], datetime]
) -> float | None:
    """Give how far this clock is ahead; None when the site is away, which its own checks tell better."""
    try:
        async with session.get(address, allow_redirects=False) as answer:
            told = parsedate_to_datetime(answer.headers["Date"])
    except (aiohttp.ClientError, TimeoutError, KeyError, ValueError):
        return None
    return (now() - told).total_seconds()
