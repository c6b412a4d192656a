"""`curbside outbox`: what waits to go out, what was set apart and why, and what to do about it. No texts."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from bot.cli.opening import opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.sentences import Misused
from bot.domain.pauses import Cause, Pause
from bot.ports.adapter import Room
from bot.ports.backlog import Backlog, Quarantined, Retried, Waiting
from bot.ports.outbox import site_and_room

Found = TypeVar("Found")

_SHORTEST_ID = 6
_OUTCOMES = {
    Retried.WAITING: "leaves again",
    Retried.OVERTAKEN: "stays: something newer came after it; drop it",
    Retried.UNKNOWN: "is not in quarantine any more",
}


@dataclass(frozen=True, slots=True)
class _Found:
    """The outbox as it is."""

    waiting: tuple[Waiting, ...]
    apart: tuple[Quarantined, ...]
    paused: tuple[Pause, ...]


_CAUSES = {
    Cause.STRANGER: "somebody is in it who may not be",
    Cause.UNFIT: "it may not be a consult room any more; run curbside doctor",
    Cause.LOGIN: "the platform does not take the bot's login any more; run curbside doctor",
    Cause.MODERATOR: "a moderator or the shell paused it",
}


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command and its words."""
    parser = commands.add_parser("outbox", help="what waits, what is in quarantine and why (no texts)")
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    _add(words, "list", _list, "count what waits and list what is in quarantine")
    retry = _add(words, "retry", _retry, "let deliveries in quarantine leave again")
    retry.add_argument("id", metavar="ID|all", help="an id of the list, or its beginning; or all")
    drop = _add(words, "drop", _drop, "give a delivery in quarantine up for good")
    drop.add_argument("id", metavar="ID", help="an id of the list, or its beginning")


def _add(words: Commands[Parser], name: str, call: Callable[[argparse.Namespace], int], what: str) -> Parser:
    parser = words.add_parser(name, help=what)
    config_option(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(call=call, parser=parser)
    return parser


def _with_backlog(args: argparse.Namespace, act: Callable[[Backlog], Awaitable[Found]]) -> Found:
    """Act on the outbox, also beside a running bot."""

    async def open_and_act() -> Found:
        async with opened(args.open_bot, settings_of(args)) as bot:
            return await act(bot.backlog)

    return asyncio.run(open_and_act())


def _list(args: argparse.Namespace) -> int:
    async def look(backlog: Backlog) -> _Found:
        return _Found(await backlog.waiting(), await backlog.quarantined(), await backlog.paused())

    found = _with_backlog(args, look)
    if args.json:
        print(json.dumps(_object(found)))
    else:
        print("\n".join(_table(found)) or "Nothing waits, and nothing is in quarantine.")
    return 0


def _retry(args: argparse.Namespace) -> int:
    async def again(backlog: Backlog) -> dict[str, Retried]:
        apart = await backlog.quarantined()
        chosen = apart if args.id == "all" else (_one(args.id, apart),)
        return {one.id: await backlog.retry(one.id) for one in chosen}

    retried = _with_backlog(args, again)
    if args.json:
        print(json.dumps(retried))
    else:
        told = [f"{delivery} {_OUTCOMES[outcome]}" for delivery, outcome in retried.items()]
        print("\n".join(told) or "Nothing is in quarantine.")
    return 0 if all(outcome is Retried.WAITING for outcome in retried.values()) else 1


def _drop(args: argparse.Namespace) -> int:
    async def give_up(backlog: Backlog) -> tuple[str, bool]:
        chosen = _one(args.id, await backlog.quarantined()).id
        return chosen, await backlog.drop(chosen)

    delivery, dropped = _with_backlog(args, give_up)
    if args.json:
        print(json.dumps({delivery: "dropped" if dropped else "unknown"}))
    else:
        print(f"{delivery} {'was dropped' if dropped else _OUTCOMES[Retried.UNKNOWN]}")
    return 0 if dropped else 1


def _one(beginning: str, apart: tuple[Quarantined, ...]) -> Quarantined:
    found = [one for one in apart if one.id.startswith(beginning.lower())]
    if len(beginning) < _SHORTEST_ID:
        raise Misused(
            f"give at least the first {_SHORTEST_ID} signs of the id; `curbside outbox list` shows it"
        )
    if not found:
        raise Misused(f"no delivery in quarantine begins with {beginning}; see `curbside outbox list`")
    if len(found) > 1:
        raise Misused(f"{len(found)} deliveries begin with {beginning}; give more of the id")
    return found[0]


def _object(found: _Found) -> dict[str, object]:
    return {
        "waiting": [
            {**_to(one.room), "deliveries": one.deliveries, "oldest_seconds": round(one.oldest_seconds)}
            for one in found.waiting
        ],
        "quarantined": [
            {
                "id": one.id,
                **_to(one.room),
                "what": one.what,
                "tries": one.tries,
                "age_seconds": round(one.age_seconds),
                "code": one.code,
            }
            for one in found.apart
        ],
        "paused": [{"site": one.room, "cause": one.cause, "told": one.told} for one in found.paused],
    }


def _to(room: str) -> dict[str, str]:
    if not room:
        return {"to": "home"}
    site, which = site_and_room(room)
    return {"to": "room" if which is Room.CONSULT else "moderators", "site": site}


def _table(found: _Found) -> Iterator[str]:
    """Write up to three parts, with an empty line between them."""
    parts = [list(part) for part in (_waiting(found), _paused(found), _apart(found))]
    yield from "\n\n".join("\n".join(part) for part in parts if part).split("\n") if any(parts) else ()


def _waiting(found: _Found) -> Iterator[str]:
    if found.waiting:
        yield f"{'waiting for':<24} {'deliveries':>10}  oldest since"
    for one in found.waiting:
        yield f"{_place(one.room):<24} {one.deliveries:>10}  {_age(one.oldest_seconds)}"


def _paused(found: _Found) -> Iterator[str]:
    if found.paused:
        yield f"{'paused':<24} because"
    for one in found.paused:
        yield f"{_place(one.room):<24} {_CAUSES[one.cause]}"


def _apart(found: _Found) -> Iterator[str]:
    if found.apart:
        yield f"{'in quarantine':<32}  {'to':<24} {'what':<8} {'tries':>5}  {'since':<8} reason"
    for each in found.apart:
        yield (
            f"{each.id:<32}  {_place(each.room):<24} {each.what:<8} {each.tries:>5}"
            f"  {_age(each.age_seconds):<8} {each.code}"
        )


def _place(room: str) -> str:
    if not room:
        return "home chats"
    site, which = site_and_room(room)
    return f"room at {site}" if which is Room.CONSULT else f"moderators at {site}"


def _age(seconds: float) -> str:
    """Say how long in one rounded unit; nothing is late before its release."""
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
