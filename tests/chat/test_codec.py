"""The codec: whatever is written is read again, and nothing else is read at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat import codec
from bot.chat.cards import (
    Button,
    Card,
    Fields,
    Fine,
    Items,
    Link,
    Paragraph,
    Picture,
    Quote,
    Speaker,
    Strong,
    Word,
)
from bot.chat.codec import PayloadRefused
from bot.chat.events import Account, Event, FileRef, Kind, Place
from bot.chat.forms import ChoiceField, FilesField, Form, Option, TextField

text = st.text(st.characters(codec=None), max_size=30)
links = st.builds(Link, text, st.just("https://st-anna.example/sign-on?a=b"))
line = st.lists(st.one_of(text, st.builds(Strong, text), st.builds(Word, text), links), max_size=4).map(tuple)
table = st.dictionaries(text, text, max_size=3)
blocks = st.lists(
    st.one_of(
        st.builds(Paragraph, line),
        st.builds(Quote, text, text),
        st.builds(Fields, st.lists(st.tuples(text, text), max_size=3).map(tuple)),
        st.builds(Items, st.lists(line, max_size=3).map(tuple), st.booleans()),
        st.builds(Fine, line),
    ),
    max_size=4,
).map(tuple)
buttons = st.builds(Button, text, text, st.sampled_from(["plain", "main", "danger"]), text)
described = st.builds(Picture, text, text.filter(lambda alt: bool(alt.strip())), text)
pictures = st.lists(described, max_size=2).map(tuple)
cards = st.builds(
    Card,
    text,
    text,
    st.none() | st.builds(Speaker, text, text),
    blocks,
    pictures,
    st.lists(buttons, max_size=3).map(tuple),
    text,
    st.none() | buttons,
)
forms = st.builds(
    Form,
    text,
    text,
    st.lists(
        st.one_of(
            st.builds(TextField, text, text, text, st.booleans(), st.booleans(), st.integers(), text),
            st.builds(
                ChoiceField,
                text,
                text,
                st.lists(
                    st.builds(Option, text, text, st.lists(text, max_size=2).map(tuple)), max_size=3
                ).map(tuple),
                text,
                most=st.integers(1, 9),
                numbered=st.booleans(),
            ),
            st.builds(FilesField, text, text, text, st.integers()),
        ),
        max_size=3,
    ).map(tuple),
    text,
    blocks,
    pictures,
    text,
)
events = st.builds(
    Event,
    text,
    st.sampled_from(Kind),
    st.builds(Account, text, text, text),
    st.sampled_from(Place),
    text,
    table,
    st.lists(st.builds(FileRef, table, st.integers(0)), max_size=2).map(tuple),
    text,
    table,
    text,
)

EVENT = Event(
    id="Ev1",
    kind=Kind.FORM,
    account=Account("slack", "T1", "U1"),
    place=Place.HOME,
    values={"story": "a"},
    files=(FileRef({"id": "F1"}, 3),),
)


@given(cards)
def test_a_card_survives_the_round_trip(card: Card) -> None:
    assert codec.card_from_bytes(codec.card_to_bytes(card)) == card


@given(forms)
def test_a_form_survives_the_round_trip(form: Form) -> None:
    assert codec.form_from_bytes(codec.form_to_bytes(form)) == form


@given(events)
def test_an_event_survives_the_round_trip(event: Event) -> None:
    assert codec.event_from_bytes(codec.event_to_bytes(event)) == event


def test_a_field_with_its_default_is_not_written() -> None:
    assert json.loads(codec.card_to_bytes(Card("Hello"))) == {"v": 1, "card": {"notice": "Hello"}}


def test_an_event_from_before_a_field_came_is_still_read() -> None:
    envelope = json.loads(codec.event_to_bytes(EVENT))
    assert "remote" not in envelope["event"]
    assert codec.event_from_bytes(json.dumps(envelope).encode()).remote == ""


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\xff\xfe",
        b"null",
        b"[]",
        b'{"v":1}',
        b'{"v":2,"card":{"notice":"x"}}',
        b'{"v":1,"form":{"notice":"x"}}',
        b'{"v":1,"card":{"notice":"x"},"more":1}',
        b'{"v":1,"card":{}}',
        b'{"v":1,"card":{"notice":1}}',
        b'{"v":1,"card":{"notice":"x","colour":"red"}}',
        b'{"v":1,"card":{"notice":"x","blocks":{}}}',
        b'{"v":1,"card":{"notice":"x","blocks":[{"kind":"script","line":[]}]}}',
        b'{"v":1,"card":{"notice":"x","blocks":[{"kind":["quote"],"text":""}]}}',
        b'{"v":1,"card":{"notice":"x","blocks":[{"line":[]}]}}',
        b'{"v":1,"card":{"notice":"x","blocks":[{"kind":"items","lines":[],"numbered":1}]}}',
        b'{"v":1,"card":{"notice":"x","blocks":[{"kind":"fields","rows":[["a"]]}]}}',
        b'{"v":1,"card":{"notice":"x","pictures":[{"media":"m","alt":" "}]}}',
        b'{"v":1,"card":{"notice":"x","buttons":[{"label":"l","command":"c","style":"loud"}]}}',
        b'{"v":1,"card":' + b"[" * 200_000,
    ],
)
def test_anything_else_is_refused_without_showing_it(payload: bytes) -> None:
    with pytest.raises(PayloadRefused) as refused:
        codec.card_from_bytes(payload)
    assert "red" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("kind",), "shout"),
        (("place",), "moon"),
        (("account", "user"), 7),
        (("account",), None),
        (("values",), [["a", "b"]]),
        (("values", "story"), 1),
        (("files", 0, "size"), True),
        (("files", 0, "locator"), "F1"),
    ],
)
def test_an_event_with_a_strange_value_is_refused(path: tuple[Any, ...], value: object) -> None:
    envelope = json.loads(codec.event_to_bytes(EVENT))
    target = envelope["event"]
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    with pytest.raises(PayloadRefused):
        codec.event_from_bytes(json.dumps(envelope).encode())


@pytest.mark.parametrize(
    ("kind", "written"),
    [(Card, codec.card_to_bytes), (Event, codec.event_to_bytes), (Form, codec.form_to_bytes)],
)
def test_every_field_of_a_type_is_known_to_the_codec(
    kind: type[Any], written: Callable[[Any], bytes]
) -> None:
    whole = {
        Card: Card(
            "n",
            "t",
            Speaker("s", "k"),
            (Fine(("f",)),),
            (Picture("m", "a"),),
            (Button("l", "c"),),
            "case:1",
            Button("l", "c"),
        ),
        Event: Event(
            "i",
            Kind.TEXT,
            EVENT.account,
            Place.ROOM,
            "t",
            {"a": "b"},
            EVENT.files,
            "r",
            {"c": "d"},
            "m",
            "o",
        ),
        Form: Form("c", "t", (), "Go", (Fine(("f",)),), (Picture("m", "a"),), "w"),
    }[kind]
    envelope = json.loads(written(whole))
    known = {field.name for field in fields(kind)} - {"passing"}
    assert set(envelope[kind.__name__.lower()]) == known


def test_what_a_form_shows_in_passing_is_not_kept() -> None:
    form = Form("vote 45", "Vote", (), passing=(Fine(("Your vote now: Biopsy",)),))
    assert b"Biopsy" not in codec.form_to_bytes(form)
    assert codec.form_from_bytes(codec.form_to_bytes(form)) == replace(form, passing=())
