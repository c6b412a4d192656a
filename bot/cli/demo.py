"""`curbside demo`: the whole story on one machine."""

from __future__ import annotations

import argparse

from bot.cli.parsing import Commands, Parser
from bot.cli.sentences import Misused


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command; its flags are the demo's own and are read there."""
    parser = commands.add_parser(
        "demo", help="two hospitals and the bot on this machine, in a browser", add_help=False
    )
    parser.set_defaults(call=_demo, takes_rest=True, parser=parser)


def _demo(args: argparse.Namespace) -> int:
    try:
        from bot.demo.main import run
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in {"bot", "storage"}:
            raise
        raise Misused("the demo needs more packages than the bot; run `make demo` in the source") from None
    return run(args.rest)
