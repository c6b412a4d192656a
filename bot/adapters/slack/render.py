"""Cards to Slack's blocks: rich text and plain text only, so that no physician's word acts as markup."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.adapters.slack import rich
from bot.adapters.slack.literal import Json, escaped, length, literal, plain_text
from bot.adapters.slack.site import COMMAND
from bot.chat.cards import Block, Button, Card, Fields, Fine, Items, Paragraph, Picture, Quote
from bot.chat.text import Line, Piece, Strong, Word, plain

MOST_BLOCKS = 50
MOST_WEIGHT = 11_000
"""JSON characters of one message's blocks; Slack refuses about 13,200, as it counts them."""
VIEW_BLOCKS = 100

_HEADER = 150
_ROW = 5
_CONTEXT_ELEMENTS = 10
_STYLES = {"main": "primary", "danger": "danger"}


def to_messages(card: Card, files: Sequence[str], *, named: bool = False) -> list[list[Json]]:
    """Translate a card into the blocks of one message, or of several where it is too long for one.

    ``files`` are the ids of the uploaded pictures, in their order; a picture without one is told in words.
    ``named`` puts the speaker's name into the text, where the message cannot stand under it.
    """
    blocks = to_blocks(card, files, named=named)
    messages = list(_fitting(blocks))
    if len(messages) > 1:
        for number, message in enumerate(messages, 1):
            message.append(_context([plain_text(f"{number}/{len(messages)}", 20)]))
    return messages


def to_blocks(card: Card, files: Sequence[str] = (), *, named: bool = False) -> list[Json]:
    """Translate a card into blocks, however many they are."""
    return [
        *_head(card, named=named),
        *body(card.blocks),
        *pictured(card.pictures, files),
        *buttons(card.buttons),
    ]


def body(blocks: Sequence[Block]) -> list[Json]:
    """Translate what stands in a card, or above the fields of a form."""
    return [each for block in blocks for each in _block(block)]


def notice(card: Card) -> str:
    """Write the fallback text of a card's message: never empty, never markup."""
    return escaped(card.notice).strip() or "Curbside"


def weight(blocks: Sequence[Json]) -> int:
    """Say how long blocks are on the wire, in characters."""
    return length(json.dumps(list(blocks), ensure_ascii=False))


def _fitting(blocks: Sequence[Json]) -> Iterator[list[Json]]:
    message: list[Json] = []
    for block in blocks:
        full = len(message) >= MOST_BLOCKS - 1 or weight([*message, block]) > MOST_WEIGHT
        if message and full:
            yield message
            message = []
        message.append(block)
    yield message


def _head(card: Card, *, named: bool) -> Iterator[Json]:
    if card.title and length(literal(card.title)) <= _HEADER:
        yield {"type": "header", "text": plain_text(card.title, _HEADER)}
    elif card.title:
        yield from _paragraph((Strong(card.title),))
    if named and card.speaker is not None:
        yield from _paragraph((Strong(card.speaker.name),))


def _block(block: Block) -> Iterator[Json]:
    match block:
        case Paragraph(line):
            yield from _paragraph(line)
        case Quote(text, label):
            yield from _quote(text, label)
        case Fields(rows):
            yield from _paragraph(_as_line(rows))
        case Items(lines, numbered):
            yield from _items(lines, numbered=numbered)
        case Fine(line):
            yield from _fine(line)


def _paragraph(line: Line) -> Iterator[Json]:
    for page in rich.pages(rich.run(line)):
        yield rich.block(rich.section(page))


def _quote(text: str, label: str) -> Iterator[Json]:
    pages = list(rich.pages(rich.words(text), rich.MOST - 200))
    for number, page in enumerate(pages, 1):
        heading = f"{label} {number}/{len(pages)}".strip() if len(pages) > 1 else label
        parts = [rich.section(rich.words(heading, bold=True))] if heading else []
        yield rich.block(*parts, rich.quote(page))


def _as_line(rows: tuple[tuple[str, str], ...]) -> Line:
    line: list[str | Strong] = []
    for name, value in rows:
        line += ["\n" if line else "", Strong(f"{name}:"), f" {value}"]
    return tuple(line)


def _items(lines: tuple[Line, ...], *, numbered: bool) -> Iterator[Json]:
    group: list[rich.Run] = []
    start = room = 0
    for number, line in enumerate(lines):
        first, *rest = list(rich.pages(rich.run(line))) or [rich.words("-")]
        size = sum(rich.weigh(element) for element in first)
        if group and size > room:
            yield rich.block(rich.listing(group, numbered=numbered, start=start))
            group = []
        if not group:
            start, room = number, rich.MOST
        group.append(first)
        room -= size
        if rest:
            yield rich.block(rich.listing(group, numbered=numbered, start=start))
            yield from (rich.block(rich.section(page)) for page in rest)
            group = []
    if group:
        yield rich.block(rich.listing(group, numbered=numbered, start=start))


def _fine(line: Line) -> Iterator[Json]:
    """Small print. Words to type are code, which the small print knows as markup only: they are ours."""
    pieces = [piece for piece in line if piece]
    if len(pieces) <= _CONTEXT_ELEMENTS and any(isinstance(piece, Word) for piece in pieces):
        elements = [element for piece in pieces if (element := _fine_piece(piece)) is not None]
        yield _context(elements)
        return
    for part in rich.split(literal(plain(line, f"{COMMAND} ")), rich.MOST):
        yield _context([plain_text(part, rich.MOST)])


def _fine_piece(piece: Piece) -> Json | None:
    if isinstance(piece, Word):
        code = escaped(f"{COMMAND} {piece.text}").replace("`", "'")
        return {"type": "mrkdwn", "text": f"`{code}`", "verbatim": True}
    text = plain((piece,)).strip()
    return plain_text(text, rich.MOST) if literal(text) else None


def _context(elements: list[Json]) -> Json:
    return {"type": "context", "elements": elements}


def pictured(pictures: Sequence[Picture], files: Sequence[str]) -> Iterator[Json]:
    """Translate pictures by the ids of their uploads; one without is told in words."""
    for number, picture in enumerate(pictures):
        if number < len(files):
            yield _image(picture, files[number])
        else:
            yield from _fine((f"Picture {number + 1}: {picture.caption or picture.alt}",))


def _image(picture: Picture, file: str) -> Json:
    image: Json = {
        "type": "image",
        "slack_file": {"id": file},
        "alt_text": plain_text(picture.alt, 2000)["text"],
    }
    if literal(picture.caption).strip():
        image["title"] = plain_text(picture.caption, 2000)
    return image


def buttons(all_buttons: Sequence[Button]) -> Iterator[Json]:
    """Translate buttons into rows; a button carries its command as its value."""
    for start in range(0, len(all_buttons), _ROW):
        row = all_buttons[start : start + _ROW]
        yield {
            "type": "actions",
            "elements": [_button(button, start + place) for place, button in enumerate(row)],
        }


def _button(button: Button, number: int) -> Json:
    if length(button.command) > 2000:
        raise ValueError("a button's command has room for 2,000 characters")
    shown: Json = {
        "type": "button",
        "text": plain_text(button.label, 75),
        "action_id": f"step-{number}",
        "value": button.command,
    }
    if button.style in _STYLES:
        shown["style"] = _STYLES[button.style]
    if button.confirm:
        shown["confirm"] = _confirm(button)
    return shown


def _confirm(button: Button) -> Json:
    asked: Json = {
        "title": plain_text(button.label, 100),
        "text": plain_text(button.confirm, 300),
        "confirm": plain_text(button.label, 30),
        "deny": plain_text("Back", 30),
    }
    if button.style == "danger":
        asked["style"] = "danger"
    return asked
