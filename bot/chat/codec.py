"""Cards, forms and events as JSON bytes and back: explicit, versioned, strict about what it does not know."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Button, Card, Fields, Fine, Items, Paragraph, Picture, Quote, Speaker
from bot.chat.events import Account, Event, FileRef, Kind, Place
from bot.chat.forms import ChoiceField, FilesField, Form, Option, TextField
from bot.chat.shapes import (
    NUMBER,
    PAIR,
    TABLE,
    TEXT,
    TRUTH,
    PayloadRefused,
    each,
    kinds,
    one_of,
    optional,
    pack,
    record,
    text_or,
    unpack,
    word_of,
)
from bot.chat.text import Link, Strong, Word

__all__ = [
    "PayloadRefused",
    "card_from_bytes",
    "card_to_bytes",
    "event_from_bytes",
    "event_to_bytes",
    "form_from_bytes",
    "form_to_bytes",
]

_LINE: Final = each(
    text_or(
        kinds(
            strong=(Strong, record(Strong, text=TEXT)),
            word=(Word, record(Word, text=TEXT)),
            link=(Link, record(Link, label=TEXT, url=TEXT)),
        )
    )
)
_BLOCKS: Final = each(
    kinds(
        paragraph=(Paragraph, record(Paragraph, line=_LINE)),
        quote=(Quote, record(Quote, text=TEXT, label=TEXT)),
        fields=(Fields, record(Fields, rows=each(PAIR))),
        items=(Items, record(Items, lines=each(_LINE), numbered=TRUTH)),
        fine=(Fine, record(Fine, line=_LINE)),
    )
)
_BUTTON: Final = record(
    Button, label=TEXT, command=TEXT, style=one_of("plain", "main", "danger"), confirm=TEXT
)
_PICTURES: Final = each(record(Picture, media=TEXT, alt=TEXT, caption=TEXT, redrawn=TRUTH))
_CARD: Final = record(
    Card,
    notice=TEXT,
    title=TEXT,
    speaker=optional(record(Speaker, name=TEXT, key=TEXT)),
    blocks=_BLOCKS,
    pictures=_PICTURES,
    buttons=each(_BUTTON),
    about=TEXT,
    reopen=optional(_BUTTON),
)
_QUESTION: Final = {"name": TEXT, "label": TEXT, "hint": TEXT}
_FORM: Final = record(
    Form,
    command=TEXT,
    title=TEXT,
    fields=each(
        kinds(
            text=(
                TextField,
                record(
                    TextField,
                    **_QUESTION,
                    multiline=TRUTH,
                    optional=TRUTH,
                    max_length=NUMBER,
                    initial=TEXT,
                    detail=TRUTH,
                ),
            ),
            choice=(
                ChoiceField,
                record(
                    ChoiceField,
                    **_QUESTION,
                    options=each(record(Option, value=TEXT, label=TEXT, also=each(TEXT))),
                    optional=TRUTH,
                    initial=TEXT,
                    detail=TRUTH,
                    most=NUMBER,
                    numbered=TRUTH,
                ),
            ),
            files=(FilesField, record(FilesField, **_QUESTION, most=NUMBER)),
        )
    ),
    submit=TEXT,
    lead=_BLOCKS,
    pictures=_PICTURES,
    why=TEXT,
    # What is shown in passing has no shape here: it must not be kept.
)
_EVENT: Final = record(
    Event,
    id=TEXT,
    kind=word_of(Kind),
    account=record(Account, platform=TEXT, realm=TEXT, user=TEXT),
    place=word_of(Place),
    text=TEXT,
    values=TABLE,
    files=each(record(FileRef, locator=TABLE, size=NUMBER)),
    reply_to=TEXT,
    handle=TABLE,
    remote=TEXT,
    message=TEXT,
)


def card_to_bytes(card: Card) -> bytes:
    """Write a card."""
    return pack("card", _CARD, card)


def card_from_bytes(payload: bytes) -> Card:
    """Read a card; raises :class:`PayloadRefused`."""
    return unpack("card", _CARD, payload, Card)


def form_to_bytes(form: Form) -> bytes:
    """Write a form."""
    return pack("form", _FORM, form)


def form_from_bytes(payload: bytes) -> Form:
    """Read a form; raises :class:`PayloadRefused`."""
    return unpack("form", _FORM, payload, Form)


def event_to_bytes(event: Event) -> bytes:
    """Write an event. The bytes hold identity and original words: seal them before they are kept."""
    return pack("event", _EVENT, event)


def event_from_bytes(payload: bytes) -> Event:
    """Read an event; raises :class:`PayloadRefused`."""
    return unpack("event", _EVENT, payload, Event)
