"""Cards: what the bot shows, without a word about how a platform draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.chat.text import Line, Link, Piece, Strong, Word, line, plain

__all__ = [
    "Block",
    "Button",
    "Card",
    "Fields",
    "Fine",
    "Items",
    "Link",
    "Paragraph",
    "Picture",
    "Quote",
    "Speaker",
    "Strong",
    "Word",
    "line",
    "note",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the bot's own words."""

    line: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of a physician, already cleaned; may hold line breaks; shown as they are, never as markup.

    ``label`` names the part ("History"); long quotes are split by the adapter, never cut.
    """

    text: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Fields:
    """Short facts as (name, value) pairs, e.g. ("Age band", "60-69")."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``numbered`` starts at 1."""

    lines: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Fine:
    """Small print at the place where it stands: context, footers, who can see what."""

    line: Line


Block = Paragraph | Quote | Fields | Items | Fine


@dataclass(frozen=True, slots=True)
class Button:
    """A step the reader can take. ``command`` is the same step as typed text, e.g. ``opinion 123``."""

    label: str
    command: str
    style: Literal["plain", "main", "danger"] = "plain"
    confirm: str = ""
    """A question to ask before a destructive step; empty asks nothing."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A cleaned picture. ``media`` is its random id in the content store; ``alt`` is mandatory.

    ``redrawn`` matters to an edit only: it is another picture than the one that stands there.
    """

    media: str
    alt: str
    caption: str = ""
    redrawn: bool = False

    def __post_init__(self) -> None:
        """Refuse a picture without a text alternative (a bug of the view, not of a person)."""
        if not self.alt.strip():
            message = "a picture needs an alt text"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Speaker:
    """The screen name that a card is spoken under.

    ``key`` is a random id of that name (never derived from an account); it may choose an icon.
    """

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Card:
    """One message of the bot.

    ``notice`` is what lock screens and screen readers get first: never a clinical word. In a room it is
    the fallback text too. ``speaker`` is set on relayed words only.
    """

    notice: str
    title: str = ""
    speaker: Speaker | None = None
    blocks: tuple[Block, ...] = ()
    pictures: tuple[Picture, ...] = ()
    buttons: tuple[Button, ...] = ()
    about: str = ""
    """The subject (``case:…``) that a reply to this card is about; never shown."""
    reopen: Button | None = None
    """Set on what only its reader may see: where the platform has no private place for it, the chat gets the
    notice and this button instead."""


def note(*pieces: Piece, buttons: tuple[Button, ...] = ()) -> Card:
    """Make the smallest card: one paragraph and perhaps buttons."""
    return Card(notice=plain(pieces), blocks=(Paragraph(pieces),), buttons=buttons)
