"""`curbside demo`: the whole story on one machine."""

from __future__ import annotations

import argparse

from bot.cli.parsing import Commands, Parser


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command; its flags are the demo's own and are read there."""
    parser = commands.add_parser(
        "demo", help="two hospitals and the bot on this machine, in a browser", add_help=False
    )
    parser.set_defaults(call=_demo, takes_rest=True, parser=parser)


def _demo(args: argparse.Namespace) -> int:
    from bot.demo.main import run

    return run(args.rest)
