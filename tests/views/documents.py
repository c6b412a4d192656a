"""One of every card of proving a name by a document."""

from __future__ import annotations

from dataclasses import replace

from bot.chat.cards import Card
from bot.domain.verification import Finding, Outcome, Recorded, Stage, Step
from bot.views import person as view
from tests.views.applicants import WAITING, WORKS

UNNAMED = replace(WAITING, stage=Stage.CREDENTIAL, findings=(WORKS,))
DECLINED = Recorded(Step.PERSON, "stripe", Finding(Outcome.FAIL, "identity_declined"))
URL = "https://verify.stripe.example/start/live_1"

CARDS: dict[str, Card] = {
    "verify_person": view.person_card(UNNAMED, ("stripe",)),
    "verify_person_not_proved": view.person_card(replace(UNNAMED, findings=(WORKS, DECLINED)), ("stripe",)),
    "verify_person_not_begun": view.not_begun_card(
        "The check of documents does not answer right now.", "stripe"
    ),
    "verify_document": view.document_card("I wait for your document. Open the link.", URL),
    "verify_document_looked_at": view.document_card("Your document is being looked at.", ""),
}
