"""One of every card and form of verification, with invented applicants."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.domain.members import Role
from bot.domain.verification import Applicant, Finding, Outcome, Recorded, Stage, Step
from bot.views import moderators, workplace
from bot.views import verification as view
from bot.views.hiding import MOD_HELP
from bot.views.standing import HELP

NAMES = ("Quiet Heron", "Amber Otter", "Brisk Wren")
WORKS = Recorded(Step.WORKPLACE, "workspace", Finding(Outcome.PASS, "workplace"))
UNNAMED = Recorded(Step.CREDENTIAL, "roster", Finding(Outcome.REVIEW, "name_unknown"))
NO_PHYSICIAN = Recorded(Step.CREDENTIAL, "roster", Finding(Outcome.FAIL, "no_physician"))
TRAINEE = Recorded(Step.CREDENTIAL, "list", Finding(Outcome.PASS, "agrees", role=Role.TRAINEE))
GUEST = Recorded(Step.WORKPLACE, "workspace", Finding(Outcome.FAIL, "guest"))
VALUES = {"number": "1234567893", "licence": "MA L123", "name": "Nemo Example"}
WAITING = Applicant("V-0123456789", Stage.REVIEW, VALUES, (WORKS, UNNAMED), waiting_days=1)
MORE = replace(WAITING, stage=Stage.MORE, said="Which licence do you have?", waiting_days=0)
FAILED = replace(WAITING, stage=Stage.FAILED, findings=(WORKS, NO_PHYSICIAN))
REJECTED = replace(WAITING, stage=Stage.REJECTED, said="The staff office does not know you.")
APPROVED = replace(WAITING, stage=Stage.NAMING, approvals=1)
SILENT_REGISTER = Recorded(Step.CREDENTIAL, "roster", Finding(Outcome.UNAVAILABLE, "silent"))
CODE = Recorded(Step.WORKPLACE, "email", Finding(Outcome.FAIL, "code_wrong"))
NO_MAIL = Recorded(Step.WORKPLACE, "email", Finding(Outcome.UNAVAILABLE, "silent"))
OVERRIDE = replace(FAILED, stage=Stage.REVIEW, needed=2)
STRANGE = replace(WAITING, stage=Stage.WORKPLACE, findings=(GUEST,))
CODE_WRONG = replace(STRANGE, findings=(GUEST, CODE))
SILENT = replace(STRANGE, findings=(GUEST, NO_MAIL))

CARDS: dict[str, Card] = {
    "verify_ways": workplace.ways_card(STRANGE, ("email", "oidc", "vouch")),
    "verify_ways_failed": workplace.ways_card(CODE_WRONG, ("email", "oidc")),
    "verify_ways_silent": workplace.ways_card(SILENT, ("email",)),
    "verify_ways_name": workplace.ways_card(replace(STRANGE, findings=(WORKS,)), ("oidc",)),
    "verify_no_way": workplace.no_way_card(STRANGE),
    "verify_asked": workplace.asked_card(
        "email", "If that address exists, a code of eight digits is on its way to it.", ""
    ),
    "verify_asked_sign_on": workplace.asked_card(
        "oidc", "Sign on at your hospital.", "https://sign-on.st-anna.example/authorize?state=5f3a&nonce=77c1"
    ),
    "verify_asked_before": workplace.asked_before_card("email"),
    "verify_asked_before_sign_on": workplace.asked_before_card("oidc"),
    "verify_not_it": workplace.not_it_card("email", 4),
    "verify_not_it_last": workplace.not_it_card("oidc", 1),
    "verify_not_begun": workplace.not_begun_card(
        "Three codes were sent within a day, and that is the limit. Try again tomorrow.",
        CODE_WRONG,
        "email",
        ("email", "oidc"),
    ),
    "verify_names": view.names_card(NAMES),
    "verify_in": view.in_card(NAMES[0], replace(WAITING, findings=(WORKS,))),
    "verify_name_gone": view.name_gone_card(NAMES),
    "verify_failed": view.failed_card(FAILED),
    "verify_held_unproved": view.failed_card(replace(FAILED, held=True)),
    "verify_review": view.review_card(WAITING, 2),
    "verify_review_silent": view.review_card(replace(WAITING, findings=(WORKS, SILENT_REGISTER)), 2),
    "verify_review_workplace": view.review_card(replace(WAITING, findings=(GUEST, NO_MAIL, UNNAMED)), 2),
    "verify_rejected": view.rejected_card(REJECTED),
    "verify_stopped": view.stopped_card(had_one=True),
    "verify_refused": view.refused_card("An NPI has ten digits.", "verify number"),
    "verify_moment": view.moment_card(),
    "verify_asked_for_more": view.decided_card(MORE),
    "verify_approved_quiet": view.approved_quiet_card(),
    "verify_decided_quiet": view.decided_quiet_card(),
    "verify_in_trainee": view.in_card(NAMES[0], replace(WAITING, findings=(WORKS, TRAINEE))),
    "mod_waiting_quiet": view.waiting_quiet_card("V-0123456789"),
    "mod_queue": view.queue_card((WAITING, MORE)),
    "mod_queue_empty": view.queue_card(()),
    "mod_applicant": view.applicant_card(replace(WAITING, proved_name="Nemo Example")),
    "mod_applicant_held": view.applicant_card(replace(WAITING, held=True)),
    "mod_applicant_barred": view.applicant_card(replace(WAITING, barred=True, needed=2)),
    "mod_applicant_renews": view.applicant_card(replace(WAITING, renews=True)),
    "mod_approved_renewed": view.approved_card(replace(APPROVED, stage=Stage.RENEWED)),
    "mod_approved_barred": view.approved_card(replace(WAITING, approvals=1, needed=2, barred=True)),
    "mod_approved": view.approved_card(APPROVED),
    "mod_approved_once": view.approved_card(replace(WAITING, approvals=1, needed=2)),
    "mod_said": view.said_card(REJECTED),
    "mod_unknown": view.unknown_reference_card("V-9"),
    "mod_words_missing": view.words_missing_card("ask", "V-0123456789"),
    "mod_only": view.moderators_only_card(),
    "mod_help": view.mod_help_card((*HELP, *MOD_HELP)),
    "mod_queue_apart": view.queue_card((), 2),
    "mod_applicant_alone": view.applicant_card(OVERRIDE, alone=True),
    "mod_approved_alone": view.approved_card(replace(OVERRIDE, approvals=1), alone=True),
    "mod_room": moderators.room_card(WAITING, alone=True),
    "mod_room_alone": moderators.room_card(OVERRIDE, alone=True),
    "mod_room_held": moderators.room_card(replace(WAITING, held=True), alone=False),
    "mod_room_approved": moderators.settled_in_room_card(APPROVED),
    "mod_room_rejected": moderators.settled_in_room_card(REJECTED),
    "mod_room_more": moderators.settled_in_room_card(MORE),
    "mod_room_left": moderators.left_card("V-0123456789"),
    "mod_room_answered": moderators.answered_card("V-0123456789"),
    "mod_overdue": moderators.overdue_card((replace(WAITING, waiting_days=4),), 2, 1),
    "mod_overdue_apart": moderators.overdue_card((), 2, 3),
    "mod_something": moderators.something_waits_card(),
    "mod_apart": moderators.apart_card("missing_scope", to_room=True),
    "mod_apart_home": moderators.apart_card("no_home_chat", to_room=False),
    "mod_apart_quiet": moderators.apart_quiet_card(),
    "mod_room_lost": moderators.room_lost_card("not_in_channel"),
    "moderating": moderators.moderating_card(),
    "moderating_quiet": moderators.moderating_quiet_card(),
    "mod_spell": moderators.spell_approval_card("mod approve V-0123456789"),
    "moderators_gathered": moderators.gathered_card(),
    "first": moderators.first_card(),
    "first_too_late": moderators.first_too_late_card(),
    "first_is_member": moderators.first_is_member_card(),
    "first_is_guest": moderators.first_is_guest_card(),
    "first_later": moderators.first_later_card(),
}
FORMS: dict[str, Form] = {
    "email_form": workplace.email_form(),
    "email_form_why": workplace.email_form(workplace.why_not(STRANGE)),
    "code_form": workplace.code_form(),
    "number_form": view.number_form(name_wanted=False),
    "number_form_left": view.number_form(name_wanted=True, works_here=False),
    "mod_ask_form": moderators.words_form("ask", "V-0123456789"),
    "mod_reject_form": moderators.words_form("reject", "V-0123456789"),
    "number_form_named": view.number_form(name_wanted=True, said="Which licence do you have?"),
}
