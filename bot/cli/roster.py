"""`curbside roster`: the public registry's file into the roster that credentials are checked against."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.cli.opening import settings_of
from bot.cli.parsing import Commands, Parser, config_option

if TYPE_CHECKING:
    from bot.cli.progress import Progress
    from storage.roster.importing import Imported
    from storage.roster.source import RosterFile

_COUNTED: Final = {
    "pass": "physicians by taxonomy and degree",
    "review": "physicians by one of the two",
    "fail": "other people",
    "organisations": "organisations",
    "deactivations": "deactivated numbers without more",
    "rejected": "rejected",
}


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command and its words."""
    parser = commands.add_parser("roster", help="the registry that credentials are checked against")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    wanted = words.add_parser(
        "import",
        help="an NPPES file into the roster; works while the bot runs",
        description="Import the monthly NPPES file, a weekly one, a list of deactivations, or a part of one "
        "with any of its columns: CSV in UTF-8, plain, .gz or .zip. When it was ended before its time, the "
        "same command goes on where it was.",
    )
    wanted.add_argument("file", type=Path, metavar="FILE")
    wanted.add_argument("--again", action="store_true", help="start anew instead of going on")
    wanted.add_argument("--json", action="store_true", help="one JSON object")
    config_option(wanted)
    wanted.set_defaults(call=_import, parser=wanted)


def _import(args: argparse.Namespace) -> int:
    """Import a file; 1 when rows were rejected."""
    from storage.roster.source import RosterFile

    data_dir = settings_of(args).data_dir
    with RosterFile(args.file) as file:
        imported = asyncio.run(_imported(data_dir, file, again=args.again))
    print(json.dumps(_object(imported)) if args.json else "\n".join(_table(imported)))
    return 1 if imported.counts["rejected"] else 0


async def _imported(data_dir: Path, file: RosterFile, *, again: bool) -> Imported:
    from bot.cli.progress import Progress
    from storage.roster.roster import open_roster

    roster = await open_roster(data_dir)
    try:
        with Progress("rows", file.size) as progress:
            return await roster.import_file(file, _Watcher(progress), again=again, now=datetime.now(UTC))
    finally:
        await roster.close()


class _Watcher:
    """Tells a terminal how far it is, and standard error of every bad row."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def resumed(self, line: int) -> None:
        self._progress.say(f"Going on behind line {line:,}, where the last run was ended.")

    def rejected(self, line: int, reason: str) -> None:
        self._progress.say(json.dumps({"line": line, "reason": reason}))

    def read(self, rows: int, done: int) -> None:
        for _ in range(rows):
            self._progress.step(done)

    def merging(self) -> None:
        if self._progress.terminal:
            self._progress.say("All is read; now it becomes the roster.")


def _object(imported: Imported) -> dict[str, int]:
    return {
        "rows": imported.rows,
        **imported.counts,
        "changed": imported.changed,
        "newly_deactivated": imported.newly_deactivated,
        "import": imported.number,
    }


def _table(imported: Imported) -> Iterator[str]:
    yield f"{imported.rows:>11,} rows"
    for name, words in _COUNTED.items():
        yield f"{imported.counts[name]:>11,} {words}"
    yield f"{imported.changed:>11,} new or changed in the roster"
    yield f"{imported.newly_deactivated:>11,} newly found deactivated"
