"""The bot that runs on this machine: what it says of its own parts, which nobody else can try."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
from yarl import URL

from bot.config import Settings
from bot.ports.adapter import Check

SECONDS = 5
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where it listens, not where we do


async def running(settings: Settings) -> AsyncGenerator[Check]:
    """Ask its ``/ready``; where nothing listens no bot runs, which is fine before the first start."""
    if not settings.http.port:
        return
    address = _address(settings)
    try:
        parts = await _parts(address)
    except aiohttp.ClientConnectorError:
        yield Check("running bot", "ok", f"none runs here: nothing listens at {address.authority}")
        return
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError):
        yield Check(
            "running bot", "warn", f"{address} gave no answer of a bot's; does something else listen?"
        )
        return
    troubles = [trouble for name, part in parts.items() if (trouble := _trouble(name, part))]
    for trouble in troubles or [Check("running bot", "ok")]:
        yield trouble


def _address(settings: Settings) -> URL:
    host = _ANYWHERE.get(settings.http.host, settings.http.host)
    return URL.build(scheme="http", host=host, port=settings.http.port, path="/ready")


async def _parts(address: URL) -> dict[str, dict[str, Any]]:
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as answer:
        parts = (await answer.json())["parts"]
    return {str(name): {"ok": part["ok"], "problem": part.get("problem", "")} for name, part in parts.items()}


def _trouble(name: str, part: dict[str, Any]) -> Check | None:
    """Make a line of a part that does not work, or that has something to say."""
    if part["ok"] and not part["problem"]:
        return None
    return Check(f"running {name}", "warn" if part["ok"] else "fail", str(part["problem"]) or "does not work")
