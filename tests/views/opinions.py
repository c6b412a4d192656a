"""One of every card about opinions: covered, revealed, not shown, and what they come to together."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import collective
from bot.chat.cards import Card
from bot.collective import Confidence as Sure
from bot.collective import group_answer
from bot.domain.cases import Case
from bot.domain.members import Member
from bot.domain.opinions import Confidence, Opinion
from bot.views import case as cases
from bot.views import opinion, summary
from bot.views.reveal import gate, gate_buttons, revealed_card, unanswered_card
from bot.views.waiting import next_button

_GIVEN: Final[tuple[tuple[tuple[str, ...], Sure | None, tuple[str, ...], str | None], ...]] = (
    (("psoriasis", "tinea corporis"), "likely", (), "treat"),
    (("plaque psoriasis",), "very likely", (), "test"),
    (("psoriasis", "mycosis fungoides"), None, ("mycosis fungoides",), "test"),
    (("eczema", "psoriasis"), "likely", (), None),
)
ANSWER: Final = group_answer(
    collective.Opinion(names, sure, marked, step, "Dermatology") for names, sure, marked, step in _GIVEN
)


def cards(case: Case, given: Opinion, author: Member, giver: Member) -> dict[str, Card]:
    """Give the cards on this case and this opinion."""
    blind = replace(case, blind=True)
    revealed = replace(blind, revealed_at=case.posted_at)
    unshown = replace(given, shown=False)
    late = replace(given, independent=False)
    whole = replace(
        given,
        confidence=Confidence.LIKELY,
        must_not_miss=given.diagnoses[-1:],
        change_mind="A negative biopsy.",
        specialist="dermatopathology",
    )

    def at_the_gate(count: int) -> Card:
        ways = gate_buttons(blind)
        return cases.shown_card(
            blind, author, [], reader_is_author=False, besides=(gate(count),), buttons=ways
        )

    return {
        "opinion": opinion.opinion_card(given, case, giver),
        "opinion_covered": opinion.opinion_in_room(given, blind, giver),
        "opinion_not_shown": opinion.opinion_in_room(unshown, case, giver),
        "opinion_late": opinion.opinion_in_room(late, revealed, giver),
        "opinion_whole": opinion.opinion_in_room(whole, revealed, giver),
        "opinion_news_not_shown": opinion.opinion_news(unshown, case, giver),
        "opinion_given_blind": opinion.given_card(whole, blind, giver, 60, "e5e5", others=2),
        "opinion_given_next": opinion.given_card(given, case, giver, 60, "e5e5", further=(next_button(3),)),
        "opinion_given_not_shown": opinion.given_card(unshown, blind, giver, 60, "e5e5"),
        "case_blind": cases.case_card(blind, author),
        "case_gate": at_the_gate(3),
        "case_gate_empty": at_the_gate(0),
        "case_blind_to_author": cases.shown_card(blind, author, [], reader_is_author=True),
        "case_revealed": revealed_card(revealed, 3),
        "case_unanswered": unanswered_card(case),
        "summary": summary.summary_card(case, ANSWER, chart="ab" * 16),
        "summary_too_few": summary.summary_card(case, group_answer([])),
        "summary_news": summary.summary_news(case, ANSWER),
        "opinion_news": opinion.opinion_news(given, case, giver),
        "opinion_given": opinion.given_card(given, case, giver, 60, "e5e5"),
        "opinion_changed": opinion.given_card(replace(given, revision=1), case, giver, 60, ""),
    }
