"""`curbside doctor`: tries every dependency for real and says what to do, one line a check."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing

from bot.cli.checks import machine, ways
from bot.cli.checks.cleaning import cleaning
from bot.cli.checks.clock import clock
from bot.cli.checks.installing import installing
from bot.cli.checks.keys import keys
from bot.cli.checks.parts import bug, parts
from bot.cli.checks.running import running
from bot.cli.opening import OpenBot
from bot.cli.parsing import Commands, Parser, config_option
from bot.config import Settings, WrongSettings, load, revealed
from bot.logs import Scrubber
from bot.ports.adapter import Check

ON_THIS_MACHINE: dict[str, Callable[[Settings], Iterator[Check]]] = {
    "key file": machine.key_file,
    "data folder": machine.data_folder,
    "disk": machine.disk,
    "choices": machine.choices,
    "ways in": ways.ways,
    "later": machine.later,
}


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser("doctor", help="try every dependency and say what to do")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    config_option(parser)
    parser.set_defaults(call=_doctor, parser=parser)


def _doctor(args: argparse.Namespace) -> int:
    return asyncio.run(_tell(args))


async def _tell(args: argparse.Namespace) -> int:
    """Print each check as soon as it is done; 1 when any of them failed, else 0."""
    told: list[Check] = []
    async with aclosing(checkup(args)) as checks:
        async for check in checks:
            told.append(check)
            if not args.json:
                print(_line(check), flush=True)
    whole = all(check.state != "fail" for check in told)
    if args.json:
        listed = [{"name": one.name, "state": one.state, "remedy": one.remedy} for one in told]
        print(json.dumps({"ok": whole, "checks": listed}))
    return 0 if whole else 1


def _line(check: Check) -> str:
    return f"{check.state:<4} {check.name}" + (f": {check.remedy}" if check.remedy else "")


async def checkup(args: argparse.Namespace) -> AsyncGenerator[Check]:
    """Try the configuration and, if it can be read, everything that it names."""
    try:
        settings = load(args.config)
    except WrongSettings as wrong:
        for problem in wrong.problems:
            yield Check(problem.key, "fail", problem.sentence)
        return
    yield Check("configuration", "ok")
    scrub = Scrubber(revealed(settings))
    async with aclosing(_everything(settings, args.open_bot)) as checks:
        async for check in checks:
            yield Check(check.name, check.state, scrub(check.remedy))


async def _everything(settings: Settings, open_bot: OpenBot) -> AsyncGenerator[Check]:
    for name, look in ON_THIS_MACHINE.items():
        try:
            for check in look(settings):
                yield check
        except OSError as error:
            yield bug(name, error)
    for name, checks in (
        ("clock", clock(settings)),
        ("de-identification", cleaning()),
        ("mail server", ways.mail_server(settings)),
        ("single sign-on", ways.single_sign_on(settings)),
        ("installing", installing(settings)),
        ("databases and sites", parts(settings, open_bot)),
        ("register", ways.register(settings)),
        ("keys", keys(settings)),
        ("running bot", running(settings)),
    ):
        async with aclosing(_guarded(name, checks)) as guarded:
            async for check in guarded:
                yield check


async def _guarded(name: str, checks: AsyncGenerator[Check]) -> AsyncGenerator[Check]:
    """Turn a check that breaks into a failed one, so that the others are still tried."""
    try:
        async for check in checks:
            yield check
    except Exception as error:  # noqa: BLE001  (whatever breaks here is what doctor is for)
        yield bug(name, error)
