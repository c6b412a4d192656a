"""Every card and form in every renderer, compared with what was last read and approved.

After a deliberate change: ``CURBSIDE_WRITE_SNAPSHOTS=1 make test ARGS="-k snapshots"``, read the change.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.matrix.render import MOST_BYTES, to_contents
from bot.adapters.slack import forms as slack_forms
from bot.adapters.slack import render as slack
from bot.chat.cards import Card
from bot.standin.slack.limits.blocks import check_blocks
from bot.standin.slack.limits.views import view_problems
from tests.views.gallery import CARDS, FORMS
from tests.views.test_views import words_of

SNAPSHOTS = Path(__file__).parent / "snapshots"


def _files(card: Card) -> list[str]:
    return [f"F{number:08d}" for number, _ in enumerate(card.pictures)]


RENDERERS: dict[str, Callable[[Card], Any]] = {
    "read_aloud": lambda card: [card.notice, *words_of(card).split("\n")],
    "slack_message": lambda card: slack.to_messages(card, _files(card), named=card.speaker is not None),
    "slack_modal": lambda card: slack_forms.card_view(card, _files(card)),
    "matrix_room": lambda card: to_contents(card, home=False),
    "matrix_home": lambda card: to_contents(card, home=True),
}


def approved(name: str, shown: dict[str, Any]) -> dict[str, Any]:
    file = SNAPSHOTS / f"{name}.json"
    if os.environ.get("CURBSIDE_WRITE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(shown, indent=1, ensure_ascii=False, sort_keys=True) + "\n")
    kept: dict[str, Any] = json.loads(file.read_text())
    return kept


@pytest.mark.parametrize("renderer", RENDERERS)
def test_cards_look_as_approved(renderer: str) -> None:
    shown = {name: RENDERERS[renderer](card) for name, card in CARDS.items()}

    kept = approved(renderer, shown)

    assert kept.keys() == shown.keys()
    for name, rendered in shown.items():
        assert json.loads(json.dumps(rendered)) == kept[name], name


def test_forms_look_as_approved() -> None:
    shown = {name: slack_forms.form_view(form) for name, form in FORMS.items()}

    assert json.loads(json.dumps(shown)) == approved("slack_forms", shown)


@pytest.mark.parametrize("name", CARDS)
def test_a_card_keeps_slacks_limits(name: str) -> None:
    card = CARDS[name]

    for blocks in slack.to_messages(card, _files(card), named=card.speaker is not None):
        assert list(check_blocks(blocks, "message")) == []
    assert view_problems(slack_forms.card_view(card, _files(card)), "modal") == []


@pytest.mark.parametrize("name", FORMS)
def test_a_form_keeps_slacks_limits(name: str) -> None:
    assert view_problems(slack_forms.form_view(FORMS[name]), "modal") == []


@pytest.mark.parametrize("name", CARDS)
def test_a_card_keeps_matrix_limits(name: str) -> None:
    for content in to_contents(CARDS[name], home=True):
        assert len(json.dumps(content).encode()) <= MOST_BYTES
