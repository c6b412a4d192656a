"""`curbside backup` and `curbside restore`: a copy of all databases beside the running bot, and back."""

from __future__ import annotations

import argparse
import asyncio
import json
from pathlib import Path

from bot.cli.opening import settings_of
from bot.cli.parsing import Commands, Parser, config_option


def add_parser(commands: Commands[Parser]) -> None:
    """Add both commands."""
    backup = commands.add_parser("backup", help="copy all databases, also while the bot runs")
    backup.add_argument("folder", type=Path, metavar="DIR", help="a folder that is new or empty")
    backup.add_argument("--json", action="store_true", help="one JSON object")
    config_option(backup)
    backup.set_defaults(call=_backup, parser=backup)
    restore = commands.add_parser("restore", help="put a backup into an empty data_dir")
    restore.add_argument("folder", type=Path, metavar="DIR", help="what `curbside backup` wrote")
    restore.add_argument("--json", action="store_true", help="one JSON object")
    config_option(restore)
    restore.set_defaults(call=_restore, parser=restore)


def _backup(args: argparse.Namespace) -> int:
    from bot.bootstrap import SystemChance, SystemClock
    from bot.bootstrap.backup import take_backup

    settings, folder = settings_of(args), args.folder.expanduser()
    manifest = asyncio.run(take_backup(settings, folder, SystemClock(), SystemChance()))
    if args.json:
        print(json.dumps({"folder": str(folder), "taken": manifest.taken.isoformat(), "rows": manifest.rows}))
        return 0
    print(f"{folder} holds the backup of {manifest.moment}, {manifest.rows} rows, read back and compared.")
    print(
        f"It opens with {settings.key_file} only, which is not in it. Keep a copy of that in another place."
    )
    return 0


def _restore(args: argparse.Namespace) -> int:
    from bot.bootstrap import SystemChance, SystemClock
    from bot.bootstrap.restoring import restore_backup

    settings = settings_of(args)
    restored = asyncio.run(restore_backup(settings, args.folder.expanduser(), SystemClock(), SystemChance()))
    manifest, since = restored.manifest, restored.left_since
    if args.json:
        told = {"taken": manifest.taken.isoformat(), "rows": manifest.rows, "left_since": since}
        print(json.dumps(told))
        return 0
    print(f"{settings.data_dir} is as it was on {manifest.moment}: {manifest.rows} rows.")
    if since:
        print(f"{since} have left since then and are erased again at the start.")
    else:
        print("If you have a newer tombstones file, put it there before the start, or whoever left is back.")
    print("Polls that were open close at the start without a result, and their authors are told.")
    return 0
