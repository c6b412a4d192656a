"""The parts of the bot: databases and keys as they open, and each site as its adapter finds it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from bot.cli.opening import OpenBot, Site
from bot.cli.sentences import is_expected, sentences
from bot.config import Settings
from bot.identity.keys import KeyRefused, load_master_key
from bot.logs import failure
from bot.ports.adapter import Check, ConfigurationRefused

SITE_SECONDS = 60
_PAUSED = "nothing leaves for this room; `curbside outbox list` says why"


async def parts(settings: Settings, open_bot: OpenBot) -> AsyncGenerator[Check]:
    """Open the bot beside a running one, which migrates the databases, and let every site try its own."""
    try:
        bot = await open_bot(settings)
    except Exception as error:
        if not is_expected(error):
            raise
        for sentence in _why_not(error, settings):
            yield Check("databases and sites", "fail", sentence)
        return
    try:
        yield Check("databases", "ok")
        for pause in await bot.backlog.paused():
            yield Check(f"{pause.room} pause", "warn", _PAUSED)
        for adapter in bot.adapters:
            for check in await _site(adapter):
                yield check
    finally:
        await bot.stop()


def _why_not(error: Exception, settings: Settings) -> list[str]:
    """Say why the bot does not open; a key file that cannot be used has a line of its own already."""
    if isinstance(error, ConfigurationRefused) and error.key == "key_file":
        try:
            load_master_key(settings.key_file)
        except KeyRefused:
            return ["could not be tried without the key file"]
    return sentences(error)


async def _site(adapter: Site) -> list[Check]:
    """Let the adapter try everything an operator can get wrong; a site that hangs is a failed check."""
    try:
        async with asyncio.timeout(SITE_SECONDS):
            found = await adapter.checks()
    except TimeoutError:
        return [Check(adapter.site, "fail", f"gave no answer within {SITE_SECONDS} s; is its address right?")]
    except Exception as error:  # noqa: BLE001  (one broken site must not hide the others)
        if is_expected(error):
            return [Check(adapter.site, "fail", sentence) for sentence in sentences(error)]
        return [bug(adapter.site, error)]
    return [_named(adapter, check) for check in found]


def _named(adapter: Site, check: Check) -> Check:
    """Begin the check's name with the site's label, once, and leave the platform's out."""
    name = check.name
    for word in (adapter.platform, adapter.site):
        name = name.removeprefix(word).lstrip(" :")
    return Check(f"{adapter.site} {name}", check.state, check.remedy)


def bug(name: str, error: Exception) -> Check:
    """Make a failed check of an exception that nobody expected, without its words."""
    told = failure(error)
    place = told["trace"][-1] if told["trace"] else "an unknown place"
    return Check(name, "fail", f"could not be tried: {told['error']} at {place}; please report this line")
