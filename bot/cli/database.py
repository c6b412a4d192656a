"""`curbside db`: care of the databases."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

from bot.cli.opening import opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option

_NO_WAY_BACK = (
    "An earlier version of Curbside refuses what was changed. The way back is a backup from before, restored "
    "into an empty data_dir."
)


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser("db", help="care of the databases")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    upgrade = words.add_parser("upgrade", help="bring all databases to this version's layout")
    config_option(upgrade)
    upgrade.add_argument("--json", action="store_true", help="one JSON object")
    upgrade.set_defaults(call=_upgrade, parser=upgrade)


def _upgrade(args: argparse.Namespace) -> int:
    before, after = asyncio.run(_migrate(args))
    if args.json:
        print(json.dumps({name: {"from": before[name], "to": after[name]} for name in before}))
        return 0
    for name, was in before.items():
        print(f"{name:<8} {_said(was, after[name])}")
    if any(was and was != after[name] for name, was in before.items()):
        print(_NO_WAY_BACK)
    return 0


def _said(was: str | None, now: str | None) -> str:
    if was == now:
        return f"{now or 'not there yet'}, as it was"
    return f"{was} -> {now}" if was else f"made, {now}"


async def _migrate(args: argparse.Namespace) -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
    """Open and close the bot, which migrates or says why it may not; gives the layouts before and after."""
    settings = settings_of(args)
    before = await _layouts(settings.data_dir)
    async with opened(args.open_bot, settings):
        pass
    return before, await _layouts(settings.data_dir)


async def _layouts(data_dir: Path) -> Mapping[str, str | None]:
    from bot.bootstrap.backup import PARTS
    from storage.backup import layout_in

    return {part.name: await layout_in(data_dir, part.history) for part in PARTS}
