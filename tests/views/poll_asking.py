"""Asking polls: one of every card and form, with invented people."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.chat.cards import Card
from bot.chat.forms import Form
from bot.commands.help import answer_anybody
from bot.domain.drafts import Draft, DraftKind
from bot.domain.members import Member
from bot.domain.poll_asked import Asked, draft_fields, draft_settings
from bot.domain.poll_terms import NO_OPINION, PollKind, Scale, Shows, Terms
from bot.domain.polls import Poll, PollState
from bot.views import poll as polls
from bot.views import poll_form, preview


def _of_every_kind(poll: Poll) -> dict[str, Poll]:
    """Give a poll of every kind, with one or the other of all terms."""
    soon = poll.asked_at + timedelta(days=1)
    scale = Scale(Decimal(0), Decimal(40), Decimal("0.5"), "mg")
    agreement = Asked("A lone plaque needs a scraping.", (), Terms(PollKind.LIKERT, shows=Shows.SNAPSHOTS))
    paid = Terms(PollKind.NUMBER, scale=scale, sponsor="Quillwort Ltd", payment="50 EUR a vote")
    drawn = replace(paid, shows=Shows.AUTHOR, sample=40, audience=("Dermatology", "Neurology"))
    return {
        "several": replace(poll, terms=Terms(PollKind.MULTIPLE, most=2, closes_after=50, closes_at=soon)),
        "ranking": replace(poll, terms=Terms(PollKind.RANKING, shuffled=True, trainees=False)),
        "agreement": replace(
            poll, question=agreement.question, options=agreement.offered, terms=agreement.terms
        ),
        "number": replace(poll, question="Which dose?", options=(NO_OPINION,), terms=paid),
        "drawn": replace(poll, question="Which dose?", options=(NO_OPINION,), terms=drawn),
        "waiting": replace(poll, state=PollState.WAITING, terms=Terms(opens_at=soon)),
    }


def _draft(poll: Poll) -> Draft:
    asked = Asked(poll.question, poll.options[:-1] if len(poll.options) > 1 else (), poll.terms)
    return Draft(
        id="0b2d" + "00" * 14,
        member=poll.author,
        kind=DraftKind.POLL,
        templates=draft_fields(asked),
        created_at=poll.asked_at,
        settings={**draft_settings(asked), "zone": "Europe/Berlin"},
    )


def cards(poll: Poll, author: Member) -> dict[str, Card]:
    """Give the cards."""
    kinds = _of_every_kind(poll)
    changes = _draft(kinds["several"])
    help_card = answer_anybody("help", "poll", author.role)
    assert help_card is not None
    return {
        **{f"poll_{name}": polls.poll_card(one, author) for name, one in kinds.items()},
        "preview_poll": preview.preview_card(_draft(kinds["several"])),
        "preview_poll_on_case": preview.preview_card(replace(_draft(kinds["drawn"]), about=123)),
        "preview_poll_changed": preview.preview_card(
            replace(changes, settings={**changes.settings, "zone": "UTC", "instead_of": "124"})
        ),
        "poll_changes": polls.changed_card(poll),
        "help_poll": help_card,
    }


def forms(poll: Poll) -> dict[str, Form]:
    """Give the forms."""
    told = {"kind": "multiple", "question": "Which?", "options": "Scraping\nBiopsy", "settings": "closs 3d"}
    draft = _draft(poll)
    return {
        "poll_form_again": poll_form.poll_form(
            told, "I don't know the setting “closs 3d”. Did you mean closes?"
        ),
        "poll_edit_form": poll_form.poll_edit_form(
            draft, {"question": poll.question, "closes": "2026-03-04 18:00"}
        ),
        "poll_change_form": poll_form.poll_change_form(poll.number, {"question": poll.question}),
        "poll_settings_form": poll_form.poll_settings_form(draft, "no trainees; closes 3d"),
    }
