"""Cards as Matrix messages: what stands in them, under which name, and nothing else."""

import json

import pytest

from bot.adapters.matrix.media import picture_content
from bot.adapters.matrix.render import MOST_BYTES, in_thread, notice_content, to_contents, to_edit
from bot.chat.cards import Button, Card, Fields, Fine, Items, Paragraph, Quote, Speaker, Strong, Word, note
from bot.ports.adapter import Image
from tests.matrix.rig import png

ALLOWED = {
    "msgtype",
    "body",
    "format",
    "formatted_body",
    "m.mentions",
    "com.beeper.per_message_profile",
}
CASE = Card(
    notice="New case #123",
    title="#123 Dermatology",
    speaker=Speaker("Quiet Heron", "a1b2"),
    blocks=(
        Fields((("Age band", "60-69"), ("Sex", "F"))),
        Quote("Itching for two days.\nNo fever <38.", label="History"),
        Items((("Photo, ", Strong("one")), ("Say ", Word("help")))),
        Fine(("Peer opinions only.",)),
    ),
    buttons=(Button("Give opinion", "opinion 123", "main"), Button("Just read", "read 123")),
)


def test_a_case_in_a_consult_room() -> None:
    assert to_contents(CASE, home=False) == [
        {
            "msgtype": "m.text",
            "body": (
                "Quiet Heron: New case #123\n\n#123 Dermatology\n\nAge band: 60-69\nSex: F\n\n"
                "History: Itching for two days.\nNo fever <38.\n\n• Photo, one\n• Say !consult help\n\n"
                "Peer opinions only.\n\nTo answer, write to me in our direct chat:\n"
                "• Give opinion – !consult opinion 123\n• Just read – !consult read 123"
            ),
            "format": "org.matrix.custom.html",
            "formatted_body": (
                "<strong data-mx-profile-fallback>Quiet Heron: </strong><h4>#123 Dermatology</h4>"
                "<p><strong>Age band</strong>: 60-69<br><strong>Sex</strong>: F</p>"
                "<blockquote><strong>History</strong><br>Itching for two days.<br>No fever &lt;38."
                "</blockquote>"
                "<ul><li>Photo, <strong>one</strong></li><li>Say <code>!consult help</code></li></ul>"
                "<p><em>Peer opinions only.</em></p><p>To answer, write to me in our direct chat:</p>"
                "<ul><li><strong>Give opinion</strong> – <code>!consult opinion 123</code></li>"
                "<li><strong>Just read</strong> – <code>!consult read 123</code></li></ul>"
            ),
            "m.mentions": {},
            "com.beeper.per_message_profile": {
                "id": "a1b2",
                "displayname": "Quiet Heron",
                "has_fallback": True,
            },
        }
    ]


def test_in_the_home_chat_choices_are_numbered() -> None:
    (content,) = to_contents(CASE, home=True)
    assert content["body"].endswith(
        "1. Give opinion – !consult opinion 123\n2. Just read – !consult read 123"
    )
    assert "<ol><li><strong>Give opinion</strong>" in content["formatted_body"]


def test_a_confirmation_is_a_notice_and_says_its_words_once() -> None:
    (content,) = to_contents(note("Done. Next: ", Word("mine")), home=True)
    assert (content["msgtype"], content["body"]) == ("m.notice", "Done. Next: !consult mine")


def test_what_a_phone_shows_first_is_the_notice() -> None:
    card = Card("Something new in #5", blocks=(Paragraph(("Melanoma is likely.",)),))
    assert to_contents(card, home=True)[0]["body"].startswith("Something new in #5\n\n")


def test_only_allow_listed_keys_are_on_the_wire() -> None:
    for home in (True, False):
        assert to_contents(CASE, home=home)[0].keys() == ALLOWED
    assert to_contents(note("x"), home=True)[0].keys() == ALLOWED - {"com.beeper.per_message_profile"}
    assert notice_content("x").keys() == {"msgtype", "body", "m.mentions"}


@pytest.mark.parametrize("sign", ["a", "é", "字", "😀", "<", "\n"])
def test_no_message_is_larger_than_a_homeserver_takes(sign: str) -> None:
    quotes = tuple(Quote(sign * 3000 + " ", label=f"Part {number}") for number in range(7))
    card = Card("Long", title="Long", speaker=Speaker("Quiet Heron", "k"), blocks=quotes)
    contents = to_contents(card, home=False)
    sizes = [len(json.dumps(content)) for content in contents]
    assert max(sizes) < MOST_BYTES + 1_000
    if len(contents) > 1:
        assert contents[-1]["body"].endswith(f"Part {len(contents)} of {len(contents)}")
        assert all(content["body"].startswith("Quiet Heron: ") for content in contents)


def test_a_long_quote_is_cut_between_words() -> None:
    words = [f"word{number}" for number in range(2000)]
    contents = to_contents(Card("n", blocks=(Quote(" ".join(words)),)), home=True)
    told = " ".join(content["body"] for content in contents).split()
    assert [word for word in told if word.startswith("word")] == words


def test_an_edit_carries_the_new_words_and_a_fallback() -> None:
    (content,) = to_contents(note("Better."), home=True)
    assert to_edit(content, "$old") == {
        "msgtype": "m.notice",
        "body": "* Better.",
        "m.mentions": {},
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$old"},
    }


def test_a_message_in_a_thread_reads_as_a_reply_elsewhere() -> None:
    assert in_thread({"body": "x"}, "$root")["m.relates_to"] == {
        "rel_type": "m.thread",
        "event_id": "$root",
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": "$root"},
    }


def test_a_picture_tells_its_words_and_size_and_nothing_of_its_past() -> None:
    image = Image(png(60, 40), "image/png")
    content = picture_content({"file": {"url": "mxc://a/b"}}, image, 2, "Photo of a rash", "Day 1")
    assert content == {
        "msgtype": "m.image",
        "body": "Day 1 (Photo of a rash)",
        "filename": "picture-2.png",
        "info": {"mimetype": "image/png", "size": len(image.data), "w": 60, "h": 40},
        "m.mentions": {},
        "file": {"url": "mxc://a/b"},
    }
