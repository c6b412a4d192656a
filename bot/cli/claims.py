"""`curbside polls claims` and `curbside polls redeem`: tokens of polls that pay, counted, redeemed once."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.cli.opening import Claims, opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.sentences import Misused
from bot.domain.claims import Claimed, Redemption

Found = TypeVar("Found")


def add_claims(words: Commands[Parser]) -> None:
    """Add the word that counts."""
    _add(words, "claims", _count, "count how many tokens a poll gave out and how many were paid")


def add_redeem(words: Commands[Parser]) -> None:
    """Add the word that redeems."""
    redeem = _add(words, "redeem", _redeem, "say whether a token is good, and take it as paid")
    redeem.add_argument(
        "token", metavar="TOKEN", nargs="+", help="as it stands in the chat; blanks do for the hyphens"
    )


def _add(words: Commands[Parser], name: str, call: Callable[[argparse.Namespace], int], what: str) -> Parser:
    parser = words.add_parser(name, help=what)
    parser.add_argument("number", metavar="NUMBER", type=int, help="the number of the poll")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    config_option(parser)
    parser.set_defaults(call=call, parser=parser)
    return parser


def _asked(args: argparse.Namespace, ask: Callable[[Claims], Awaitable[Found | None]]) -> Found:
    """Ask the ledger, also beside a running bot; raises :class:`Misused` where there is no such poll."""

    async def open_and_ask() -> Found | None:
        async with opened(args.open_bot, settings_of(args)) as bot:
            return await ask(bot.claims)

    found = asyncio.run(open_and_ask())
    if found is None:
        raise Misused(f"there is no poll {args.number}")
    return found


def _count(args: argparse.Namespace) -> int:
    found = _asked(args, lambda claims: claims.counts(args.number))
    if args.json:
        print(json.dumps({"poll": args.number, "minted": found.minted, "redeemed": found.redeemed}))
    elif found.minted:
        print(f"Poll {args.number}: {found.minted} tokens given out, {found.redeemed} of them paid.")
    else:
        print(f"Poll {args.number} has given out no token: it is open, pays nothing, or nobody took part.")
    return 0


def _redeem(args: argparse.Namespace) -> int:
    came = _asked(args, lambda claims: claims.redeem(args.number, " ".join(args.token)))
    if args.json:
        on = came.on.isoformat() if came.on else None
        print(json.dumps({"poll": args.number, "claimed": came.claimed.value, "on": on}))
    else:
        print(_sentence(args.number, came))
    return 0 if came.claimed is Claimed.NOW else 1


def _sentence(number: int, came: Redemption) -> str:
    match came.claimed:
        case Claimed.NOW:
            return f"The token of poll {number} is good, and is taken as paid from now on."
        case Claimed.EARLIER:
            return f"This token of poll {number} was paid on {came.on:%Y-%m-%d}."
        case Claimed.SLIP:
            return "This is no token: a sign is wrong, missing or in the wrong place. Type it once more."
        case Claimed.UNKNOWN:
            return f"Poll {number} gave out no such token."
