"""`curbside mod audit verify`: whether what moderators did is all there, as it was written."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys

from bot.cli.opening import AuditVerdict, opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.sentences import Misused
from bot.config import Settings


def add_audit(words: Commands[Parser]) -> None:
    """Add the word."""
    audit = words.add_parser("audit", help="check the chain of what moderators did")
    acts = audit.add_subparsers(title="words", metavar="WORD", required=True)
    verify = acts.add_parser("verify", help="say whether an entry was altered, moved, taken out or cut off")
    verify.add_argument(
        "--head", default="", metavar="END", help="an end of the chain that moderators were told, NUMBER-MAC"
    )
    verify.add_argument("--json", action="store_true", help="one JSON object")
    config_option(verify)
    verify.set_defaults(call=_verify, parser=verify)


def _verify(args: argparse.Namespace) -> int:
    try:
        verdict = asyncio.run(_checked(args, settings_of(args)))
    except ValueError:
        raise Misused("--head takes the end in full, as moderators were told it: 12-3f9a…") from None
    head = verdict.head
    if args.json:
        print(json.dumps({"entries": head.number, "head": head.words, "problem": verdict.problem}))
    elif verdict.problem:
        print(f"The audit chain does not hold. {verdict.problem}", file=sys.stderr)
    elif head.number:
        print(f"The audit chain holds: {_entries(head.number)}, ending in {head.words}.")
    else:
        print("The audit chain has no entry yet.")
    return 1 if verdict.problem else 0


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


async def _checked(args: argparse.Namespace, settings: Settings) -> AuditVerdict:
    async with opened(args.open_bot, settings) as bot:
        return await bot.audit.check(args.head)
