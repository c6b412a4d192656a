"""T-10: a link leads where the bot says, on every platform, and no words of a person become one."""

from __future__ import annotations

import json

import pytest

from bot.adapters.matrix.render import to_contents
from bot.adapters.slack.render import to_messages
from bot.chat.cards import Card, Link, Paragraph, Quote
from bot.chat.codec import card_from_bytes, card_to_bytes
from bot.chat.text import line, plain
from bot.standin.slack.limits.blocks import check_blocks

URL = "https://sign-on.st-anna.example/authorize?scope=openid+email&state=ab.c&x=%2F"
CARD = Card(
    "Sign on",
    blocks=(
        Quote("Look at https://evil.example/x and sign-on.st-anna.example/authorize"),
        Paragraph(line("Go on: ", Link("Sign on here", URL))),
    ),
)


def test_a_link_works_on_slack_and_other_addresses_do_not() -> None:
    (blocks,) = to_messages(CARD, ())
    written = json.dumps(blocks)

    assert list(check_blocks(blocks, "message")) == []
    assert written.count('"type": "link"') == 1
    assert json.dumps({"type": "link", "url": URL, "text": "Sign on here"}) in written


def test_a_link_works_on_matrix_and_other_addresses_do_not() -> None:
    (content,) = to_contents(CARD, home=True)

    assert f"Sign on here: {URL}" in content["body"]
    assert f'<a href="{URL.replace("&", "&amp;")}">Sign on here</a>' in content["formatted_body"]
    assert content["formatted_body"].count("<a ") == 1
    for words in (content["body"], content["formatted_body"]):
        assert "https[:]//evil[.]example/x and sign-on[.]st-anna[.]example/authorize" in words


def test_a_link_reads_aloud_and_survives_being_kept() -> None:
    assert plain(line("Go on: ", Link("Sign on here", URL))) == f"Go on: Sign on here: {URL}"
    assert card_from_bytes(card_to_bytes(CARD)) == CARD


@pytest.mark.parametrize(
    "address",
    [
        "",
        "st-anna.example",
        "http://st-anna.example/",
        "javascript:alert(1)",
        "https://",
        "https://a@evil.example/",
        "https://st-anna.example/ x",
        'https://st-anna.example/"onclick="x',
        "https://st-anna.example/<b>",
        "https://st-anna.example/\n",
        "https://st\u0430nna.example/",
        "HTTPS://st-anna.example\\@evil.example",
    ],
)
def test_a_link_leads_to_a_whole_encrypted_address_only(address: str) -> None:
    with pytest.raises(ValueError, match="whole https address"):
        Link("here", address)


@pytest.mark.parametrize("address", ["http://127.0.0.1:8080/a?b=c", "http://localhost/", "https://a.example"])
def test_on_this_machine_a_link_needs_no_encryption(address: str) -> None:
    assert Link("here", address).url == address
