"""Slack's rich text, built so that words stay words: the only styles are bold and code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.adapters.slack.literal import Json, by_address, length, literal
from bot.adapters.slack.site import COMMAND
from bot.chat.text import Line, Link, Piece, Strong, Word

MOST = 3000
"""Characters of one block; Slack documents it for sections and keeps to less than it says for the rest."""
_FRAME = 40  # what one element weighs besides its text

Run = list[Json]
"""Elements that are read one after the other, as one paragraph."""


def run(line: Line) -> Run:
    """Translate a line; addresses in it are set as code, which no client turns into a link."""
    return [element for piece in line for element in _elements(piece)]


def words(text: str, *, bold: bool = False) -> Run:
    """Translate plain text."""
    return run((Strong(text) if bold else text,))


def _elements(piece: Piece) -> Iterator[Json]:
    if isinstance(piece, Word):
        yield _element(f"{COMMAND} {literal(piece.text)}", "code")
        return
    if isinstance(piece, Link):
        yield {"type": "link", "url": piece.url, "text": literal(piece.label)}
        return
    bold = ("bold",) if isinstance(piece, Strong) else ()
    text = piece.text if isinstance(piece, Strong) else piece
    for part, is_address in by_address(literal(text)):
        if part:
            yield _element(part, *bold, *(("code",) if is_address else ()))


def _element(text: str, *styles: str) -> Json:
    element: Json = {"type": "text", "text": text}
    if styles:
        element["style"] = dict.fromkeys(styles, True)
    return element


def pages(elements: Run, most: int = MOST) -> Iterator[Run]:
    """Split a run that is too long for one block, between words where it can be; nothing is left out."""
    page: Run = []
    room = most
    for element in _small(elements, most - _FRAME):
        weight = weigh(element)
        if page and weight > room:
            yield page
            page, room = [], most
        page.append(element)
        room -= weight
    if page:
        yield page


def weigh(element: Json) -> int:
    """Say how much of a block an element takes."""
    return length(element["text"]) + _FRAME


def _small(elements: Iterable[Json], most: int) -> Iterator[Json]:
    for element in elements:
        for part in split(element["text"], most):
            yield {**element, "text": part}


def split(text: str, most: int) -> Iterator[str]:
    """Cut text into parts of at most ``most``, after a line end or blank where the last half has one."""
    while length(text) > most:
        end = _fitting(text, most)
        breaks = (text.rfind(mark, end // 2, end) for mark in ("\n", " "))
        end = next((at + 1 for at in breaks if at > 0), end)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def _fitting(text: str, most: int) -> int:
    end = min(len(text), most)
    while length(text[:end]) > most:
        end -= max(1, (length(text[:end]) - most) // 2)
    return end


def section(elements: Run) -> Json:
    """A paragraph."""
    return {"type": "rich_text_section", "elements": elements}


def quote(elements: Run) -> Json:
    """A paragraph with a bar beside it."""
    return {"type": "rich_text_quote", "elements": elements}


def listing(runs: list[Run], *, numbered: bool, start: int) -> Json:
    """A list whose first item is number ``start`` (counted from 0)."""
    listed: Json = {
        "type": "rich_text_list",
        "style": "ordered" if numbered else "bullet",
        "indent": 0,
        "elements": [section(each) for each in runs],
    }
    if numbered and start:
        listed["offset"] = start
    return listed


def block(*parts: Json) -> Json:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(parts)}
