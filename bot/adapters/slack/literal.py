"""Text that Slack must show exactly as it was written: nothing in it becomes a mention, a link or a trick."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bot.chat.sieve import Sieve

Json = dict[str, Any]

_LINE_ENDS = re.compile("\r\n|[\r\u0085\u2028\u2029]")
# Not format characters by category, and yet nothing is to be seen of them.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0), range(0x180B, 0x1810))
# Format characters that are printed: number signs and the like of Arabic, Syriac and Kaithi.
_PRINTED = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# What a client might make a link of. Looked for in one word at a time, so that no text makes it slow.
_ADDRESS = re.compile(
    r"://|www\.|(?:mailto|tel|javascript|data):\S|@[\w-]+\.\w|[\w-]\.[a-z]{2,}/", re.IGNORECASE
)
_WORD_OR_GAP = re.compile(r"\s+|\S+")


def literal(text: str) -> str:
    """Take out what cannot be seen (direction marks, zero-width and control characters); keep the rest."""
    return _LINE_ENDS.sub("\n", text).translate(_SEEN)


def _unseen(character: str) -> bool:
    if character in "\n\t" or character in _PRINTED:
        return False
    if character in _BLANKS or any(ord(character) in selectors for selectors in _SELECTORS):
        return True
    return unicodedata.category(character) in ("Cc", "Cf", "Cs")


_SEEN = Sieve(_unseen)


def escaped(text: str) -> str:
    """Write text for the one field that Slack always reads as markup: the fallback of a message."""
    seen = literal(text)
    return seen.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str, most: int) -> Json:
    """Make a plain text object of at most ``most`` characters; longer text ends in an ellipsis."""
    return {"type": "plain_text", "text": cut(literal(text), most) or "-", "emoji": False}


def cut(text: str, most: int) -> str:
    """Shorten a label that must fit; never used for what physicians wrote."""
    if length(text) <= most:
        return text
    kept = text[: most - 1]
    while length(kept) > most - 1:
        kept = kept[:-1]
    return f"{kept}…"


def length(text: str) -> int:
    """Count as browsers do (UTF-16 units), which is never less than counting characters."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def by_address(text: str) -> Iterator[tuple[str, bool]]:
    """Take text apart into words that hold an address (True) and the rest (False), in order."""
    tokens = _WORD_OR_GAP.findall(text)
    for is_address, group in groupby(tokens, lambda token: bool(_ADDRESS.search(token))):
        yield "".join(group), is_address
