"""`curbside mod`: what moderators do from the shell."""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable

from bot.chat.events import Account
from bot.chat.text import counted
from bot.cli import standing
from bot.cli.audit import add_audit
from bot.cli.first_moderator import add_first
from bot.cli.opening import Enrolled, Pausing, opened, settings_of
from bot.cli.parsing import Commands, Parser, config_option
from bot.cli.sentences import Misused
from bot.config import Settings
from bot.domain.members import Role
from bot.domain.verification import OBJECTION, Applicant, Stage
from bot.views.verification import why_two

_SLACK = re.compile(r"slack:([A-Z0-9]{2,}):([A-Z0-9]{2,})")
_MATRIX = re.compile(r"matrix:(@[^\s:]+:([^\s@/]+))")
_LONGEST = 120


def add_parser(commands: Commands[Parser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "mod", help="enrol members, decide about those who want in, stop and restore"
    )
    words = parser.add_subparsers(title="words", metavar="WORD", required=True)
    enrol = words.add_parser("enrol", help="make a member without the three steps; works while the bot runs")
    enrol.add_argument(
        "--account",
        type=account,
        required=True,
        metavar="ACCOUNT",
        help="slack:TEAM:USER or matrix:@user:server",
    )
    enrol.add_argument(
        "--name", type=_words, required=True, help="the real name; it goes into the vault only"
    )
    enrol.add_argument("--specialty", type=_words, required=True, help="shown beside the screen name")
    enrol.add_argument(
        "--role", choices=[role.value for role in Role], default="physician", help="default: physician"
    )
    enrol.add_argument("--json", action="store_true", help="one JSON object")
    config_option(enrol)
    enrol.set_defaults(call=_enrol, parser=enrol)
    add_first(words)
    add_audit(words)
    _add_queue(words)
    _add_rooms(words)
    standing.add_words(words, _words)


def _add_rooms(words: Commands[Parser]) -> None:
    pause = words.add_parser("pause", help="let nothing leave for a site's consult room until it is resumed")
    pause.set_defaults(call=_pause, parser=pause)
    resume = words.add_parser("resume", help="let what waits for a paused room leave")
    resume.set_defaults(call=_resume, parser=resume)
    for one in (pause, resume):
        one.add_argument("site", metavar="SITE", help="the site's name in the configuration")
        config_option(one)


def _add_queue(words: Commands[Parser]) -> None:
    queue = words.add_parser("queue", help="list who waits for a moderator, and what the checks found")
    queue.set_defaults(call=_queue, parser=queue)
    approve = words.add_parser("approve", help="let an applicant in, who then chooses a screen name")
    approve.set_defaults(call=_decide, decide="approve", words="", parser=approve)
    reject = words.add_parser("reject", help="turn an applicant away, with a reason")
    reject.set_defaults(call=_decide, decide="reject", parser=reject)
    ask = words.add_parser("ask", help="ask an applicant for more")
    ask.set_defaults(call=_decide, decide="ask", parser=ask)
    for one in (approve, reject, ask):
        one.add_argument("reference", metavar="REF", help="the application's reference, V-…")
    for one in (reject, ask):
        one.add_argument("words", type=_words, help="what the applicant reads, in quotes")
    for one in (queue, approve, reject, ask):
        one.add_argument("--json", action="store_true", help="JSON")
        config_option(one)


def account(written: str) -> Account:
    """Read `slack:TEAM:USER` or `matrix:@user:server`; raises ``ArgumentTypeError`` for anything else."""
    if slack := _SLACK.fullmatch(written):
        return Account("slack", slack[1], slack[2])
    if matrix := _MATRIX.fullmatch(written):
        return Account("matrix", matrix[2], matrix[1])
    raise argparse.ArgumentTypeError("an account is written slack:TEAM:USER or matrix:@user:server")


def _words(written: str) -> str:
    text = " ".join(written.split())
    if not text or len(text) > _LONGEST or not text.isprintable():
        raise argparse.ArgumentTypeError(f"must be 1 to {_LONGEST} characters on one line")
    return text


def _pause(args: argparse.Namespace) -> int:
    async def pause(rooms: Pausing, site: str) -> str:
        fresh = await rooms.pause(site, by="shell")
        return f"{site}: {'paused' if fresh else 'was paused already'}; what is for its room waits."

    return _with_rooms(args, pause)


def _resume(args: argparse.Namespace) -> int:
    async def resume(rooms: Pausing, site: str) -> str:
        lifted = await rooms.resume(site, by="shell")
        if site in rooms.paused:
            return f"{site}: stays paused; `curbside outbox list` says why."
        return f"{site}: {'goes on; what waited leaves now' if lifted else 'was not paused'}."

    return _with_rooms(args, resume)


def _with_rooms(args: argparse.Namespace, act: Callable[[Pausing, str], Awaitable[str]]) -> int:
    """Act on a site's room, also beside a running bot."""

    async def open_and_act() -> str:
        async with opened(args.open_bot, settings_of(args)) as bot:
            site = bot.pausing.named(args.site)
            if site is None:
                raise Misused(f"no site is called {args.site}; there are: {', '.join(bot.pausing.sites)}")
            return await act(bot.pausing, site)

    print(asyncio.run(open_and_act()))
    return 0


def _enrol(args: argparse.Namespace) -> int:
    enrolled = asyncio.run(_at_the_wall(args, settings_of(args)))
    if args.json:
        print(json.dumps({"reference": enrolled.reference, "already": enrolled.already}))
    elif enrolled.already:
        print(f"This account is a member already ({enrolled.reference}); nothing was changed.")
    else:
        print(
            f"Enrolled ({enrolled.reference}). The screen name is told to its owner only, in the home chat."
        )
    return 0


async def _at_the_wall(args: argparse.Namespace, settings: Settings) -> Enrolled:
    async with opened(args.open_bot, settings) as bot:
        return await bot.wall.joining.enrol(
            args.account, args.name, args.specialty, Role(args.role), by="shell"
        )


def _queue(args: argparse.Namespace) -> int:
    waiting = asyncio.run(_waiting(args, settings_of(args)))
    if args.json:
        print(json.dumps([_told(one) for one in waiting]))
        return 0
    for one in waiting:
        found = ", ".join(
            f"{each.check} {each.finding.outcome}: {each.finding.reason}" for each in one.findings
        )
        print(f"{one.reference}  {counted(one.waiting_days, 'day')}  {found}")
        if one.signals or one.gone:
            print(f"    also: {', '.join((*one.signals, *(('old account gone',) if one.gone else ())))}")
        for name, value in (("proved name", one.proved_name), *sorted(one.values.items())):
            if value:
                print(f"    {name}: {value}")
    if not waiting:
        print("Nobody waits.")
    return 0


async def _waiting(args: argparse.Namespace, settings: Settings) -> tuple[Applicant, ...]:
    async with opened(args.open_bot, settings) as bot:
        return await bot.review.queue()


def _decide(args: argparse.Namespace) -> int:
    decided = asyncio.run(_decided(args, settings_of(args)))
    if decided is None:
        print(
            f"No application {args.reference} waits; `curbside mod queue` lists those that do.",
            file=sys.stderr,
        )
        return 1
    print(json.dumps(_told(decided)) if args.json else _sentence(decided))
    return 0


async def _decided(args: argparse.Namespace, settings: Settings) -> Applicant | None:
    async with opened(args.open_bot, settings) as bot:
        if args.decide == "approve":
            return await bot.review.approve(args.reference, by="shell")
        act = bot.review.reject if args.decide == "reject" else bot.review.ask
        return await act(args.reference, by="shell", words=args.words)


def _sentence(applicant: Applicant) -> str:
    told = {
        Stage.NAMING: "approved; the applicant chooses a screen name now",
        Stage.RENEWED: "approved; the member goes on as before",
        Stage.REJECTED: "rejected; the applicant reads your words",
        Stage.MORE: "asked for more; the applicant reads your words",
        Stage.MOVING: f"approved; the old account has {OBJECTION.days} days to object before anything moves",
    }
    if _stays(applicant):
        return f"{applicant.reference}: a member has that number already, so it cannot be approved."
    left = applicant.needed - applicant.approvals
    waits = f"noted; {counted(left, 'more moderator')} must approve it, since it {why_two(applicant)}"
    return f"{applicant.reference}: {told.get(applicant.stage, waits)}."


def _stays(applicant: Applicant) -> bool:
    """Say whether an approval came to nothing, and none will."""
    waits = bool(applicant.approvals) and applicant.stage in (Stage.REVIEW, Stage.MORE)
    held = applicant.held and not applicant.gone
    return waits and (held or applicant.approvals >= applicant.needed)


def _told(applicant: Applicant) -> dict[str, object]:
    return {
        "reference": applicant.reference,
        "stage": applicant.stage.value,
        "waiting_days": applicant.waiting_days,
        "values": dict(applicant.values),
        "proved_name": applicant.proved_name,
        "held": applicant.held,
        "gone": applicant.gone,
        "objected": applicant.objected,
        "signals": [one.value for one in applicant.signals],
        "barred": applicant.barred,
        "renews": applicant.renews,
        "approvals": applicant.approvals,
        "needed": applicant.needed,
        "findings": [
            {"step": one.step.value, "check": one.check}
            | {"outcome": one.finding.outcome.value, "reason": one.finding.reason}
            for one in applicant.findings
        ],
    }
