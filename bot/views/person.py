"""Proving a name by an identity document, as people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.chat.cards import Button, Card, Link, Paragraph, line, note
from bot.domain.verification import Applicant, Step, settled

_WAYS: Final = {"stripe": "Show a document"}
_OFFER: Final = (
    "Step 1 of 3: you work here, and nothing proves your name yet. You can show an identity document and "
    "your face to Stripe, a company that checks both within minutes. It sees them, and so may whoever looks "
    "after your hospital's account there; I learn the name alone. Without it a moderator looks at your name."
)
_NOT_PROVED: Final = {
    "identity_canceled": "The check of your document was ended before it had a result.",
    "identity_declined": "You did not agree to the check of your document.",
    "identity_expired": "The check of your document took more than a day, so it counts no more.",
    "identity_no_name": "Your document was checked, and no name came back.",
    "identity_test_mode": "The check of documents is only tried out here, so it proves no name yet.",
    "identity_unsupported": "Your document cannot be checked this way.",
}


def person_card(applicant: Applicant, ways: Sequence[str]) -> Card:
    """Offer to prove the name, or say why it is not proved; nobody has to."""
    found = settled(applicant.findings, Step.PERSON)
    if found is None:
        return _offered(_OFFER, ways)
    why = _NOT_PROVED.get(found.reason, "Your name is not proved.")
    return _offered(f"{why} Try again, or go on without: a moderator then looks at your name.", ways)


def not_begun_card(sentence: str, way: str) -> Card:
    """Say why the check could not begin."""
    return _offered(sentence, (way,))


def _offered(told: str, ways: Sequence[str]) -> Card:
    return note(
        told,
        buttons=(
            *(Button(_WAYS.get(way, way), f"verify {way}", "main") for way in ways),
            Button("Go on without", "verify number"),
            Button("Stop", "verify stop"),
        ),
    )


def document_card(asks: str, url: str) -> Card:
    """Say what the check of a document waits for, and where."""
    where = (Paragraph(line(Link("Show your document here", url))),) if url else ()
    return Card(
        notice="Your verification goes on",
        blocks=(Paragraph(line(asks)), *where),
        buttons=(
            Button("It is done", "verify done", "main"),
            Button("Go on without", "verify skip"),
            Button("Stop", "verify stop"),
        ),
    )
