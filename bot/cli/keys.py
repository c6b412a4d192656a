"""`curbside keys`: another master key for the data folder, also beside a running bot."""

from __future__ import annotations

import argparse
import asyncio
import json
from functools import partial
from pathlib import Path

from bot.cli.opening import settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.sentences import Misused
from bot.config import Settings
from bot.identity.audit import Audit
from bot.identity.keyring import Keyring
from bot.identity.rotation import KeyFiles, Rotated, rotate
from bot.identity.sealing import AesSealer

_EARLIER = "earlier: a running bot seals these again, and drops the key some hours later"
_BACKUPS = "Backups from before open with the former key only: keep its copy in the safe as long as them."


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command and its word."""
    parser = commands.add_parser("keys", help="change the master key")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    turn = words.add_parser("rotate", help="make a new master key and seal the keyring with it")
    config_option(turn)
    turn.add_argument(
        "--new-key-file",
        type=Path,
        metavar="FILE",
        help="where the new key goes (default: in the place of the one in use)",
    )
    turn.add_argument("--json", action="store_true", help="one JSON object")
    turn.set_defaults(call=_rotate, parser=turn)
    status = words.add_parser("status", help="count what lies under which key of the ring")
    config_option(status)
    status.add_argument("--json", action="store_true", help="one JSON object a key")
    status.set_defaults(call=_status, parser=status)


def _status(args: argparse.Namespace) -> int:
    from bot.bootstrap.keys import key_use

    used = asyncio.run(key_use(settings_of(args)))
    if args.json:
        for one in used:
            print(json.dumps({"key": one.key, "current": one.current, "values": one.values}))
        return 0
    print("key       values  ")
    for one in used:
        print(f"{one.key}  {one.values:>6}  {'seals now' if one.current else _EARLIER}")
    return 0


def _rotate(args: argparse.Namespace) -> int:
    settings = settings_of(args)
    files = KeyFiles(settings.key_file, args.new_key_file)
    if files.target.is_relative_to(settings.data_dir.resolve()):
        raise Misused("the new key would lie inside data_dir; choose another place, outside of all backups")
    outcome = asyncio.run(_turn(settings, files))
    if args.json:
        told = {"outcome": outcome, "key_file": str(files.target), "configure": not files.in_place}
        print(json.dumps(told))
    else:
        print("\n".join(_said(outcome, files)))
    return 0


async def _turn(settings: Settings, files: KeyFiles) -> Rotated:
    from bot.bootstrap import SystemChance
    from bot.bootstrap.places import places_of
    from storage.vault.keyring import keyring_rows

    async with keyring_rows(places_of(settings)) as rows:
        await rows.own()
        return await rotate(files, rows, SystemChance(), partial(_note, settings))


async def _note(settings: Settings, ring: Keyring, key_id: str) -> None:
    """Write the rotation into the audit chain; the reference is the id that sealed values will bear."""
    from bot.bootstrap import SystemChance, SystemClock
    from bot.bootstrap.places import places_of
    from storage.vault.vault import open_vault

    sealer = AesSealer(ring, SystemChance())
    vault = await open_vault(places_of(settings), sealer)
    try:
        await Audit(vault, sealer, SystemClock()).append("keys_rotated", by="shell", reference=key_id)
    finally:
        await vault.close()


def _said(outcome: Rotated, files: KeyFiles) -> list[str]:
    first = {
        Rotated.ROTATED: f"The new master key is in {files.target}; keep one copy in a safe.",
        Rotated.FINISHED: f"A rotation that had stopped half-way is finished; its key is in {files.target}.",
    }[outcome]
    if files.in_place:
        return [first, "The former key opens nothing any more. A running bot can go on.", _BACKUPS]
    return [
        first,
        f"Put key_file = {json.dumps(str(files.target))} into the configuration and restart the bot.",
        "Until that start both keys open the data; then the former one opens nothing any more.",
        _BACKUPS,
    ]
