"""`curbside polls`: the released table of a closed poll as CSV; no voter, no single vote."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.cli.opening import opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.sentences import Misused
from bot.domain.refusal import Refused


def add_export(words: Commands[Parser]) -> None:
    """Add the word."""
    export = words.add_parser("export", help="write the table that was shown, as CSV")
    export.add_argument("number", metavar="NUMBER", type=int, help="the poll's number")
    export.add_argument("--out", metavar="FILE", type=Path, help="a new file; standard output without it")
    config_option(export)
    export.set_defaults(call=_export, parser=export)


def _export(args: argparse.Namespace) -> int:
    """Write the table; 1 where there is none to give, 2 where the file cannot be written."""
    try:
        table = asyncio.run(_table(args))
    except Refused as refused:
        print(f"curbside: {refused.sentence}", file=sys.stderr)
        return 1
    if args.out is None:
        sys.stdout.buffer.write(table.encode())
        sys.stdout.buffer.flush()
    else:
        _keep(args.out, table)
    return 0


async def _table(args: argparse.Namespace) -> str:
    """Ask for the table, also beside a running bot."""
    async with opened(args.open_bot, settings_of(args)) as bot:
        return await bot.poll_tables.table(args.number)


def _keep(file: Path, table: str) -> None:
    try:
        with file.open("x", encoding="utf-8", newline="") as out:
            out.write(table)
    except FileExistsError:
        raise Misused(f"{file} is there already; name a new file") from None
    except OSError as error:
        raise Misused(f"{file} cannot be written: {error.strerror}") from error
