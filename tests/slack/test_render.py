"""Every kind of block as Slack gets it, within Slack's limits and valid for its SDK's own models."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.adapters.slack import forms, render
from bot.adapters.slack.forms import Origin
from bot.chat.cards import Button, Card, Fields, Fine, Items, Paragraph, Picture, Quote, Speaker, Strong, Word
from bot.chat.forms import ChoiceField, FilesField, Form, Option, TextField
from bot.ports.adapter import Undeliverable
from bot.standin.slack.limits.blocks import check_blocks
from bot.standin.slack.limits.views import view_problems

SNAPSHOTS = Path(__file__).parent / "snapshots"

CARDS = {
    "paragraph": Card("n", blocks=(Paragraph(("Posted as ", Strong("Quiet Heron"), ". ", Word("undo"))),)),
    "quote": Card("n", blocks=(Quote("Hiccups <b>for</b>\nnine *days* & more", "Story"), Quote("No label"))),
    "fields": Card("n", blocks=(Fields((("Age band", "60-69"), ("Sex", "M"))),)),
    "items": Card(
        "n",
        blocks=(
            Items((("Sarcoid",), ("TB, see ", Word("show 12"))), numbered=True),
            Items((("one",), ("two",))),
        ),
    ),
    "fine": Card(
        "n",
        blocks=(
            Fine(("Peer opinions for the treating physician.",)),
            Fine(("Type ", Word("results 45"), " to see them.")),
        ),
    ),
    "whole": Card(
        "New dermatology case #123",
        "Rash after a journey",
        Speaker("Quiet Heron", "k"),
        (Quote("Ten days of itching.", "Story"), Fields((("Urgency", "today"),)), Fine(("Dermatology",))),
        (Picture("m1", "Photo of a forearm", "Day 3"), Picture("m2", "Photo of a hand")),
        (
            Button("Give opinion", "opinion 123", "main"),
            Button("Withdraw", "withdraw 123", "danger", "Take the case back everywhere?"),
        ),
    ),
}
FORM = Form(
    "opinion 123",
    "Give an opinion on case #123",
    (
        TextField("first", "Most likely", hint="As you would say it", max_length=120),
        TextField("why", "Reasoning", multiline=True, optional=True, initial="so far\u202e"),
        ChoiceField(
            "sure", "How sure", (Option("likely", "Likely"), Option("unsure", "Unsure")), initial="likely"
        ),
        ChoiceField("next", "Next step", tuple(Option(str(n), f"Step {n}") for n in range(9)), optional=True),
        FilesField("pictures", "Pictures", most=3),
    ),
    lead=(Quote("Ten days of itching.", "Story"),),
)


def same_as_kept(name: str, shown: Any) -> None:
    kept = json.loads((SNAPSHOTS / f"{name}.json").read_text(encoding="utf-8"))
    assert shown == kept


def sound(blocks: list[dict[str, Any]], surface: str = "message") -> None:
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None, block["type"]
        parsed.validate_json()
    assert list(check_blocks(blocks, surface)) == []


@pytest.mark.parametrize("name", CARDS)
def test_a_card_looks_as_it_did(name: str) -> None:
    (blocks,) = render.to_messages(CARDS[name], ("F0AAAA",), named=True)
    same_as_kept(name, blocks)
    sound(blocks)


def test_a_form_looks_as_it_did() -> None:
    view = forms.form_view(FORM, Origin("", "C0ROOM"))
    same_as_kept("form", view)
    assert view_problems(view, "modal") == []
    View(**view).validate_json()


def test_answers_and_waiting_views_are_sound() -> None:
    for view in (
        forms.card_view(CARDS["whole"], ("F0AAAAAAA1", "F0AAAAAAA2"), Origin("", "C0ROOM")),
        forms.card_view(Card("Only a notice")),
        forms.waiting_view(forms.form_view(FORM, Origin("", "C0ROOM"))),
        forms.waiting_view({}),
    ):
        assert view_problems(view, "modal") == []
    assert (
        Origin.read(forms.waiting_view(forms.form_view(FORM, Origin("", "C0")))["private_metadata"]).command
        == "opinion 123"
    )


def test_the_longest_case_stays_within_the_limits_and_loses_nothing() -> None:
    parts = tuple(Quote(f"{label} " + "é👍 text " * 330, label) for label in "abcdefg")
    card = Card("n", "t" * 200, blocks=parts, buttons=tuple(Button(f"B{n}", f"show {n}") for n in range(12)))
    messages = render.to_messages(card, ())
    assert len(messages) > 1
    for blocks in messages:
        sound(blocks)
        assert render.weight(blocks) <= 13_000
    whole = json.dumps(messages, ensure_ascii=False)
    for part in parts:
        assert whole.count(f"{part.label} é👍") == 1
    assert sum(whole.count(f'"show {number}"') for number in range(12)) == 12


def test_a_very_long_paragraph_and_list_are_split_between_words() -> None:
    lines = tuple((f"Item {number} ", "word " * 100) for number in range(40))
    for block in (Paragraph(("word " * 3000,)), Items(lines, numbered=True), Items((("word " * 2000,),))):
        blocks = render.body((block,))
        sound(blocks)
        text = "".join(_texts(blocks))
        assert text.count("word ") == sum("".join(map(str, line)).count("word ") for line in _lines(block))
    numbers = [part for block in render.body((Items(lines, numbered=True),)) for part in block["elements"]]
    counted = 0
    for part in numbers:
        assert part.get("offset", 0) == counted
        counted += len(part["elements"])
    assert counted == 40


def _lines(block: Any) -> Any:
    return block.lines if isinstance(block, Items) else (block.line,)


def _texts(tree: Any) -> list[str]:
    if isinstance(tree, list):
        return [text for each in tree for text in _texts(each)]
    if isinstance(tree, dict):
        own = [tree["text"]] if isinstance(tree.get("text"), str) else []
        return own + [text for each in tree.values() for text in _texts(each)]
    return []


def test_fifty_blocks_and_more_become_several_messages() -> None:
    card = Card("n", blocks=tuple(Paragraph((f"Paragraph {number}",)) for number in range(120)))
    messages = render.to_messages(card, ())
    assert [len(blocks) for blocks in messages] == [50, 50, 23]
    for blocks in messages:
        sound(blocks)


def test_long_labels_fit_and_long_commands_are_a_bug() -> None:
    card = Card("n", blocks=(Paragraph(("x",)),), buttons=(Button("B" * 200, "show", "danger", "Q" * 400),))
    sound(render.to_blocks(card))
    with pytest.raises(ValueError, match="2,000"):
        render.to_blocks(Card("n", buttons=(Button("B", "x" * 2001),)))


def test_a_form_too_long_for_a_modal_is_refused() -> None:
    many = tuple(Option(str(number), "x") for number in range(101))
    for form in (
        Form("c", "t", (ChoiceField("a", "A", many),)),
        Form("c" * 3000, "t", (TextField("a", "A"),)),
        Form("c", "t", (TextField("a", "A"),), lead=(Paragraph(("x",)),) * 100),
    ):
        with pytest.raises(Undeliverable):
            forms.form_view(form)


def test_an_empty_notice_is_never_sent() -> None:
    assert render.notice(Card("\u200b")) == "Curbside"
    assert render.notice(Card("<!channel> & co")) == "&lt;!channel&gt; &amp; co"
