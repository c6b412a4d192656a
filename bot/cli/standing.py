"""`curbside mod suspend`, `ban`, `restore` and `stopped`: members, by their screen names alone."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Callable
from typing import Final

from bot.chat.text import plain
from bot.cli.opening import Bot, opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.config import Settings
from bot.domain.members import Member
from bot.domain.standing import BY_MODERATORS, LONGEST_DAYS, Acted, Done, Standing
from bot.views.standing import acted_words, state_words

_BY: Final = "shell"
_REFUSED: Final = frozenset({Done.UNKNOWN, Done.NOT_STOPPED, Done.SAME, Done.WORDLESS})
"""What ends with exit code 1: nothing was done."""


def add_words(words: Commands[Parser], text: Callable[[str], str]) -> None:
    """Add the words to `curbside mod`; ``text`` reads one line of a person's words."""
    suspend = words.add_parser("suspend", help="keep a member from acting, for days or until further notice")
    suspend.add_argument("--days", type=_days, help=f"1 to {LONGEST_DAYS}; without it until further notice")
    ban = words.add_parser("ban", help="ban a person; a moderator in the chat has to agree")
    restore = words.add_parser("restore", help="lift what moderators did")
    stopped = words.add_parser("stopped", help="list whom moderators have stopped")
    for one in (suspend, ban, restore):
        one.add_argument("name", type=text, metavar="NAME", help='the screen name, "Quiet Heron"')
        one.set_defaults(call=_act, parser=one)
    suspend.add_argument("reason", type=text, help="what the member reads, in quotes")
    ban.add_argument("reason", type=text, nargs="?", help="what the member reads, in quotes")
    suspend.set_defaults(act="suspend")
    ban.set_defaults(act="ban")
    restore.set_defaults(act="restore")
    stopped.set_defaults(call=_stopped, parser=stopped)
    for one in (suspend, ban, restore, stopped):
        one.add_argument("--json", action="store_true", help="JSON")
        config_option(one)


def _days(written: str) -> int:
    if not written.isdecimal() or not 1 <= int(written[:6]) <= LONGEST_DAYS:
        raise argparse.ArgumentTypeError(f"must be 1 to {LONGEST_DAYS}")
    return int(written)


def _act(args: argparse.Namespace) -> int:
    acted = asyncio.run(_acted(args, settings_of(args)))
    refused = acted.done in _REFUSED
    if args.json:
        print(json.dumps(_told(acted)))
    else:
        print(plain(acted_words(acted)), file=sys.stderr if refused else sys.stdout)
    return int(refused)


async def _acted(args: argparse.Namespace, settings: Settings) -> Acted:
    async with opened(args.open_bot, settings) as bot:
        return await _asked(args, bot)


async def _asked(args: argparse.Namespace, bot: Bot) -> Acted:
    if args.act == "suspend":
        return await bot.stopping.suspend(args.name, args.days, args.reason, by=_BY)
    if args.act == "ban":
        return await bot.stopping.ban(args.name, args.reason or "", by=_BY)
    return await bot.stopping.restore(args.name, by=_BY)


def _told(acted: Acted) -> dict[str, object]:
    until = acted.until.isoformat(timespec="seconds") if acted.until else None
    return {"screen_name": acted.screen_name, "outcome": acted.done.value, "until": until}


def _stopped(args: argparse.Namespace) -> int:
    stopped = asyncio.run(_listed(args, settings_of(args)))
    if args.json:
        print(json.dumps([_row(member, standing) for member, standing in stopped]))
        return 0
    for member, standing in stopped:
        if stop := standing.of(*BY_MODERATORS):
            print(f"{member.screen_name}  {state_words(stop)}  {stop.said}")
    if not stopped:
        print("Nobody is stopped by a moderator.")
    return 0


async def _listed(args: argparse.Namespace, settings: Settings) -> tuple[tuple[Member, Standing], ...]:
    async with opened(args.open_bot, settings) as bot:
        return await bot.stopping.stopped()


def _row(member: Member, standing: Standing) -> dict[str, object]:
    stop = standing.of(*BY_MODERATORS)
    until = stop.until.isoformat(timespec="seconds") if stop and stop.until else None
    return {
        "screen_name": member.screen_name,
        "state": standing.state.value,
        "until": until,
        "reason": stop.said if stop else "",
        "appealed": bool(stop and stop.appealed),
    }
