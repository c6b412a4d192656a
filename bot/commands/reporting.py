"""Reporting: readers say that something must not stand, and whoever wrote it asks for another look."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.context import Ask, Context, House
from bot.commands.finding import require_case, require_poll
from bot.commands.hiding import It, Named, NamedPoll, act, named, named_by, target_about
from bot.commands.hiding_reasons import keep_reason, kept_reason
from bot.commands.reading_opinions import may_read
from bot.domain.cases import CaseState
from bot.domain.hiding import Reason, Stage, Target, Why, split_target, why_of
from bot.domain.members import Role
from bot.domain.opinions import Opinion
from bot.domain.permissions import Action
from bot.domain.refusal import Refused
from bot.domain.reports import DAY, Report, hides
from bot.ports.outbox import MEMO
from bot.ports.work import Work
from bot.views import report as view


async def report(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take the report of a case, an opinion or a comment."""
    async with ctx.look() as work:
        it = await _readable(ctx, work, request)
        _require_others(ctx, it)
        before = await work.reports.by(it.subject, *ctx.ids)
    if before:
        raise Refused(
            "reported", f"You have reported #{it.target.name} already. Moderators decide about it.", "open"
        )
    why = _why(request)
    if why is None:
        return view.report_form(it.target)
    await ctx.audited("reported", f"#{it.target.name} {why.value}")
    async with ctx.work() as work:
        return await _keep(ctx, work, await named(work, it.target, ctx.now()), why)


async def appeal(ctx: Context, request: Ask) -> Card:
    """Ask another moderator to look at what is hidden of one's own."""
    async with ctx.work() as work:
        target = await _target(work, request, Action.APPEAL)
        it = await _own_hidden(ctx, work, target)
        reason = await kept_reason(work, it.subject)
        _require_final(reason, target)
        await keep_reason(work, it.subject, replace(reason, stage=Stage.APPEALED))
        alone = sum(one.role is Role.MODERATOR for one in await work.members.everybody()) < 2
        await work.outbox.notify_moderators(
            view.appeal_card(target, alone=alone),
            quiet=view.reports_quiet_card(),
            key=f"appeal:{ctx.house.chance.id()}",
        )
    return view.appealed_card(target)


def _require_final(reason: Reason, target: Target) -> None:
    told = {
        Stage.REPORTED: f"No moderator has decided about #{target.name} yet; I write to you when one has.",
        Stage.APPEALED: f"Another moderator has been asked to look at #{target.name} already.",
        Stage.UPHELD: f"Another moderator has looked at #{target.name} already, and it stays hidden.",
    }
    if sentence := told.get(reason.stage):
        raise Refused("no_appeal", sentence, "mine")


async def reported(work: Work) -> tuple[view.Reported, ...]:
    """List what members reported and no moderator has decided about, the oldest first."""
    by_subject: dict[str, list[Why]] = {}
    for one in await work.reports.waiting():
        by_subject.setdefault(one.subject, []).append(one.why)
    found = [await _seen(work, subject, tuple(whys)) for subject, whys in by_subject.items()]
    return tuple(one for one in found if one is not None)


async def _seen(work: Work, subject: str, whys: tuple[Why, ...]) -> view.Reported | None:
    """Give what moderators see; None of what is gone."""
    it = await named_by(work, subject)
    return view.Reported(it.target, whys, hidden=it.is_hidden) if it is not None else None


def _why(request: Ask) -> Why | None:
    """Read the reason from the form or from the words behind the number; None where there is none."""
    if request.submitted:
        return why_of(request.values.get("why", ""))
    return why_of(split_target(request.argument)[1])


async def _readable(ctx: Context, work: Work, request: Ask) -> It:
    """Find what is reported, if the member may read it; raises :class:`Refused`."""
    target = await _target(work, request, Action.REPORT)
    poll = await _poll_named(ctx, work, target, Action.REPORT)
    if poll is not None:
        poll.poll.require_seen()
        return poll
    case = await require_case(ctx, work, Ask(argument=str(target.case)), Action.REPORT)
    if case.state is CaseState.WITHDRAWN:
        case.require_open()
    it = await named(work, target, ctx.now())
    covered = (
        isinstance(it, Named)
        and isinstance(it.item, Opinion)
        and not (it.item.shown and await may_read(ctx, work, case))
    )
    if covered or it.is_hidden:
        raise Refused("not_readable", f"You cannot read #{target.name}, so you cannot report it.", "open")
    return it


async def _poll_named(ctx: Context, work: Work, target: Target, action: Action) -> NamedPoll | None:
    """Find a poll that is named, if the member may do this with it; None where a case is named."""
    if not target.is_case or await work.polls.by_number(target.case) is None:
        return None
    return NamedPoll(
        Target(target.case, poll=True),
        await require_poll(ctx, work, Ask(argument=str(target.case)), action),
    )


async def _target(work: Work, request: Ask, word: Action) -> Target:
    target, _ = split_target(request.argument)
    if target is None and request.about:
        target = await target_about(work, request.about)
    if target is None:
        raise Refused(
            "no_number",
            f"What do you mean? A case: {word} 123, an opinion: {word} 123.2, a comment: {word} 123.c2.",
            "open",
        )
    return target


def _require_others(ctx: Context, it: It) -> None:
    if ctx.is_mine(it.writer):
        whole = isinstance(it, Named) and it.item is None
        way = f"withdraw {it.target.case}" if whole else f"show {it.target.case}"
        raise Refused("own_words", f"#{it.target.name} is your own; others report it.", way)


async def _own_hidden(ctx: Context, work: Work, target: Target) -> It:
    it: It | None = await _poll_named(ctx, work, target, Action.APPEAL)
    if it is None:
        await require_case(ctx, work, Ask(argument=str(target.case)), Action.APPEAL)
        it = await named(work, target, ctx.now())
    if not ctx.is_mine(it.writer) or not it.is_hidden:
        raise Refused("not_hidden", f"#{target.name} is nothing of yours that is hidden.", "mine")
    return it


async def _keep(ctx: Context, work: Work, it: It, why: Why) -> Card:
    """Keep the report, hide what it is about where that is due and not done, and tell moderators."""
    latest = Report(it.subject, ctx.member.id, why, ctx.now())
    await work.reports.add(latest)
    waiting = await work.reports.open_of(it.subject)
    today = await work.reports.count_since(ctx.now() - DAY, *ctx.ids)
    hide = hides(waiting, latest, today) and not it.is_hidden
    if hide:
        await act(ctx.house, work, it, "hide", Reason(why, stage=Stage.REPORTED))
    await _tell_moderators(ctx.house, work, it, waiting, hidden=hide)
    return view.thanks_card(it.target, hidden=hide or it.is_hidden)


async def _tell_moderators(
    house: House, work: Work, it: It, waiting: tuple[Report, ...], *, hidden: bool
) -> None:
    """Tell them of the first report, and once more when it hides something."""
    if len(waiting) > 1 and not hidden:
        return
    told = view.Reported(it.target, tuple(one.why for one in waiting), hidden)
    await work.outbox.notify_moderators(
        view.reported_card(told),
        quiet=view.reports_quiet_card(),
        key=f"report:{house.chance.id()}",
        subject=f"{MEMO}{house.chance.id()}",
    )
