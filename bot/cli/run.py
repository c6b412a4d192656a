"""`curbside run`: the bot, until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Coroutine

import structlog

from bot import logs
from bot.cli.opening import Bot, OpenBot, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.config import Settings, revealed
from bot.http import Surface, application, serving
from bot.logs import Scrubber
from bot.metrics import Metrics

STOP_SECONDS = 9
"""With the second that the web server may take, the ten seconds that were promised."""

_log = structlog.get_logger(__name__)


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser("run", help="run the bot until SIGTERM")
    parser.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="how lines on standard error look"
    )
    config_option(parser)
    parser.set_defaults(call=_run, parser=parser)


def _run(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    metrics = Metrics(site.name for site in settings.sites)
    undo = logs.configure(
        settings.log.level,
        args.log_format,
        stream=sys.stderr,
        counts=logs.Counts(
            dropped=lambda: metrics.count("curbside_log_fields_dropped"),
            wrote=lambda level: metrics.count("curbside_log_lines", level=level),
        ),
    )
    try:
        return asyncio.run(_until_told(settings, metrics, args.open_bot))
    finally:
        undo()


async def _until_told(settings: Settings, metrics: Metrics, open_bot: OpenBot) -> int:
    """Serve until SIGTERM or SIGINT; 0 when everything in flight was finished in time, else 1."""
    told = _listen_for_signals()
    bot = await open_bot(settings, metrics)
    try:
        await _serve(bot, settings, metrics, told)
    finally:
        finished = await _stop(bot)
    return 0 if finished else 1


async def _serve(bot: Bot, settings: Settings, metrics: Metrics, told: asyncio.Event) -> None:
    surface = Surface(
        health=bot.health,
        metrics=metrics,
        refresh=bot.numbers.refresh,
        slack_events=bot.slack_events,
        sign_on=bot.sign_on,
        installing=bot.installing,
        scrub=Scrubber(revealed(settings)),
    )
    async with serving(application(surface), settings.http.host, settings.http.port) as port:
        _log.info("listening", port=port)
        await _unless(told, bot.start())
        _log.info("stopping" if told.is_set() else "running", count=len(bot.adapters))
        _name_rooms(bot)
        await told.wait()


def _name_rooms(bot: Bot) -> None:
    """Tell the operator what no log line may hold."""
    for site, room in bot.own_rooms.items():
        print(f'{site}: the consult room is {room}; write room = "{room}" below its [[matrix]].', flush=True)


async def _unless(told: asyncio.Event, work: Coroutine[object, object, None]) -> None:
    """Do the work, or give it up as soon as somebody says stop; raises what the work raises."""
    working, telling = asyncio.ensure_future(work), asyncio.ensure_future(told.wait())
    await asyncio.wait({working, telling}, return_when=asyncio.FIRST_COMPLETED)
    telling.cancel()
    if working.done():
        await working
        return
    working.cancel()
    await asyncio.wait({working})


def _listen_for_signals() -> asyncio.Event:
    """Give the event that SIGTERM and SIGINT set; SIGHUP does nothing. A second SIGINT ends at once."""
    told, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell(name: str) -> None:
        told.set()
        _log.info("told_to_stop", signal=name)
        loop.remove_signal_handler(signal.SIGINT)

    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, tell, one.name)
    loop.add_signal_handler(signal.SIGHUP, lambda: None)
    return told


async def _stop(bot: Bot) -> bool:
    """Finish what is in flight; False when that took longer than was promised."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await bot.stop()
    except TimeoutError:
        _log.error("stop_took_too_long", seconds=STOP_SECONDS)
        return False
    _log.info("stopped")
    return True
