"""One of every card and form about accounts of one person, and about old accounts that are gone."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.domain.duplicates import Signal
from bot.domain.linking import Chats, Linked
from bot.domain.members import Member, MemberId, Role
from bot.domain.verification import Finding, Outcome, Recorded, Stage, Step
from bot.views import home, linking, old_account, verification
from tests.views.applicants import WAITING, WORKS

MEMBER = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
PLACES = (
    linking.Place(1, "slack", here=True, home=False),
    linking.Place(2, "matrix", here=False, home=True),
)
AGREES = Recorded(Step.CREDENTIAL, "roster", Finding(Outcome.PASS, "agrees"))
HELD = replace(WAITING, held=True, stage=Stage.FAILED, findings=(WORKS, AGREES), proved_name="Nemo Example")
GONE = replace(HELD, gone=True, stage=Stage.REVIEW, waiting_days=0)
OBJECTED = replace(GONE, objected=True)
MOVING = replace(GONE, stage=Stage.MOVING, approvals=1, waiting_days=3)
ALIKE = replace(WAITING, signals=tuple(Signal))

CARDS: dict[str, Card] = {
    "me_several": home.me_card(MEMBER, Chats(2, here=False)),
    "me_several_here": home.me_card(MEMBER, Chats(3, here=True)),
    "link_code": linking.code_card("12345678"),
    **{f"link_{stands}": linking.stands_card(stands) for stands in Linked if stands is not Linked.SHOWN},
    "link_typed_elsewhere": linking.typed_elsewhere_card(),
    "link_typed_quiet": linking.typed_quiet_card(),
    "link_joined_quiet": linking.joined_quiet_card(),
    "link_perhaps": linking.perhaps_link_card("12345678"),
    "link_joined_elsewhere": linking.joined_elsewhere_card(),
    "account_added": linking.added_card(),
    "account_moved_here": linking.moved_here_card(),
    "account_left": linking.left_card(),
    "accounts": linking.accounts_card(PLACES),
    "accounts_one": linking.accounts_card(PLACES[:1]),
    "unlink_really": linking.really_card(PLACES[1]),
    "unlink_done": linking.taken_off_card(2),
    "unlink_not_this_one": linking.not_this_one_card(),
    "home_chat": linking.home_card(),
    "verify_member_already": verification.failed_card(HELD),
    "verify_gone": verification.review_card(GONE, 2),
    "verify_gone_objected": verification.decided_card(OBJECTED),
    "verify_moving": verification.decided_card(MOVING),
    "verify_moving_last_day": verification.decided_card(replace(MOVING, waiting_days=13)),
    "old_account_asked": old_account.asked_card(),
    "old_account_objected": old_account.objected_card(had_one=True),
    "old_account_nothing": old_account.objected_card(had_one=False),
    "mod_applicant_gone": verification.applicant_card(GONE),
    "mod_applicant_gone_unheld": verification.applicant_card(replace(GONE, held=False)),
    "mod_applicant_objected": verification.applicant_card(OBJECTED),
    "mod_applicant_alike": verification.applicant_card(ALIKE),
    "mod_approved_moving": verification.approved_card(MOVING),
    "mod_approved_gone_once": verification.approved_card(replace(GONE, approvals=1, needed=2)),
    "mod_cannot_approve": verification.approved_card(replace(OBJECTED, approvals=1)),
}
FORMS: dict[str, Form] = {"link_form": linking.link_form()}
