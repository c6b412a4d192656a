"""One of every card and form of asking: a question that changes, what an author thinks, for whom it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.chat.wizard import begin, question_card
from bot.domain.cases import Case
from bot.domain.details import Details
from bot.domain.drafts import Draft, DraftKind
from bot.domain.languages import Language
from bot.domain.members import Member
from bot.domain.proposals import QuestionKind
from bot.domain.questions import AS_PROPOSED, QuestionChange
from bot.views import case as cases
from bot.views import preview, question
from bot.views.summary import summary_card
from bot.views.wanted import NOT_PROPOSED
from tests.views.lists import ANSWER


def _change(case: Case) -> QuestionChange:
    at = case.posted_at + timedelta(hours=2)
    return QuestionChange("f9" * 16, case.id, "Which cream would you try first?", QuestionKind.TREATMENT, at)


def _changed(case: Case, opinions: int) -> Case:
    change = _change(case)
    return replace(case, opinions=opinions).ask_instead(change).take_change(change.due_at)


def _told(case: Case) -> Case:
    details = Details(working="Tinea corporis", language=Language.GERMAN)
    return replace(case, blind=True, details=details)


def _draft(case: Case, kind: str) -> Draft:
    return Draft(
        id="0b1e" + "00" * 14,
        member=case.author,
        kind=DraftKind.QUESTION,
        templates={"question": _change(case).text},
        created_at=case.posted_at,
        about=case.number,
        settings={"kind": kind},
    )


def cards(case: Case, author: Member) -> dict[str, Card]:
    """Give the cards on this case."""
    changed = _changed(case, 2)
    twice = replace(changed, opinions=3).ask_instead(replace(_change(case), text="Is it a fungus?"))
    asked = begin(cases.case_form()).hear("A plaque.").hear("done").hear("Biopsy?").hear("2")
    return {
        "wizard_for_whom": question_card(asked.ask_too("specialties", NOT_PROPOSED)),
        "question_changed": question.question_changed_card(case, _change(case), 60, "f9f9"),
        "question_changed_at_once": question.question_changed_card(case, _change(case), 0, "f9f9"),
        "question_stays": question.question_stays_card(case),
        "preview_question": preview.preview_card(_draft(case, AS_PROPOSED)),
        "preview_question_kind": preview.preview_card(_draft(case, "other")),
        "case_question_changed": cases.case_card(changed, author),
        "case_question_changed_early": cases.case_card(_changed(case, 0), author),
        "case_question_changed_twice": cases.case_card(twice.take_change(case.released_at), author),
        "case_working_shown": cases.shown_card(_told(case), author, [], reader_is_author=True, working=True),
        "case_working_hidden": cases.shown_card(_told(case), author, [], reader_is_author=False),
        "case_working_revealed": cases.case_card(_told(case).reveal(case.released_at), author),
        "summary_question_changed": summary_card(changed.close(case.released_at), ANSWER),
    }


def forms(case: Case) -> dict[str, Form]:
    """Give the forms on this case."""
    return {
        "case_form_prompts": cases.case_form(specialty="Dermatology"),
        "question_change_form": question.question_form(case),
    }
