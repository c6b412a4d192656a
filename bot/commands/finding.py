"""Finding what a request is about: a number in its words, or the message that it answers."""

from __future__ import annotations

import re

from bot.commands.context import Ask, Context
from bot.domain.cases import Case
from bot.domain.home_questions import HomeQuestion
from bot.domain.members import MemberId, Role
from bot.domain.permissions import Action, Thing, require
from bot.domain.polls import Poll
from bot.domain.refusal import Refused, not_found
from bot.ports.work import Work

_NUMBER = re.compile(r"^#?(\d{1,9})(?:\.\d+)?(?=\s|$)\s*(.*)$", re.DOTALL)


def split_number(argument: str) -> tuple[int | None, str]:
    """Split ``123 the rest`` (also ``#123``, ``123.2``) into number and rest; None where there is none."""
    if match := _NUMBER.match(argument.strip()):
        return int(match[1]), match[2].strip()
    return None, argument.strip()


async def require_case(ctx: Context, work: Work, request: Ask, action: Action) -> Case:
    """Find the case that a request is about, if the member may do this with it; raises :class:`Refused`."""
    require(action, ctx.member)
    case = await _find_case(work, request, action)
    if case.released_at > ctx.now() and not ctx.is_mine(case.author):
        # It may still be undone, and then nobody must have seen it.
        raise not_found("case", f"#{case.number}")
    require(action, ctx.member, thing_of(ctx, case))
    if not _may_look_behind(ctx, case, action):
        case.require_seen()
    return case


def _may_look_behind(ctx: Context, case: Case, action: Action) -> bool:
    """Say whether it matters nothing that a case is hidden: to take it back, or to hear or decide why."""
    looks = ctx.is_mine(case.author) or ctx.member.role is Role.MODERATOR
    return action in (Action.WITHDRAW, Action.APPEAL) or (action is Action.SHOW and looks)


def thing_of(ctx: Context, case: Case) -> Thing:
    """Say of a case whose it is and how it is spoken of."""
    return Thing("case", f"#{case.number}", _owner(ctx, case.author))


def _owner(ctx: Context, author: MemberId) -> MemberId:
    """Give the member for an author who is another persona of the same person."""
    return ctx.member.id if ctx.is_mine(author) else author


async def _find_case(work: Work, request: Ask, word: str) -> Case:
    number, _ = split_number(request.argument)
    if number is None and request.about:
        return await _require_about(work, request.about)
    if number is None:
        raise Refused("no_number", f"Which case? Write its number, for example: {word} 123.", "open")
    case = await work.cases.by_number(number)
    if case is None:
        raise not_found("case", f"#{number}")
    return case


async def _require_about(work: Work, subject: str) -> Case:
    case = await case_about(work, subject)
    if case is None:
        raise Refused("not_found", "That message belongs to no case that is still here.", "open")
    return case


async def case_about(work: Work, subject: str) -> Case | None:
    """Find the case that a message belongs to, by what it is about; None where it belongs to none."""
    kind, _, item = subject.partition(":")
    asked = HomeQuestion.read(subject)
    case_id = asked.case if asked else item
    if kind == "opinion":
        opinion = await work.opinions.get(item)
        case_id = opinion.case if opinion else ""
    elif kind == "comment":
        comment = await work.comments.get(item)
        case_id = comment.case if comment else ""
    elif kind in ("update", "outcome"):
        later = await (work.updates.get(item) if kind == "update" else work.outcomes.get(item))
        case_id = later.case if later else ""
    return await work.cases.get(case_id) if case_id else None


async def require_poll(ctx: Context, work: Work, request: Ask, action: Action) -> Poll:
    """Find the poll that a request is about, if the member may do this with it; raises :class:`Refused`."""
    require(action, ctx.member)
    poll = await _find_poll(work, request, action)
    if not ctx.is_mine(poll.author) and not poll.is_out(ctx.now()):
        raise not_found("poll", poll.number)
    require(action, ctx.member, Thing("poll", str(poll.number), _owner(ctx, poll.author)))
    looks = ctx.is_mine(poll.author) or ctx.member.role is Role.MODERATOR
    if action not in (Action.REPORT, Action.APPEAL) and not (action is Action.SHOW and looks):
        await require_in_sight(work, poll)
    return poll


async def require_in_sight(work: Work, poll: Poll) -> None:
    """Refuse anything on a poll that a moderator hides, by itself or with its case."""
    poll.require_seen()
    if (case := await _case_of(work, poll)) is not None:
        case.require_seen()


async def is_in_sight(work: Work, poll: Poll) -> bool:
    """Say whether no moderator hides a poll, by itself or with its case."""
    case = await _case_of(work, poll)
    return not poll.hidden and not (case is not None and case.hidden)


async def _case_of(work: Work, poll: Poll) -> Case | None:
    return await work.cases.get(poll.case) if poll.case else None


async def _find_poll(work: Work, request: Ask, word: str) -> Poll:
    number, _ = split_number(request.argument)
    if number is None:
        raise Refused("no_number", f"Which poll? Write its number, for example: {word} 123.", "help poll")
    poll = await work.polls.by_number(number)
    if poll is None:
        raise not_found("poll", number)
    return poll
