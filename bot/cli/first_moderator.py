"""`curbside mod first`: a code that makes its holder the first moderator, shown once."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from bot.cli.opening import Code, opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.config import Settings

_ALREADY = "There is a moderator already; `curbside mod enrol --role moderator` makes another."

_TOLD = """\
{code}

Give it to one person, who need not be a physician. In a direct message to the bot, that person writes
  on Slack:  /consult mod first {code}
  on Matrix: !consult mod first {code}
and is the first moderator then. It is good once, until {until}; a newer code voids it."""


def add_first(words: Commands[Parser]) -> None:
    """Add the word."""
    first = words.add_parser("first", help="make the code that the first moderator redeems in the chat")
    first.add_argument("--json", action="store_true", help="one JSON object")
    config_option(first)
    first.set_defaults(call=_first, parser=first)


def _first(args: argparse.Namespace) -> int:
    code = asyncio.run(_made(args, settings_of(args)))
    if code is None:
        print(_ALREADY, file=sys.stderr)
        return 1
    until = code.until.isoformat(timespec="minutes")
    if args.json:
        print(json.dumps({"code": code.words, "until": until}))
        return 0
    print(_TOLD.format(code=code.words, until=until))
    return 0


async def _made(args: argparse.Namespace, settings: Settings) -> Code | None:
    async with opened(args.open_bot, settings) as bot:
        return await bot.first_moderator.make()
