"""A comment says something else, or is taken back, in every room and home chat that has it."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.chat.cards import Card
from bot.commands.authors import author_of
from bot.commands.context import Context
from bot.commands.drafting import remember
from bot.commands.hearing import hearing_comments
from bot.commands.rewording_tags import note_said
from bot.commands.withdrawals import group_name
from bot.domain.cases import Case, CaseState
from bot.domain.comments import Comment
from bot.domain.drafts import Draft
from bot.domain.refusal import Refused
from bot.domain.rewording import CHANGES, PUT_BACK_FOR, REWORDED
from bot.ports.work import Work, last_of
from bot.views.case import news_card, taking_back_card, undone_card
from bot.views.comment import comment_card, comment_news
from bot.views.page import followed_news
from bot.views.rewording import put_back_card, reworded_card


async def reword(ctx: Context, work: Work, draft: Draft) -> Card:
    """Let a comment say what a draft says, everywhere; what it said before is kept for *Undo*."""
    comment = await own_comment(ctx, work, draft.settings[CHANGES])
    case = await _case_of(work, comment)
    comment.require_seen()
    case.require_taking()
    changed = comment.reworded(draft.fields["text"], edited=comment.edited or _is_out(ctx, case, comment))
    before = json.dumps({"text": comment.text, "edited": comment.edited}).encode()
    await work.dialogs.drop(_before(comment))
    await work.dialogs.put(_before(comment), before, ctx.now() + PUT_BACK_FOR)
    await _show(ctx, work, case, changed)
    await note_said(ctx, work, draft, comment.subject)
    code = await remember(ctx, work, f"{REWORDED}:{comment.id}")
    return reworded_card(changed, case, code)


async def put_back(ctx: Context, work: Work, item: str) -> Card:
    """Let a comment say again what it said before it was reworded last."""
    comment = await own_comment(ctx, work, item)
    comment.require_seen()
    kept = await work.dialogs.get(_before(comment))
    if kept is None:
        raise Refused("nothing_to_undo", "There is nothing left to undo.", "mine")
    case, before = await _case_of(work, comment), json.loads(kept)
    await work.dialogs.drop(_before(comment))
    changed = comment.reworded(before["text"], edited=before["edited"])
    await _show(ctx, work, case, changed)
    if not _is_out(ctx, case, comment):
        await remember(ctx, work, comment.subject)  # the comment itself can still be undone
    return put_back_card(changed, case)


async def take_back(ctx: Context, work: Work, comment: Comment) -> Card | None:
    """Take a comment out of every room and home chat; None where its case took it along already."""
    case = await _case_of(work, comment)
    await _forget_last(ctx, work, comment)
    withdrawn = case.state is CaseState.WITHDRAWN
    held = await work.outbox.hold_back(comment.subject)
    if not held and not withdrawn:
        group = group_name(comment.member, case.number, comment.subject)
        await work.outbox.delete(comment.subject, group=group)
        await out_of_homes(work, comment.subject)
    await work.comments.remove(comment.id)
    await work.dialogs.drop(_before(comment))
    if held:
        return undone_card("comment")
    return None if withdrawn else taking_back_card("comment", case.number)


async def out_of_homes(work: Work, subject: str) -> None:
    """Take what was told about something back from the home chats of those who are still members."""
    told = await work.outbox.told(subject)
    await work.outbox.untell(subject, await work.members.among(told))


async def own_comment(ctx: Context, work: Work, item: str) -> Comment:
    """Find a comment of the member's; raises :class:`Refused`."""
    comment = await work.comments.get(item)
    if comment is None or not ctx.is_mine(comment.member):
        raise Refused("comment_gone", "That comment was taken back already. Nothing changed.", "open")
    return comment


async def _show(ctx: Context, work: Work, case: Case, comment: Comment) -> None:
    """Change a comment where it stands, and where it is about to leave."""
    await work.comments.replace(comment)
    speaker = await author_of(work, comment.member)
    card = comment_card(comment, case, speaker)
    await work.outbox.edit(comment.subject, card, revision=comment.revision)
    concerned = await hearing_comments(ctx, work, case)
    for member in await work.members.among(await work.outbox.told(comment.subject)):
        news = comment_news(comment, case, speaker) if member in concerned else followed_news(case, card)
        await work.outbox.retell(
            member,
            news,
            quiet=news_card(case.number),
            subject=comment.subject,
            revision=comment.revision,
        )


def _is_out(ctx: Context, case: Case, comment: Comment) -> bool:
    """Say whether others can read a comment: its undo time is over, and its case is out."""
    held_until = comment.said_at + timedelta(seconds=ctx.rules.undo_seconds)
    return ctx.now() >= max(held_until, case.released_at)


async def _forget_last(ctx: Context, work: Work, comment: Comment) -> None:
    """Leave nothing to undo of a comment that goes."""
    last = last_of(ctx.member.id)
    if await work.dialogs.get(last) in (comment.subject.encode(), f"{REWORDED}:{comment.id}".encode()):
        await work.dialogs.drop(last)


async def _case_of(work: Work, comment: Comment) -> Case:
    case = await work.cases.get(comment.case)
    if case is None:
        raise LookupError("a comment without its case")
    return case


def _before(comment: Comment) -> str:
    return f"before:{comment.id}"
