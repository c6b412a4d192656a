"""Text that a card shows: plain strings from people, and the little emphasis that only views may add."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_LEADS: Final = re.compile(
    r"(?:https://[a-z0-9._-]+|http://(?:127\.0\.0\.1|localhost|\[::1\]))(?::\d+)?(?:[/?][!#-;=?-Z_a-z~]*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Strong:
    """A piece that stands out (a screen name, a result). Never carries meaning by looks alone."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """Something the reader can type, such as ``opinion 123``; adapters add their own command prefix."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place of the bot's own choosing that the reader may go to; never one that a person wrote.

    Addresses inside words are disarmed on every platform. This is the one way in which a view can lead
    somewhere, so it takes encrypted addresses only, or such on this machine.
    """

    label: str
    url: str

    def __post_init__(self) -> None:
        """Refuse any other address (a bug of the view, not of a person)."""
        if not _LEADS.fullmatch(self.url):
            raise ValueError("a link leads to a whole https address")


Piece = str | Strong | Word | Link
Line = tuple[Piece, ...]
"""One paragraph. A bare ``str`` in it is shown exactly as it is: renderers escape it."""


def line(*pieces: Piece) -> Line:
    """Build a line from its pieces, in reading order."""
    return pieces


def plain(pieces: Line, prefix: str = "") -> str:
    """Read a line aloud: the pieces without emphasis, with ``prefix`` before each word to type."""
    return "".join(_plain_piece(piece, prefix) for piece in pieces)


def _plain_piece(piece: Piece, prefix: str) -> str:
    if isinstance(piece, Word):
        return f"{prefix}{piece.text}"
    if isinstance(piece, Link):
        return f"{piece.label}: {piece.url}"
    return piece.text if isinstance(piece, Strong) else piece


def counted(number: int, thing: str) -> str:
    """Count things in words: ``no pictures``, ``1 picture``, ``2 pictures``."""
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"
