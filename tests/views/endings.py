"""One of every card about how a case ends: its outcome, each one's own part, updates, helpful marks."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.domain.cases import Case
from bot.domain.drafts import Draft, DraftKind
from bot.domain.helpful import Thanks
from bot.domain.members import Member, MemberId
from bot.domain.opinions import Confidence, Opinion
from bot.domain.outcomes import Certainty, Outcome, Scored, record_of
from bot.domain.updates import Update
from bot.views import case as cases
from bot.views import helpful, home, opinion, outcome, preview, update

_RECORD: Final = record_of(
    (Scored(1, Confidence.VERY_LIKELY), Scored(2, Confidence.VERY_LIKELY), Scored(0, Confidence.UNSURE))
)


def _outcome(case: Case) -> Outcome:
    return Outcome(
        id="9a" * 16,
        case=case.id,
        certainty=Certainty.CONFIRMED,
        diagnosis="tinea corporis",
        how="fungal culture",
        lesson="Scrape before you treat.",
        told_at=case.posted_at,
        group_rank=2,
    )


def _update(case: Case) -> Update:
    return Update("a9" * 16, case.id, 1, "The scraping shows hyphae.", case.posted_at)


def cards(case: Case, given: Opinion, author: Member, giver: Member) -> dict[str, Card]:
    """Give the cards on this case and this opinion."""
    closed = case.close(case.posted_at)
    told, added = _outcome(case), _update(case)
    unknown = replace(told, certainty=Certainty.UNKNOWN, diagnosis="", how="", group_rank=None)
    own = (*outcome.own_place(told, 3), *outcome.record_blocks(_RECORD, under_this_name=True))
    none = replace(told, group_rank=None)
    me = home.me_card(author)
    besides = (*outcome.outcome_blocks(told, named=True), *outcome.own_place(told, 1))
    return {
        "case_resolved": cases.case_card(closed.resolved(), author),
        "case_closed_to_author": cases.shown_card(closed, author, [], reader_is_author=True),
        "case_resolved_to_author": cases.shown_card(closed.resolved(), author, [], reader_is_author=True),
        "case_resolved_to_responder": cases.shown_card(
            closed.resolved(),
            author,
            [("123.2 Patient Otter (helpful to 2)", opinion.opinion_words(given)), ("Update 1", added.text)],
            reader_is_author=False,
            besides=besides,
        ),
        "outcome_ask": outcome.ask_outcome_card(closed),
        "outcome_not_told": outcome.not_told_card(closed),
        "outcome_not_asked_again": outcome.not_asked_again_card(closed),
        "outcome": outcome.outcome_card(told, closed, author),
        "outcome_unknown": outcome.outcome_card(unknown, closed, author),
        "outcome_corrected": outcome.outcome_card(replace(told, revision=1), closed, author),
        "outcome_told": outcome.outcome_told_card(told, closed, author, 60, "c3c3"),
        "outcome_told_again": outcome.outcome_told_card(replace(told, revision=1), closed, author, 60, ""),
        "outcome_news": outcome.outcome_news(told, closed, own),
        "outcome_news_not_named": outcome.outcome_news(none, closed, outcome.own_place(none, 0)),
        "outcome_news_not_independent": outcome.outcome_news(
            replace(told, revision=1, group_rank=0), closed, outcome.own_place(told, 4, independent=False)
        ),
        "outcome_news_unknown": outcome.outcome_news(unknown, closed, ()),
        "preview_outcome": preview.preview_card(_draft(author.id, case.posted_at)),
        "update": update.update_card(added, case, author),
        "update_news": update.update_news(added, case),
        "update_added": update.added_card(added, case, author, 60, "a9a9"),
        "helpful_marked": helpful.marked_helpful_card(given, case, 2),
        "helpful_unmarked": helpful.unmarked_helpful_card(given, case, was=True),
        "helpful_was_none": helpful.unmarked_helpful_card(given, case, was=False),
        "opinion_thanked": opinion.opinion_in_room(given, closed, giver, Thanks(2, 5)),
        "me_with_record": replace(
            me, blocks=(*me.blocks, *helpful.helped_blocks(5), *outcome.record_blocks(_RECORD))
        ),
    }


def _draft(member: MemberId, at: datetime) -> Draft:
    return Draft(
        id="0b1d" + "00" * 14,
        member=member,
        kind=DraftKind.OUTCOME,
        templates={"diagnosis": "tinea corporis", "how": "fungal culture", "lesson": ""},
        created_at=at,
        about=123,
        settings={"certainty": "confirmed"},
    )


def forms(case: Case) -> dict[str, Form]:
    """Give the forms on this case."""
    return {
        "outcome_form": outcome.outcome_form(case),
        "outcome_form_again": outcome.outcome_form(case, _outcome(case)),
        "add_form": update.add_form(case),
        "opinion_form_updated": opinion.opinion_form(case, update.update_blocks([_update(case)])),
    }
