"""One of every card and form about the collective list: what is ambiguous, merged, split, and asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot import collective
from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.collective import NO_CHANGES, Bucket, Disease, group_answer, unclear
from bot.domain.cases import Case
from bot.domain.comments import Comment
from bot.domain.members import Member
from bot.domain.opinions import ASKED_FOR, Opinion
from bot.views import buckets, comment, meaning, opinion, summary

_LISTS: Final = (
    ("psoriasis", "tinea corporis"),
    ("plaque psoriasis",),
    ("ringworm", "psoriasis"),
    ("lesion",),
)
_PLAIN: Final = group_answer(collective.Opinion(names) for names in _LISTS)
_LESION: Final = Bucket.own("lesion", "lesion")
_PSORIASIS: Final = Bucket.of(Disease("Psoriasis", "D011565"))
ANSWER: Final = group_answer(
    [collective.Opinion(names) for names in _LISTS],
    changes=NO_CHANGES.merge(_LESION, _PSORIASIS, "the author").split("ringworm", "Tinea", "a moderator"),
)


def cards(case: Case, given: Opinion, said: Comment, author: Member, giver: Member) -> dict[str, Card]:
    """Give the cards on this case, this opinion and this comment."""
    typed = replace(given, diagnoses=("MS", "PD vs lupus"))
    waiting = replace(typed, waits_until=given.given_at + ASKED_FOR)
    first, second = unclear(typed.diagnoses)
    question = replace(said, question=True)
    answer = replace(said, member=author.id, said_at=said.said_at + timedelta(hours=1))
    rows = ANSWER.ranking
    closed = case.close(case.posted_at)
    return {
        "meaning": meaning.meaning_card(case, waiting, first, code="e5e5"),
        "meaning_in_more": meaning.meaning_card(case, waiting, second, code="e5e5"),
        "meaning_late": meaning.meaning_card(case, typed, first),
        "merged": buckets.changed_card(
            closed, buckets.merged_words(rows[1:2], rows[0]), ANSWER, f"split {case.number} 1"
        ),
        "parted": buckets.changed_card(
            case, buckets.parted_words("Tinea", ("ringworm", "tinea corporis")), ANSWER, ""
        ),
        "unmerged": buckets.changed_card(
            case, buckets.undone_words("Lesion", "Psoriasis"), _PLAIN, f"merge {case.number} 1 3"
        ),
        "rejoined": buckets.changed_card(case, buckets.rejoined_words("Tinea"), _PLAIN, ""),
        "summary_changed": summary.summary_card(case, ANSWER, chart="ab" * 16, redrawn=True),
        "question": comment.comment_card(question, case, giver),
        "question_news": comment.comment_news(question, case, giver),
        "question_said": comment.said_card(question, case, giver, 60, "f6f6"),
        "comment_news_of_author": comment.comment_news(answer, case, author),
        "opinion_news_to_others": opinion.opinion_news(given, case, giver, to_author=False),
    }


def forms(case: Case) -> dict[str, Form]:
    """Give the forms on this case."""
    told = {"diagnoses": "no idea", "next": "biopsy", "confidence": "unsure"}
    return {
        "opinion_form_asked_back": opinion.opinion_form(case, (), told, "I found no diagnosis in that."),
        "question_form": comment.question_form(case),
        "merge_form": buckets.merge_form(case, _PLAIN.ranking),
        "split_form": buckets.split_form(case, [(1, _PLAIN.ranking[0])]),
    }
