"""T-08, T-10: whatever physicians write is shown as written, and never acts."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.adapters.slack import forms, render, rich
from bot.adapters.slack.literal import cut, escaped, length, literal
from bot.chat.cards import Button, Card, Fields, Fine, Items, Paragraph, Picture, Quote, Speaker, Strong, Word
from bot.chat.forms import ChoiceField, Form, Option, TextField
from bot.standin.slack.limits.blocks import check_blocks

BAIT = st.sampled_from(
    [
        *(
            "<!channel>",
            "<!here|here>",
            "<@U012345>",
            "<#C012345|ward>",
            "<!subteam^S1|x>",
            "@here",
            "&lt;!channel>",
        ),
        *(
            "<https://evil.example|click>",
            "https://evil.example/x?u=1",
            "www.evil.example",
            "HTTP://EVIL.example",
        ),
        *("mailto:a@b.example", "eva.lind@st-anna.example", "slack://user?team=T1", "evil.example/track.png"),
        *(
            "*bold*",
            "_it_",
            "`code`",
            "```",
            "~x~",
            "> quote",
            ":smile:",
            "[a](https://evil.example)",
            "<script>",
        ),
        *(
            "\u202e",
            "\u2066",
            "\u200b",
            "\u200d",
            "\ufeff",
            "\u00ad",
            "\x00",
            "\x1b[31m",
            "\ud800",
            "\U000e0041",
        ),
        *("\r\n", "\n", "\t", " ", "’", "é", "👩‍⚕️", "٣", "\u2028"),
    ]
)
BODY = st.lists(BAIT | st.text(max_size=12), max_size=12).map("".join)
WORDS = st.from_regex(r"[a-z]{2,8}( [0-9]{1,4})?", fullmatch=True)
ACTIVE = {"link", "user", "channel", "usergroup", "broadcast", "emoji", "date", "team"}
ADDRESS = re.compile(r"://|www\.|mailto:|@[\w-]+\.\w", re.IGNORECASE)


def card_of(text: str, word: str) -> Card:
    return Card(
        text,
        text,
        Speaker(text, "k"),
        (
            Paragraph((text, Strong(text), Word(word))),
            Quote(text, text),
            Fields(((text, text),)),
            Items(((text,), (Strong(text), text)), numbered=True),
            Fine((text, Word(word), Strong(text))),
            Fine((text,)),
        ),
        (Picture("m", text if text.strip() else "x", text), Picture("m2", "alt", text)),
        (Button(text, word, "danger", text),),
    )


def form_of(text: str) -> Form:
    return Form(
        "case",
        text,
        (
            TextField("a", text, hint=text, initial=text),
            ChoiceField("b", text, (Option("x", text), Option("y", text)), hint=text),
        ),
        submit=text,
        lead=(Quote(text, text),),
    )


def parts(tree: Any) -> list[dict[str, Any]]:
    if isinstance(tree, list):
        return [part for each in tree for part in parts(each)]
    if isinstance(tree, dict):
        return [tree, *(part for each in tree.values() for part in parts(each))]
    return []


def assert_inert(blocks: list[dict[str, Any]], words: set[str]) -> None:
    for part in parts(blocks):
        assert part.get("type") not in ACTIVE
        assert not {"url", "image_url", "title_url", "user_id", "channel_id"} & part.keys()
        if part.get("type") == "mrkdwn":
            assert part["text"] in words
            assert part["verbatim"]
        if part.get("type") == "plain_text":
            assert part["emoji"] is False
        if part.get("type") == "text" and ADDRESS.search(part["text"]):
            assert part["style"]["code"]


def assert_visible(tree: Any) -> None:
    for part in parts(tree):
        for key in ("text", "alt_text", "initial_value", "username"):
            if isinstance(part.get(key), str):
                assert not any(_hidden(character) for character in part[key])


def _hidden(character: str) -> bool:
    if character in "\n\t":
        return False
    return (
        unicodedata.category(character) in ("Cc", "Cs")
        or character in "\u202e\u2066\u200b\u200d\ufeff\u00ad\U000e0041"
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BODY, WORDS)
def test_t08_t10_no_card_acts(text: str, word: str) -> None:
    for message in render.to_messages(card_of(text, word), ("F0AAAA",), named=True):
        assert_inert(message, {f"`/consult {word}`"})
        assert_visible(message)
        assert list(check_blocks(message, "message")) == []
    fallback = render.notice(card_of(text, word))
    assert not re.search(r"[<>]", fallback)
    assert not re.search(r"&(?!amp;|lt;|gt;)", fallback)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BODY)
def test_t08_t10_no_form_acts(text: str) -> None:
    view = forms.form_view(form_of(text))
    assert_inert(view["blocks"], set())
    assert_visible(view)
    assert list(check_blocks(view["blocks"], "modal")) == []


@given(st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Z"]), max_size=200))
def test_ordinary_text_is_shown_letter_by_letter(text: str) -> None:
    shown = literal(text)
    (block,) = render.body((Quote(text),)) or ({"elements": []},)
    joined = "".join(e["text"] for part in block["elements"] for e in part["elements"])
    assert joined == shown
    if not any(character in "\u2028\u2029\u115f\u1160\u3164\uffa0\u2800" for character in text):
        assert shown == text


@given(st.text(max_size=300), st.integers(2, 60))
def test_splitting_loses_nothing_and_fits(text: str, most: int) -> None:
    whole = literal(text)
    pieces = list(rich.split(whole, most))
    assert "".join(pieces) == whole
    assert all(0 < length(piece) <= most for piece in pieces)
    assert length(cut(whole, most)) <= most


def test_marks_that_are_printed_stay() -> None:
    assert literal("\u0600 1:2 a\u0301 ½ →") == "\u0600 1:2 a\u0301 ½ →"
    assert literal("a\r\nb\u2028c\u0085d") == "a\nb\nc\nd"
    assert literal("\ufeffab\u200bc\u202ed\U000e0041") == "abcd"
    assert escaped("a<b>&c") == "a&lt;b&gt;&amp;c"
