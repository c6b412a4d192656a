"""From words on the command line to an exit code: 0 done, 1 problem found, 2 wrong use, 130 interrupted."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

from bot import logs
from bot.cli import (
    backup,
    collective,
    database,
    deid,
    demo,
    doctor,
    init,
    keys,
    mod,
    outbox,
    polls,
    roster,
    run,
)
from bot.cli.opening import OpenBot
from bot.cli.opening import open_bot as open_real_bot
from bot.cli.parsing import Parser, config_option, leftover
from bot.cli.sentences import is_expected, sentences
from bot.logs import Scrubber, failure

COMMANDS = (demo, init, doctor, run, mod, roster, polls, outbox, backup, database, keys, deid, collective)
"""In the order in which an operator meets them."""


def main() -> NoReturn:
    """Run the command that this process was started for, and end with its exit code."""
    logs.configure("error")
    sys.exit(perform())


def perform(argv: Sequence[str] | None = None, *, open_bot: OpenBot = open_real_bot) -> int:
    """Run one command and give its exit code; no mistake of the person's ends in a traceback.

    Whoever calls this says where log lines go; :func:`main` keeps them out of standard output.
    """
    try:
        args = _parsed(argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    args.open_bot = open_bot
    try:
        return int(args.call(args))
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read our output has gone (`| head`); Python would complain once more while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001  (the last stop: whatever it was, it becomes a sentence)
        return _told(error, args.scrub)


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = build_parser()
    args, rest = parser.parse_known_args(argv)
    if rest and not args.takes_rest:
        parser.error(leftover(rest[0], parser, args))
    args.rest = rest
    return args


def build_parser() -> Parser:
    """Build the parser with every command that this installation has."""
    parser = Parser(prog="curbside", description="Case consults between hospital chats, under screen names.")
    parser.add_argument("--version", action="version", version=f"curbside {_version()}")
    config_option(parser, default=None)
    parser.set_defaults(takes_rest=False, scrub=Scrubber())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in COMMANDS:
        command.add_parser(commands)
    return parser


def _version() -> str:
    try:
        return version("curbside")
    except PackageNotFoundError:
        return "(not installed)"


def _told(error: Exception, scrub: Scrubber) -> int:
    """Say what went wrong: in its own words when the person can mend it, else by class and place."""
    if is_expected(error):
        print(*(f"curbside: {scrub(said)}" for said in sentences(error)), sep="\n", file=sys.stderr)
        return 2
    told = failure(error)
    place = told["trace"][-1] if told["trace"] else "an unknown place"
    print(
        f"curbside: stopped by a bug: {told['error']} at {place}. Please report this line.", file=sys.stderr
    )
    return 1
