"""Availability: when a physician can be paged. Kept by the identity side; here is only what they say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.chat.cards import Card
from bot.commands.context import Ask, Context
from bot.commands.paging import require_paged
from bot.domain.permissions import Action
from bot.domain.refusal import Refused
from bot.domain.routing import Availability
from bot.ports.routing import Change
from bot.views.page import availability_card, duty_card, mute_card

_HOURS: Final = re.compile(r"(\d{1,3})\s*(?:h|hours?)?", re.IGNORECASE)
_QUIET: Final = re.compile(r"(\d{1,2})(?::00)?\s*(?:-|–|to)\s*(\d{1,2})(?::00)?(?:\s+(\S+))?", re.IGNORECASE)
_LONGEST_DUTY: Final = 48
_LONGEST_MUTE: Final = 168
_OFF: Final = "off"


async def duty(ctx: Context, request: Ask) -> Card:
    """Say whether the member is on duty, or change it: ``duty 12h``, ``duty off``."""
    require_paged(ctx, Action.DUTY)
    return duty_card(await _until(ctx, "duty", request.argument, _LONGEST_DUTY), ctx.now())


async def mute(ctx: Context, request: Ask) -> Card:
    """Say whether pages reach the member, or stop them for a while: ``mute 8h``, ``mute off``."""
    require_paged(ctx, Action.MUTE)
    return mute_card(await _until(ctx, "mute", request.argument, _LONGEST_MUTE), ctx.now())


async def _until(ctx: Context, what: str, argument: str, most: int) -> Availability:
    """Keep until when; an empty word only looks."""
    words = argument.strip().casefold()
    if not words:
        return await ctx.house.routing.availability(ctx.member.id)
    until = None if words == _OFF else ctx.now() + _hours(what, words, most)

    def change(said: Availability) -> Availability:
        if what == "duty":
            # Whoever says that they are on duty wants to be reached.
            return replace(said, duty_until=until, mute_until=None if until else said.mute_until)
        return replace(said, mute_until=until)

    return await ctx.house.routing.change(ctx.member.id, change)


def _hours(what: str, words: str, most: int) -> timedelta:
    match = _HOURS.fullmatch(words)
    if match is None or not 1 <= int(match[1]) <= most:
        raise Refused("no_hours", f"Say for how many hours, 1 to {most}, for example: {what} 8h.", what)
    return timedelta(hours=int(match[1]))


async def quiet(ctx: Context, words: str) -> Card:
    """Show when pages reach the member, or change it: ``22-7 Europe/Berlin``, ``off``, ``urgent on``."""
    require_paged(ctx, Action.ME)
    said = words.strip()
    if not said:
        return availability_card(await ctx.house.routing.availability(ctx.member.id), ctx.now())
    first, _, rest = said.casefold().partition(" ")
    if first == _OFF:
        return await _keep(ctx, lambda before: replace(before, quiet=None))
    if first == "urgent" and rest in ("on", _OFF):
        return await _keep(ctx, lambda before: replace(before, through=rest == "on"))
    return await _keep_hours(ctx, said)


async def _keep_hours(ctx: Context, said: str) -> Card:
    match = _QUIET.fullmatch(said)
    hours = (int(match[1]), int(match[2])) if match else (0, 0)
    if match is None or max(hours) > 24 or hours[0] % 24 == hours[1] % 24:
        raise Refused(
            "no_quiet", "Say quiet hours as two hours of the day, for example: me quiet 22-7.", "me quiet"
        )
    zone = match[3] or (await ctx.house.routing.availability(ctx.member.id)).zone
    if not is_zone(zone):
        raise Refused(
            "no_zone",
            "Say your time zone too, for example: me quiet 22-7 America/New_York, or Europe/Berlin.",
            "me quiet",
        )
    kept = (hours[0] % 24, hours[1] % 24)
    return await _keep(ctx, lambda before: replace(before, quiet=kept, zone=zone))


def is_zone(name: str) -> bool:
    """Say whether the machine knows a time zone by this name."""
    try:
        return bool(name) and bool(ZoneInfo(name).key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


async def _keep(ctx: Context, change: Change) -> Card:
    kept = await ctx.house.routing.change(ctx.member.id, change)
    return availability_card(kept, ctx.now())
