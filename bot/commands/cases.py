"""Cases: ask, look, close, take back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.chat.cards import Button, Card, note
from bot.chat.forms import Field, Form
from bot.commands.authors import author_of
from bot.commands.context import Ask, Context
from bot.commands.draft_pictures import clean_pictures
from bot.commands.drafting import clean_draft, remember, submit
from bot.commands.finding import require_case
from bot.commands.withdrawals import group_name, read_report
from bot.domain.cases import Case, CasePicture, CaseState
from bot.domain.drafts import STATEMENT, Draft, DraftKind
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views import case as views
from bot.views.draft_picture import alt_of
from bot.views.opinion import opinion_words

MOST_LISTED = 10
_TITLE_LENGTH = 80


async def ask(ctx: Context, request: Ask) -> Card | Form:
    """Open the form, or take its answers and show the preview."""
    require(Action.CASE, ctx.member)
    if not request.submitted:
        return views.case_form(request.argument)
    urgency = request.values.get("urgency") or "routine"
    draft = await clean_draft(ctx, request, DraftKind.CASE, read(request))
    pictured, developed = await clean_pictures(ctx, draft, request.files)
    return await submit(ctx, replace(pictured, settings={"urgency": urgency}), publish, developed)


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
    return views.case_fields(told["story"], told["question"], draft.settings["urgency"])


async def publish(ctx: Context, work: Work, draft: Draft) -> Card:
    """Turn a draft into a case and put it on its way to every room, in one commit."""
    urgency = draft.settings["urgency"]
    release_at = ctx.release_at(urgent=urgency == "today")
    case = Case(
        id=ctx.house.chance.id(),
        number=await work.cases.next_number(),
        author=ctx.member.id,
        title=_title(draft.fields["question"]),
        story=draft.fields["story"],
        question=draft.fields["question"],
        urgency=urgency,
        posted_at=ctx.now(),
        released_at=release_at,
        pictures=_pictures(draft),
        statement=STATEMENT,
    )
    await work.cases.add(case)
    await work.outbox.post(case.subject, views.case_card(case, ctx.member), release_at=release_at)
    code = await remember(ctx, work, case.subject)
    return views.posted_card(
        case, ctx.member, ctx.rules.undo_seconds, code, ctx.uploads if case.pictures else ""
    )


def _pictures(draft: Draft) -> tuple[CasePicture, ...]:
    return tuple(
        CasePicture(picture.media, alt_of(draft, number), draft.fields.get(picture.caption_field, "").strip())
        for number, picture in enumerate(draft.pictures, start=1)
    )


def _title(question: str) -> str:
    words = " ".join(question.split())
    if len(words) <= _TITLE_LENGTH:
        return words
    return f"{words[: _TITLE_LENGTH - 1].rsplit(' ', 1)[0]}…"


async def show(ctx: Context, request: Ask) -> Card:
    """Show one case with everything that was said about it."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, request, Action.SHOW)
        if case.state is CaseState.WITHDRAWN:
            return await _show_withdrawn(ctx, work, case)
        author = await author_of(work, case.author)
        said = await _said(work, case)
    mine = case.author == ctx.member.id
    return replace(views.shown_card(case, author, said, reader_is_author=mine), about=case.subject)


async def _show_withdrawn(ctx: Context, work: Work, case: Case) -> Card:
    """Show the author what became of the copies; to others the case is gone."""
    report = await read_report(work, case) if case.author == ctx.member.id else None
    if report is None:
        case.require_open()
    return report or views.withdrawing_card(case)


async def _said(work: Work, case: Case) -> list[tuple[str, str]]:
    opinions, comments = await work.opinions.of_case(case.id), await work.comments.of_case(case.id)
    speakers = {*(item.member for item in opinions), *(item.member for item in comments)}
    names = {member: (await author_of(work, member)).screen_name for member in speakers}
    given = [
        (item.given_at, f"{case.number}.{item.number} {names[item.member]}", opinion_words(item))
        for item in opinions
    ]
    said = [(item.said_at, names[item.member], item.text) for item in comments]
    return [(who, words) for _, who, words in sorted(given + said)]


async def list_open(ctx: Context, _: Ask) -> Card:
    """List open cases."""
    require(Action.OPEN, ctx.member)
    async with ctx.look() as work:
        cases = await work.cases.open_cases(MOST_LISTED)
    out = tuple(case for case in cases if case.released_at <= ctx.now() or case.author == ctx.member.id)
    return views.list_card("Open cases", out, "No case is open right now.")


async def list_mine(ctx: Context, _: Ask) -> Card:
    """List the member's own cases."""
    require(Action.MINE, ctx.member)
    async with ctx.look() as work:
        cases = await work.cases.by_author(ctx.member.id, MOST_LISTED)
    return views.list_card("My cases", cases, "You have not asked anything yet.")


async def close(ctx: Context, request: Ask) -> Card:
    """Close a case of one's own; the rooms' cards lose their buttons."""
    async with ctx.work() as work:
        case = await require_case(ctx, work, request, Action.CLOSE)
        closed = case.close()
        await work.cases.replace(closed)
        card = views.case_card(closed, ctx.member)
        await work.outbox.edit(closed.subject, card, revision=closed.revision)
    return views.closed_card(closed)


async def withdraw(ctx: Context, request: Ask) -> Card:
    """Take a case of one's own back from every room; asks first unless ``yes`` follows the number."""
    number, _, sure = request.argument.partition(" ")
    async with ctx.work() as work:
        case = await require_case(ctx, work, replace(request, argument=number), Action.WITHDRAW)
        withdrawn = case.withdraw()
        if sure.strip().casefold() != "yes":
            return _really(case)
        if await work.outbox.hold_back(case.subject):
            await work.cases.remove(case.id)
            return views.undone_card("case")
        await take_back(ctx, work, withdrawn)
    return views.withdrawing_card(case)


def _really(case: Case) -> Card:
    return note(
        f"This takes case #{case.number} back in every room, with its pictures and everything said about it. "
        "It cannot be undone.",
        buttons=(Button("Withdraw for good", f"withdraw {case.number} yes", "danger"),),
    )


async def take_back(ctx: Context, work: Work, withdrawn: Case) -> None:
    """Delete a case and everything under it from the rooms; the author hears how it went."""
    await work.cases.replace(withdrawn)
    group = group_name(ctx.member.id, withdrawn.number, withdrawn.subject)
    for subject in await subjects_under(work, withdrawn):
        await work.outbox.delete(subject, group=group)


async def subjects_under(work: Work, case: Case) -> tuple[str, ...]:
    """List the subjects of everything said about a case, and last its own."""
    opinions = [item.subject for item in await work.opinions.of_case(case.id)]
    comments = [item.subject for item in await work.comments.of_case(case.id)]
    return (*comments, *opinions, case.subject)
