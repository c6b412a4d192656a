"""`curbside db`: care of the databases."""

from __future__ import annotations

import argparse
import asyncio

from bot.cli.opening import opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser("db", help="care of the databases")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    upgrade = words.add_parser("upgrade", help="bring both databases to this version's layout")
    config_option(upgrade)
    upgrade.set_defaults(call=_upgrade, parser=upgrade)


def _upgrade(args: argparse.Namespace) -> int:
    asyncio.run(_migrate(args))
    print("Both databases have this version's layout.")
    return 0


async def _migrate(args: argparse.Namespace) -> None:
    """Open and close the bot: opening migrates, or says why it may not."""
    async with opened(args.open_bot, settings_of(args)):
        pass
