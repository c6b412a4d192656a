"""`curbside mod`: what moderators do from the shell."""

from __future__ import annotations

import argparse
import asyncio
import json
import re

from bot.chat.events import Account
from bot.cli.opening import Enrolled, opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.config import Settings
from bot.domain.members import Role

_SLACK = re.compile(r"slack:([A-Z0-9]{2,}):([A-Z0-9]{2,})")
_MATRIX = re.compile(r"matrix:(@[^\s:]+:([^\s@/]+))")
_LONGEST = 120


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser("mod", help="enrol members by hand")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    enrol = words.add_parser("enrol", help="make a member without the three steps; works while the bot runs")
    enrol.add_argument(
        "--account",
        type=account,
        required=True,
        metavar="ACCOUNT",
        help="slack:TEAM:USER or matrix:@user:server",
    )
    enrol.add_argument(
        "--name", type=_words, required=True, help="the real name; it goes into the vault only"
    )
    enrol.add_argument("--specialty", type=_words, required=True, help="shown beside the screen name")
    enrol.add_argument(
        "--role", choices=[role.value for role in Role], default="physician", help="default: physician"
    )
    enrol.add_argument("--json", action="store_true", help="one JSON object")
    config_option(enrol)
    enrol.set_defaults(call=_enrol, parser=enrol)


def account(written: str) -> Account:
    """Read `slack:TEAM:USER` or `matrix:@user:server`; raises ``ArgumentTypeError`` for anything else."""
    if slack := _SLACK.fullmatch(written):
        return Account("slack", slack[1], slack[2])
    if matrix := _MATRIX.fullmatch(written):
        return Account("matrix", matrix[2], matrix[1])
    raise argparse.ArgumentTypeError("an account is written slack:TEAM:USER or matrix:@user:server")


def _words(written: str) -> str:
    text = " ".join(written.split())
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise argparse.ArgumentTypeError(f"must be 1 to {_LONGEST} characters on one line")
    return text


def _enrol(args: argparse.Namespace) -> int:
    enrolled = asyncio.run(_at_the_wall(args, settings_of(args)))
    if args.json:
        print(json.dumps({"reference": enrolled.reference, "already": enrolled.already}))
    elif enrolled.already:
        print(f"This account is a member already ({enrolled.reference}); nothing was changed.")
    else:
        print(
            f"Enrolled ({enrolled.reference}). The screen name is told to its owner only, in the home chat."
        )
    return 0


async def _at_the_wall(args: argparse.Namespace, settings: Settings) -> Enrolled:
    async with opened(args.open_bot, settings) as bot:
        return await bot.wall.enrol(args.account, args.name, args.specialty, Role(args.role), by="shell")
