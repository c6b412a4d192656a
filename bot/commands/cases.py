"""Cases: ask, look, close, take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Button, Card, note
from bot.chat.forms import Field, Form
from bot.commands.authors import author_of, authors_of
from bot.commands.context import Ask, Context, House
from bot.commands.counting import answer_of
from bot.commands.draft_pictures import clean_pictures
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.ending import ending_of
from bot.commands.finding import require_case
from bot.commands.following import ways_of
from bot.commands.hiding_reasons import drop_reason, hidden_notice, kept_reason, own_hidden
from bot.commands.personae import speaking
from bot.commands.poll_closing import take_polls_back
from bot.commands.poll_list import poll_shown
from bot.commands.reading_opinions import may_read, may_read_working
from bot.commands.uncovering import uncover
from bot.commands.wanted import wanted
from bot.commands.withdrawals import group_name, read_report
from bot.domain.cases import WINDOWS, Case, CasePicture, CaseState, require_urgency
from bot.domain.comments import Comment
from bot.domain.details import details_of, title_of
from bot.domain.drafts import STATEMENT, Draft, DraftKind
from bot.domain.members import Member, MemberId, Role
from bot.domain.opinions import Opinion
from bot.domain.permissions import Action, require
from bot.domain.personae import Signing
from bot.domain.refusal import Refused
from bot.domain.routing import URGENT
from bot.domain.search import is_about, search_words
from bot.domain.wanted import exactly, listed
from bot.ports.work import Work
from bot.views import case as views
from bot.views.comment import EDITED
from bot.views.draft_picture import alt_of
from bot.views.helpful import helpful_words
from bot.views.hiding import hidden_words, moderating_buttons
from bot.views.opinion import opinion_words
from bot.views.poll import polls_on_case
from bot.views.report import report_button
from bot.views.reveal import gate, gate_buttons
from bot.views.summary import summary_blocks

MOST_LISTED = 10
_MOST_OPEN = 1000
"""Open cases that are looked through for a field of medicine."""


async def ask(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, with prompts where a specialty is named, or take its answers and show the preview."""
    require(Action.CASE, ctx.member)
    if not request.submitted:
        field = exactly(request.argument)
        return views.case_form("" if field else request.argument, field)
    urgency = request.values.get("urgency") or "routine"
    require_urgency(urgency)
    draft = await clean_draft(ctx, request, DraftKind.CASE, read(request))
    pictured, developed = await clean_pictures(ctx, draft, request.files)
    signing = Signing.OWN_NAME if ctx.names.always_own else Signing.SCREEN_NAME
    settings = {"urgency": urgency, "signing": signing.value, **wanted(request, draft)}
    return await submit(ctx, replace(pictured, settings=settings), publish, developed)


def read(request: Ask) -> Mapping[str, str]:
    """Read the words of a case from its form; raises :class:`Refused`."""
    fields = {name: request.values.get(name, "").strip() for name in ("story", "question")}
    if not all(fields.values()):
        raise Refused(
            "incomplete", "A case needs a story and a question. Your words are not lost: ask again.", "case"
        )
    return fields


def asked_again(draft: Draft, told: Mapping[str, str]) -> tuple[Field, ...]:
    """Give the fields that ask for a case's words, with what was written."""
    return views.case_fields(
        told["story"], told["question"], draft.settings["urgency"], draft.settings.get("specialties", "")
    )


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Turn a draft into a case and put it on its way to every room, in one commit."""
    urgency = draft.settings["urgency"]
    author = await speaking(ctx, work, draft.member)
    release_at = ctx.release_at(urgent=urgency in URGENT)
    case = Case(
        id=ctx.house.chance.id(),
        number=await work.cases.next_number(),
        author=author.id,
        title=title_of(draft),
        story=draft.fields["story"],
        question=draft.fields["question"],
        urgency=urgency,
        posted_at=ctx.now(),
        released_at=release_at,
        pictures=_pictures(draft),
        statement=STATEMENT,
        details=details_of(draft),
        blind=ctx.rules.blind_first,
        closes_at=release_at + WINDOWS[urgency],
        specialties=listed(draft.settings.get("specialties", "")),
    ).next_look()
    await work.cases.add(case)
    await work.outbox.post(case.subject, views.case_card(case, author), release_at=release_at)
    code = await remember(ctx, work, case.subject)
    return views.posted_card(case, author, ctx.rules.undo_seconds, code, ctx.uploads if case.pictures else "")


def _pictures(draft: Draft) -> tuple[CasePicture, ...]:
    return tuple(
        CasePicture(picture.media, alt_of(draft, number), draft.fields.get(picture.caption_field, "").strip())
        for number, picture in enumerate(draft.pictures, start=1)
    )


async def show(ctx: Context, request: Ask) -> Card:
    """Show one case with everything that was said about it."""
    async with ctx.look() as work:
        if (poll := await poll_shown(ctx, work, request)) is not None:
            return poll
        case = await require_case(ctx, work, request, Action.SHOW)
        if case.state is CaseState.WITHDRAWN:
            return await _show_withdrawn(ctx, work, case)
        moderates = ctx.member.role is Role.MODERATOR
        if case.hidden and not moderates:
            return await hidden_notice(work, case)
        author = await author_of(work, case.author)
        mine = ctx.is_mine(case.author)
        readable = await may_read(ctx, work, case)
        working = await may_read_working(ctx, work, case)
        said = await _said(work, case, opinions=readable, all_of_it=moderates)
        ending = await ending_of(ctx, work, case)
        opinions = await work.opinions.of_case(case.id)
        polls = polls_on_case(await work.polls.of_case(case.id))
        answer = await answer_of(work, case) if opinions and not case.covered else None
        routing = (
            *await ways_of(ctx, work, case),
            *(() if mine or moderates else (report_button(case.number),)),
            *(await _moderating(work, case) if moderates else ()),
        )
        hiding = () if moderates else await own_hidden(ctx, work, case)
    if readable:
        besides = (*ending, *(summary_blocks(answer) if answer else ()), *polls, *hiding)
        card = views.shown_card(case, author, said, reader_is_author=mine, besides=besides, working=working)
    else:
        ways = gate_buttons(case)
        card = views.shown_card(
            case,
            author,
            said,
            reader_is_author=mine,
            besides=(gate(len(opinions)), *polls, *hiding),
            buttons=ways,
        )
    return replace(views.with_further(card, routing), about=case.subject)


async def _moderating(work: Work, case: Case) -> tuple[Button, ...]:
    waits = case.hidden and (await kept_reason(work, case.subject)).waits
    return moderating_buttons(case, waits=waits)


async def _show_withdrawn(ctx: Context, work: Work, case: Case) -> Card:
    """Show the author what became of the copies; to others the case is gone."""
    report = await read_report(work, case) if ctx.is_mine(case.author) else None
    if report is None:
        case.require_open()
    return report or views.withdrawing_card(case)


async def _said(work: Work, case: Case, *, opinions: bool, all_of_it: bool) -> list[tuple[str, str]]:
    """List what was said; ``all_of_it`` with what is hidden, and with what moderators call it."""
    given = await work.opinions.of_case(case.id, hidden=all_of_it) if opinions else ()
    said = await work.comments.of_case(case.id, hidden=all_of_it)
    updates = await work.updates.of_case(case.id)
    thanks = await work.helpful.counts(case.id)
    known = await authors_of(work, {one.member for one in given} | {one.member for one in said})
    answers = [
        (
            item.given_at,
            f"{_who(case, item, known)}{helpful_words(thanks.get(item.id, 0))}{hidden_words(item)}",
            opinion_words(item),
        )
        for item in given
    ]
    comments = [(item.said_at, _speaker(item, known), item.text) for item in said]
    if all_of_it:
        comments = [
            (
                item.said_at,
                f"{case.number}.c{item.number} {_speaker(item, known)}{hidden_words(item)}",
                item.text,
            )
            for item in said
        ]
    added = [(item.added_at, f"Update {item.number}", item.text) for item in updates]
    return [(who, words) for _, who, words in sorted(answers + comments + added)]


def _who(case: Case, opinion: Opinion, known: Mapping[MemberId, Member]) -> str:
    number = f"{case.number}.{opinion.number}"
    return f"{number} {known[opinion.member].screen_name}" if opinion.shown else number


def _speaker(comment: Comment, known: Mapping[MemberId, Member]) -> str:
    name = known[comment.member].screen_name
    said = f"{name} asks the author" if comment.question else name
    return f"{said} ({EDITED})" if comment.edited else said


async def list_open(ctx: Context, request: Ask) -> Card:
    """List open cases, or those about a field of medicine."""
    require(Action.OPEN, ctx.member)
    async with ctx.look() as work:
        cases = await work.cases.open_cases(_MOST_OPEN)
    wanted = search_words(request.argument)
    out = (case for case in cases if case.released_at <= ctx.now() or ctx.is_mine(case.author))
    listed = tuple(case for case in out if is_about(case, wanted))[:MOST_LISTED]
    if wanted and not listed:
        return views.nothing_about_card()
    return views.list_card("Open cases", listed, "No case is open right now.")


async def list_mine(ctx: Context, _: Ask) -> Card:
    """List the member's own cases."""
    require(Action.MINE, ctx.member)
    async with ctx.look() as work:
        cases = await work.cases.by_author(ctx.ids, MOST_LISTED)
    return views.list_card("My cases", cases, "You have not asked anything yet.")


async def close(ctx: Context, request: Ask) -> Card:
    """Close a case of one's own; the rooms' cards lose their buttons, and a summary follows."""
    async with ctx.work() as work:
        closed = await end(ctx.house, work, await require_case(ctx, work, request, Action.CLOSE))
    return views.closed_card(closed)


async def end(house: House, work: Work, case: Case) -> Case:
    """End a case: nothing new can be said, everybody reads the opinions, and the summary is due."""
    closed = case.close(house.clock.now())
    author = await author_of(work, case.author)
    await work.cases.replace(closed)
    await work.outbox.edit(closed.subject, views.case_card(closed, author), revision=closed.revision)
    await uncover(work, closed)
    return closed


async def withdraw(ctx: Context, request: Ask) -> Card:
    """Take a case of one's own back from every room; asks first unless ``yes`` follows the number."""
    number, _, sure = request.argument.partition(" ")
    async with ctx.work() as work:
        case = await require_case(ctx, work, replace(request, argument=number), Action.WITHDRAW)
        case.withdraw()  # raises where that was done before
        if sure.strip().casefold() != "yes":
            return _really(case)
        if await work.outbox.hold_back(case.subject):
            await forget_case(work, case)
            return views.undone_card("case")
        await take_back(work, case)
    return views.withdrawing_card(case)


async def forget_case(work: Work, case: Case) -> None:
    """Forget a case that nobody saw, and the alias or own name that was made for it.

    The vault forgets to whom that belonged at the next start.
    """
    await take_polls_back(work, case.id)
    await work.cases.remove(case.id)
    await work.members.forget(case.author)


def _really(case: Case) -> Card:
    return note(
        f"This takes case #{case.number} back in every room, with its pictures and everything said about it. "
        "It cannot be undone.",
        buttons=(Button("Withdraw for good", f"withdraw {case.number} yes", "danger"),),
    )


async def take_back(work: Work, case: Case) -> None:
    """Delete a case and everything under it from the rooms, and erase every word of it here.

    What is deleted in rooms is found by its place, and needs no words. The author hears how it went.
    """
    await work.cases.replace(case.withdraw())
    group = group_name(case.author, case.number, case.subject)
    await take_polls_back(work, case.id, group=group)
    for subject in await subjects_under(work, case):
        await work.outbox.delete(subject, group=group)
        await drop_reason(work, subject)
        await work.reports.settle(subject)
    await work.cases.forget_said(case.id)
    for media in (case.id, *(picture.media for picture in case.pictures)):
        await work.pictures.drop(media)
    await work.pages.forget(case.id)


async def subjects_under(work: Work, case: Case) -> tuple[str, ...]:
    """List the subjects of everything said about a case, and last its own."""
    opinions = [item.subject for item in await work.opinions.of_case(case.id, hidden=True)]
    comments = [item.subject for item in await work.comments.of_case(case.id, hidden=True)]
    updates = [item.subject for item in await work.updates.of_case(case.id)]
    told = await work.outcomes.of_case(case.id)
    outcome = (told.subject,) if told else ()
    return (*comments, *opinions, *updates, *outcome, case.summary_subject, case.subject)
