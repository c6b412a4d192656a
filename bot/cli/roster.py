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
from bot.cli.sentences import Misused
from bot.config import Settings

if TYPE_CHECKING:
    from bot.cli.progress import Progress
    from storage.roster.importing import Imported
    from storage.roster.listing import ListColumns, ListImported
    from storage.roster.source import RosterFile

_WORDS: Final = {
    "pass": "physicians by taxonomy and degree",
    "review": "physicians by one of the two",
    "fail": "other people",
    "deactivations": "deactivated numbers without more",
    "changed": "new or changed in the roster",
    "newly_deactivated": "newly found deactivated",
    "left": "no longer on the list",
}
_KEYS: Final = ("name", "first_name", "middle_name", "last_name", "number", "specialty", "role")


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
    wanted.add_argument(
        "--list", action="store_true", help="the hospital's own list, which takes the place of the one before"
    )
    wanted.add_argument(
        "--map",
        type=_mapped,
        action="append",
        metavar="KEY=COLUMN",
        help="which column of the list tells what: name (or first_name and last_name, middle_name), number "
        "(or licence), role, specialty",
    )
    wanted.add_argument(
        "--role", choices=["physician", "trainee"], help="of everybody on the list, without a column for it"
    )
    wanted.add_argument("--json", action="store_true", help="one JSON object")
    config_option(wanted)
    wanted.set_defaults(call=_import, parser=wanted)


def _mapped(written: str) -> tuple[str, str]:
    key, sign, column = written.partition("=")
    key = {"licence": "number", "license": "number"}.get(key, key)
    if key not in _KEYS or not sign or not column.strip():
        raise argparse.ArgumentTypeError(f"{written!r} is not KEY=COLUMN with one of: {', '.join(_KEYS)}")
    return key, column


def _columns(args: argparse.Namespace) -> ListColumns:
    """Read what tells what in a list; Misused when something needed is missing or told twice."""
    from bot.domain.members import Role
    from storage.roster.listing import ListColumns

    places = dict(args.map or ())
    if len(places) < len(args.map or ()):
        raise Misused("a key of --map stands there twice; licence is another word for number")
    if "name" not in places and not {"first_name", "last_name"} <= places.keys():
        raise Misused("say with --map which column holds the name: name=…, or first_name=… and last_name=…")
    if "number" not in places:
        raise Misused("say with --map which column holds the staff or licence number: number=…")
    if ("role" in places) == bool(args.role):
        raise Misused("say who is a physician and who a trainee: either --map role=… or --role for all")
    return ListColumns(places, Role(args.role) if args.role else None)


def _import(args: argparse.Namespace) -> int:
    """Import a file; 1 when rows were rejected."""
    from storage.roster.source import RosterFile

    if not args.list and (args.map or args.role):
        raise Misused("--map and --role belong to --list; columns of the registry are found by name")
    columns = _columns(args) if args.list else None
    settings = settings_of(args)
    with RosterFile(args.file) as file:
        if columns:
            imported: Imported | ListImported = asyncio.run(_list_imported(settings, file, columns))
        else:
            imported = asyncio.run(_imported(settings.data_dir, file, again=args.again))
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


async def _list_imported(settings: Settings, file: RosterFile, columns: ListColumns) -> ListImported:
    from bot.bootstrap.keys import roster_with_keys
    from bot.cli.progress import Progress

    roster = await roster_with_keys(settings)
    try:
        with Progress("rows", file.size) as progress:
            return await roster.import_list(file, _Watcher(progress), columns=columns, now=datetime.now(UTC))
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


def _object(imported: Imported | ListImported) -> dict[str, int]:
    return {"rows": imported.rows, **imported.counts, **imported.effects, "import": imported.number}


def _table(imported: Imported | ListImported) -> Iterator[str]:
    yield f"{imported.rows:>11,} rows"
    for name, count in (*imported.counts.items(), *imported.effects.items()):
        yield f"{count:>11,} {_WORDS.get(name, name)}"
