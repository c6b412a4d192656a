"""T-08 and T-10 for Matrix: words of people never become a ping, a link or a tag at somebody's client."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.matrix.literal import literal
from bot.adapters.matrix.render import to_contents
from bot.chat.cards import Button, Card, Fields, Fine, Items, Paragraph, Picture, Quote, Speaker, Strong, Word

OURS = {"h4", "p", "strong", "em", "blockquote", "br", "code", "ul", "ol", "li"}
LINKED = re.compile(r"://|\w\.[a-z]{2,}|(?<![^\W\d_])(mailto|matrix|mxc|tel):[^\s\]]", re.IGNORECASE)
BAIT = [
    "https://evil.example/x?patient=1",
    "HTTP://EVIL.EXAMPLE",
    "www.evil.example",
    "evil.com",
    "mailto:a@b.example",
    "matrix:u/ann:hospital.example",
    "mxc://hospital.example/abc",
    "@room",
    "@ann:hospital.example",
    "#ward:hospital.example",
    "!room:hospital.example",
    "<a href='https://evil.example'>x</a>",
    "<img src=mxc://a/b>",
    "<mx-reply>",
    "\u202egnp.exe",
    "a\u200bb\u200d\ufeffc",
    "</blockquote><script>",
    "&lt;b&gt;",
    "tel:+15550100",
]
SNIPPETS = st.lists(st.one_of(st.sampled_from(BAIT), st.text(max_size=12)), min_size=1, max_size=6).map(
    "".join
)


class Tags(HTMLParser):
    """Collects what a client would draw."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def card_of(words: str) -> Card:
    return Card(
        notice=words,
        title=words,
        speaker=Speaker(words or "Heron", "key"),
        blocks=(
            Paragraph((words, Strong(words), Word("help"))),
            Quote(words, label=words),
            Fields(((words, words),)),
            Items(((words,),), numbered=True),
            Fine((words,)),
        ),
        pictures=(Picture("m", words.strip() or "alt", words),),
        buttons=(Button(words, "help"),),
    )


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("see https://evil.example/x", "see https[:]//evil[.]example/x"),
        ("write to ann@hospital.example", "write to ann(at)hospital[.]example"),
        ("@room hello", "(at)room hello"),
        ("case #123: OD @ 5 m", "case #123: OD @ 5 m"),
        ("0.5 mg b.i.d., 2.5mg, e.g. at 3.", "0.5 mg b.i.d., 2.5mg, e.g. at 3."),
        ("a\r\nb\u202e\u200bc", "a\nbc"),
    ],
)
def test_bait_is_disarmed_and_medicine_is_not(words: str, shown: str) -> None:
    assert literal(words) == shown


@settings(max_examples=400, deadline=None)
@given(SNIPPETS)
def test_nothing_of_a_text_is_active_after_rendering(words: str) -> None:
    for home in (True, False):
        for content in to_contents(card_of(words), home=home):
            drawn = Tags(content["formatted_body"])
            assert drawn.tags <= OURS
            assert drawn.attributes <= {"data-mx-profile-fallback"}
            for text in (content["body"], *drawn.text, literal(words)):
                assert not LINKED.search(text), text
                assert "@room" not in text
                assert not re.search(r"@\w", text)
                assert not any(sign in text for sign in "\u202e\u200b\u200d\ufeff")
            assert content["m.mentions"] == {}


@settings(max_examples=400, deadline=None)
@given(SNIPPETS)
def test_disarming_twice_changes_nothing_more(words: str) -> None:
    assert literal(literal(words)) == literal(words)
