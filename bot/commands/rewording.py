"""Rewording: an edit of one's own message changes what it became; deleting the message takes it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands import comments, opinions
from bot.commands.context import Ask, Context
from bot.commands.drafting import clean_again, clean_draft, leave_nothing, submit
from bot.commands.finding import require_case, split_number
from bot.commands.personae import signed
from bot.commands.rewording_comments import own_comment, take_back
from bot.commands.rewording_tags import became, waiting_draft
from bot.domain.comments import MOST_WORDS
from bot.domain.drafts import Draft, DraftKind
from bot.domain.permissions import Action, require
from bot.domain.refusal import Refused
from bot.domain.rewording import ANSWERED, CHANGES, SAID
from bot.views.drafts import discarded_card
from bot.views.preview import preview_card
from bot.views.rewording import opinion_stays_card

_SAYS: Final[Mapping[DraftKind, frozenset[str]]] = {
    DraftKind.COMMENT: frozenset({"comment", "ask"}),
    DraftKind.OPINION: frozenset({"opinion"}),
}
"""The words by which something of a kind is said, also when it is said anew by an edit."""


async def edited(ctx: Context, word: str, request: Ask) -> Card | Form | None:
    """Take the words that a message has now for those it had; ``request.about`` is its tag.

    None where the message became nothing. Raises :class:`Refused`; then nothing changed.
    """
    async with ctx.look() as work:
        draft = await waiting_draft(ctx, work, request.about)
        kind, _, item = (await became(work, request.about)).partition(":")
    if draft is not None and draft.kind is DraftKind.COMMENT:
        return await _draft_anew(ctx, word, request, draft)
    if draft is not None:
        return await _opinion_draft_anew(ctx, word, request, draft)
    if kind == "comment":
        return await _reword(ctx, word, request, item)
    if kind == ANSWERED:
        return await _opinion_anew(ctx, word, request, item)
    return None


async def deleted(ctx: Context, tag: str) -> Card | None:
    """Take back what a deleted message became; an opinion stays, since others may have counted on it."""
    require(Action.UNDO, ctx.member)
    async with ctx.work() as work:
        draft = await waiting_draft(ctx, work, tag)
        if draft is not None:
            await leave_nothing(ctx, work, draft)
        kind, _, item = (await became(work, tag)).partition(":")
        comment = await work.comments.get(item) if kind == "comment" else None
        if comment is not None and ctx.is_mine(comment.member):
            await work.dialogs.drop(tag)
            return await take_back(ctx, work, comment)
        if kind == ANSWERED and await work.opinions.of_member(item, *ctx.ids):
            case = await require_case(ctx, work, Ask(about=f"case:{item}"), Action.SHOW)
            return opinion_stays_card(case.number)
    return discarded_card(draft) if draft is not None else None


async def _reword(ctx: Context, word: str, request: Ask, item: str) -> Card | None:
    """Clean the new words of a comment; what was found in them waits, and the old words stand."""
    async with ctx.look() as work:
        comment = await own_comment(ctx, work, item)
        comment.require_seen()
        case = await require_case(ctx, work, Ask(about=comment.subject), Action.COMMENT)
    words = _words(word, request, DraftKind.COMMENT, case.number)
    case.require_taking()
    draft = await clean_draft(ctx, request, DraftKind.COMMENT, {"text": words}, case.number)
    if draft.fields["text"] == comment.text and not draft.removals:
        return None
    changes = {CHANGES: comment.id, SAID: request.about}
    return await submit(ctx, replace(draft, settings=changes), comments.publish)


async def _draft_anew(ctx: Context, word: str, request: Ask, draft: Draft) -> Card:
    """Clean the new words of a comment that waits; with nothing left to decide it goes out."""
    words = _words(word, request, DraftKind.COMMENT, draft.about)
    again = await clean_again(ctx, draft, {"text": words})
    async with ctx.work() as work:
        if again.removals or again.failed:
            await work.drafts.replace(again)
            return preview_card(again)
        again = await signed(ctx, work, again)
        card = await comments.publish(ctx, work, again)
        await leave_nothing(ctx, work, again)
    return card


async def _opinion_anew(ctx: Context, word: str, request: Ask, item: str) -> Card | Form:
    """Give an opinion again, as if its line had been said once more."""
    async with ctx.look() as work:
        case = await require_case(ctx, work, Ask(about=f"case:{item}"), Action.OPINION)
        given = await work.opinions.of_member(item, *ctx.ids)
    if given is None:
        raise Refused("opinion_gone", f"You have no opinion on #{case.number} now.", f"opinion {case.number}")
    _words(word, request, DraftKind.OPINION, case.number)
    return await opinions.give(ctx, replace(request, about=case.subject))


async def _opinion_draft_anew(ctx: Context, word: str, request: Ask, draft: Draft) -> Card | Form:
    """Give an opinion again that waits as a draft; the new one takes its place and its messages."""
    _words(word, request, DraftKind.OPINION, draft.about)
    before = draft.source.sent if draft.source else ()
    said = replace(request, argument=f"{draft.about} {split_number(request.argument)[1]}", about="")
    card = await opinions.give(ctx, replace(said, sent=tuple(dict.fromkeys((*before, *request.sent)))))
    if isinstance(card, Form):
        return card  # nothing in the new words is a diagnosis, so the draft stays
    async with ctx.work() as work:
        again = await waiting_draft(ctx, work, request.about)
        if again is not None and again.id != draft.id:
            await work.drafts.remove(draft)
        else:
            await leave_nothing(ctx, work, draft)
    return card


def _words(word: str, request: Ask, kind: DraftKind, number: int | None) -> str:
    """Read the words that a message has now; raises :class:`Refused` for another thing than before."""
    about, words = (None, request.values.get("text", "").strip())
    if not request.submitted:
        about, words = split_number(request.argument)
    if word not in _SAYS[kind]:
        raise _other_thing(kind, number)
    if about not in (None, number):
        raise Refused(
            "other_case",
            f"An edit can't move your {kind} to another case. It stays on #{number}, as it was.",
            f"show {number}",
        )
    if not words:
        raise Refused("empty", f"Your {kind} on #{number} stays as it was: the message has no words now.")
    if kind is DraftKind.COMMENT and len(words) > MOST_WORDS:
        raise Refused(
            "too_long",
            f"That is {len(words)} characters; {MOST_WORDS} fit. Your comment on #{number} stays as it was.",
        )
    return words


def _other_thing(kind: DraftKind, number: int | None) -> Refused:
    return Refused(
        "edited_into_another",
        f"Your {kind} on #{number} stays as it was: the message is something else now. "
        "Send that as a new message.",
        f"show {number}",
    )
