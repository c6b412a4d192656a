"""`curbside db`: care of the databases."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Mapping

from bot.cli.opening import opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.sentences import Misused
from bot.config import Settings
from bot.config.databases import trouble_of
from storage.copying import Fingerprint

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
    _add_move(words)


def _add_move(words: Commands[Parser]) -> None:
    move = words.add_parser("move", help="move cases and identities from files to PostgreSQL")
    config_option(move)
    move.add_argument(
        "url", nargs="?", default="", metavar="URL", help="where cases go, if not [database] url"
    )
    move.add_argument("--vault", default="", metavar="URL", help="where identities go, else vault_url")
    move.add_argument("--json", action="store_true", help="one JSON object")
    move.set_defaults(call=_move, parser=move)


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


def _move(args: argparse.Namespace) -> int:
    from bot.bootstrap.moving import MOVED, move_databases

    settings = settings_of(args)
    to = _addresses(settings, args.url, args.vault)

    def seen(name: str, found: Fingerprint) -> None:
        if found.rows and not args.json:
            print(f"{name:<28} {found.rows:>9} rows", flush=True)

    moved = asyncio.run(move_databases(settings, *to, seen))
    if args.json:
        print(json.dumps({"content": moved.content, "vault": moved.vault}))
        return 0
    print(f"Both sides were compared: {moved.content} rows of cases, {moved.vault} of identities.")
    print(
        f"The files are called content.db{MOVED} and vault.db{MOVED} now; keep them until a backup is taken."
    )
    if settings.database.sqlite:
        print("Write both addresses below [database] as url and vault_url, then start the bot.")
    return 0


def _addresses(settings: Settings, url: str, vault_url: str) -> tuple[str, str]:
    """Give where both go: what was typed, else what the configuration has; refuses what cannot be meant."""
    named = settings.database
    url = url or ("" if named.sqlite else named.url.get_secret_value())
    vault_url = vault_url or named.vault_url.get_secret_value()
    if not url:
        raise Misused("where to? Give an address, or write it below [database] as url and vault_url")
    if trouble := trouble_of(url, vault_url):
        raise Misused(f"[database] {trouble}")
    return url, vault_url


async def _migrate(args: argparse.Namespace) -> tuple[Mapping[str, str | None], Mapping[str, str | None]]:
    """Open and close the bot, which migrates or says why it may not; gives the layouts before and after."""
    settings = settings_of(args)
    before = await _layouts(settings)
    async with opened(args.open_bot, settings):
        pass
    return before, await _layouts(settings)


async def _layouts(settings: Settings) -> Mapping[str, str | None]:
    from bot.bootstrap.layouts import layouts

    return await layouts(settings)
