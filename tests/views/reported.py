"""One of every card and form about reports and appeals."""

from __future__ import annotations

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.domain.hiding import Reason, Stage, Target, Why
from bot.views import hiding, report

CASE, OPINION, COMMENT = Target(123), Target(123, opinion=2), Target(123, comment=1)
DANGER = report.Reported(CASE, (Why.IDENTIFIES,), hidden=True)
RUDE = report.Reported(OPINION, (Why.ABUSE, Why.ABUSE, Why.OTHER), hidden=False)

CARDS: dict[str, Card] = {
    "report_hid": report.thanks_card(CASE, hidden=True),
    "report_kept": report.thanks_card(OPINION, hidden=False),
    "report_told_moderators": report.reported_card(DANGER),
    "report_told_moderators_visible": report.reported_card(RUDE),
    "report_quiet": report.reports_quiet_card(),
    "reports": report.reports_card((DANGER, RUDE)),
    "reports_none": report.reports_card(()),
    "report_dismissed": report.dismissed_card(OPINION),
    "report_kept_hidden": report.kept_hidden_card(CASE),
    "report_told_writer": hiding.told_card("hide", CASE, Reason(Why.IDENTIFIES, stage=Stage.REPORTED)),
    "appeal": report.appealed_card(CASE),
    "appeal_told_moderators": report.appeal_card(CASE, alone=False),
    "appeal_told_the_only_one": report.appeal_card(COMMENT, alone=True),
    "appeal_upheld": hiding.told_card("hide", CASE, Reason(Why.WRONG, stage=Stage.UPHELD)),
}
FORMS: dict[str, Form] = {"report": report.report_form(OPINION)}
