"""Text that a card shows: plain strings from people, and the little emphasis that only views may add."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strong:
    """A piece that stands out (a screen name, a result). Never carries meaning by looks alone."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """Something the reader can type, such as ``opinion 123``; adapters add their own command prefix."""

    text: str


Piece = str | Strong | Word
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
    return piece.text if isinstance(piece, Strong) else piece


def counted(number: int, thing: str) -> str:
    """Count things in words: ``no pictures``, ``1 picture``, ``2 pictures``."""
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"
