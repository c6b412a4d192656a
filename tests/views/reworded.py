"""One of every card about edited and deleted messages."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import Member
from bot.domain.removals import Removal
from bot.domain.rewording import CHANGES
from bot.views import comment as comments
from bot.views import rewording
from bot.views.preview import preview_card


def cards(comment: Comment, case: Case, speaker: Member) -> dict[str, Card]:
    """Give the cards on this comment."""
    edited = replace(comment, edited=True)
    return {
        "comment_edited": comments.comment_card(edited, case, speaker),
        "comment_edited_news": comments.comment_news(edited, case, speaker),
        "comment_reworded": rewording.reworded_card(comment, case, "f6f6"),
        "comment_put_back": rewording.put_back_card(replace(comment, question=True), case),
        "comment_changes_preview": preview_card(_changes(comment, case)),
        "opinion_stays": rewording.opinion_stays_card(case.number),
        "draft_keeps": rewording.draft_keeps_card("a1b2"),
        "read_once": rewording.read_once_card(),
    }


def _changes(comment: Comment, case: Case) -> Draft:
    return Draft(
        id="0b1d" + "00" * 14,
        member=comment.member,
        kind=DraftKind.COMMENT,
        templates={"text": "How long did ⟦1⟧ use the cream?"},
        settings={CHANGES: comment.id},
        created_at=case.posted_at,
        about=case.number,
        removals=(Removal(1, "text", "NAME", "auto", "[patient]", "It stands after “Mr”.", "B…k", "Bartok"),),
    )
