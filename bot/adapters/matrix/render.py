"""Rendering: a card becomes message contents of allow-listed keys, as plain words and as the same in HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from bot.adapters.matrix.literal import literal
from bot.adapters.matrix.wording import CONTINUED, PREFIX, WHERE_TO_ANSWER
from bot.chat.cards import Block, Button, Card, Fields, Fine, Items, Paragraph, Quote, Speaker
from bot.chat.text import Line, Link, Piece, Strong, Word, plain

MOST_BYTES = 40_000
"""Bytes of one content as JSON. Events end at 65,536 bytes, and encryption adds a third."""

_QUOTE_PIECE = 1_500
_PROFILE = "com.beeper.per_message_profile"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a message, as plain words and as HTML."""

    plain: str
    html: str


def to_contents(card: Card, *, home: bool, lead: str = WHERE_TO_ANSWER) -> list[dict[str, Any]]:
    """Render the words of a card as one message, or as several where one cannot hold them.

    ``home`` says that the reader alone can type right there, so that the choices are numbered; elsewhere
    ``lead`` stands above them.
    """
    pages = list(_pages(list(_passages(card, home=home, lead=lead))))
    if len(pages) > 1:
        pages = [[*page, _page_mark(number, len(pages))] for number, page in enumerate(pages, 1)]
    return [_content(card, page, opening=not number) for number, page in enumerate(pages)]


def notice_content(text: str) -> dict[str, Any]:
    """Build a one-sentence notice."""
    return {"msgtype": "m.notice", "body": literal(text), "m.mentions": {}}


def to_edit(content: dict[str, Any], event_id: str) -> dict[str, Any]:
    """Turn a content into the replacement of an earlier message."""
    return {
        "msgtype": content["msgtype"],
        "body": f"* {content['body']}",
        "m.mentions": {},
        "m.new_content": content,
        "m.relates_to": {"rel_type": "m.replace", "event_id": event_id},
    }


def in_thread(content: dict[str, Any], root: str) -> dict[str, Any]:
    """Put a content into the thread under ``root``; clients without threads show it as a reply."""
    relation = {
        "rel_type": "m.thread",
        "event_id": root,
        "is_falling_back": True,
        "m.in_reply_to": {"event_id": root},
    }
    return {**content, "m.relates_to": relation}


def picture_words(alt: str, caption: str) -> str:
    """Give the words of a picture: its caption, if any, and its text alternative."""
    words = f"{caption} ({alt})" if caption and caption != alt else alt
    return literal(words)


def _content(card: Card, page: list[Passage], *, opening: bool) -> dict[str, Any]:
    words = "\n\n".join(passage.plain for passage in page)
    html = "".join(passage.html for passage in page)
    notice = literal(card.notice)
    if opening and not words.replace(PREFIX, "").startswith(notice.replace(PREFIX, "")):
        words = f"{notice}\n\n{words}" if words else notice
    if card.speaker:
        words, html = _spoken(card.speaker, words, html)
    content: dict[str, Any] = {
        "msgtype": _msgtype(card),
        # Once more over the whole: two harmless pieces side by side could make a link.
        "body": _armed(literal(words), card),
        "format": "org.matrix.custom.html",
        "formatted_body": html or _html_text(card.notice),
        "m.mentions": {},
    }
    return {**content, _PROFILE: _profile(card.speaker)} if card.speaker else content


def _armed(words: str, card: Card) -> str:
    """Let the bot's own links work again, which were disarmed with everything else."""
    for block in card.blocks:
        for piece in block.line if isinstance(block, Paragraph | Fine) else ():
            if isinstance(piece, Link):
                words = words.replace(literal(piece.url), piece.url)
    return words


def _spoken(speaker: Speaker, plain: str, html: str) -> tuple[str, str]:
    name = literal(speaker.name)
    fallback = f"<strong data-mx-profile-fallback>{escape(name)}: </strong>"
    return f"{name}: {plain}", f"{fallback}{html}"


def _profile(speaker: Speaker) -> dict[str, Any]:
    return {"id": speaker.key, "displayname": literal(speaker.name), "has_fallback": True}


def _msgtype(card: Card) -> str:
    """Confirmations are notices, so that other bots leave them alone; what is worth a ping is text."""
    return "m.text" if card.speaker or card.title or card.pictures else "m.notice"


def _passages(card: Card, *, home: bool, lead: str) -> Iterator[Passage]:
    if card.title:
        title = literal(card.title)
        yield Passage(title, f"<h4>{escape(title)}</h4>")
    for block in card.blocks:
        yield from _block(block)
    if card.buttons:
        yield _numbered(card.buttons) if home else _elsewhere(card.buttons, lead)


def _block(block: Block) -> Iterator[Passage]:
    if isinstance(block, Quote):
        yield from _quote(block)
    elif isinstance(block, Paragraph):
        yield Passage(_plain_line(block.line), f"<p>{_html_line(block.line)}</p>")
    elif isinstance(block, Fine):
        yield Passage(_plain_line(block.line), f"<p><em>{_html_line(block.line)}</em></p>")
    elif isinstance(block, Fields):
        yield _fields(block)
    else:
        yield _items(block)


def _quote(block: Quote) -> Iterator[Passage]:
    """Split a long quote into pieces that fit; each piece says whose part it is."""
    label = literal(block.label)
    for text in _pieces(literal(block.text)):
        plain = f"{label}: {text}" if label else text
        head = f"<strong>{escape(label)}</strong><br>" if label else ""
        yield Passage(plain, f"<blockquote>{head}{_html_text(text)}</blockquote>")


def _pieces(text: str) -> Iterator[str]:
    """Cut at a blank near the end of each piece, so that no word is broken unless it must be."""
    while len(text) > _QUOTE_PIECE:
        cut = max(text.rfind(blank, _QUOTE_PIECE // 2, _QUOTE_PIECE) for blank in (" ", "\n"))
        cut = cut + 1 if cut > 0 else _QUOTE_PIECE
        yield text[:cut]
        text = text[cut:]
    yield text


def _fields(block: Fields) -> Passage:
    rows = [(literal(name), literal(value)) for name, value in block.rows]
    plain = "\n".join(f"{name}: {value}" for name, value in rows)
    html = "<br>".join(f"<strong>{escape(name)}</strong>: {_html_text(value)}" for name, value in rows)
    return Passage(plain, f"<p>{html}</p>")


def _items(block: Items) -> Passage:
    marks = (f"{number}. " if block.numbered else "• " for number in range(1, len(block.lines) + 1))
    plain = "\n".join(mark + _plain_line(line) for mark, line in zip(marks, block.lines, strict=True))
    tag = "ol" if block.numbered else "ul"
    html = "".join(f"<li>{_html_line(line)}</li>" for line in block.lines)
    return Passage(plain, f"<{tag}>{html}</{tag}>")


def _numbered(buttons: Iterable[Button]) -> Passage:
    return _items(Items(tuple(_choice(button) for button in buttons), numbered=True))


def _elsewhere(buttons: Iterable[Button], lead: str) -> Passage:
    choices = _items(Items(tuple(_choice(button) for button in buttons)))
    return Passage(f"{lead}\n{choices.plain}", f"<p>{escape(lead)}</p>{choices.html}")


def _choice(button: Button) -> Line:
    return (Strong(button.label), " – ", Word(button.command))


def _page_mark(number: int, total: int) -> Passage:
    words = CONTINUED.format(number=number, total=total)
    return Passage(words, f"<p><em>{escape(words)}</em></p>")


def _pages(passages: list[Passage]) -> Iterator[list[Passage]]:
    """Fill messages in reading order, none larger than the homeserver takes."""
    page: list[Passage] = []
    used = 0
    for passage in passages:
        size = len(json.dumps(passage.plain)) + len(json.dumps(passage.html))
        if page and used + size > MOST_BYTES:
            yield page
            page, used = [], 0
        page.append(passage)
        used += size
    yield page


def _plain_line(line: Line) -> str:
    return "".join(_plain_piece(piece) for piece in line)


def _plain_piece(piece: Piece) -> str:
    if isinstance(piece, Word):
        return f"{PREFIX}{literal(piece.text)}"
    return literal(plain((piece,)))


def _html_line(line: Line) -> str:
    """Render the pieces; bare ones side by side are one text to a client, so they are disarmed as one."""
    runs = groupby(line, lambda piece: isinstance(piece, str))
    return "".join(
        _html_text("".join(map(str, run))) if bare else "".join(map(_html_piece, run)) for bare, run in runs
    )


def _html_piece(piece: Piece) -> str:
    if isinstance(piece, Word):
        return f"<code>{escape(PREFIX + literal(piece.text))}</code>"
    if isinstance(piece, Link):
        return f'<a href="{escape(piece.url)}">{_html_text(piece.label)}</a>'
    return f"<strong>{_html_text(_plain_piece(piece))}</strong>"


def _html_text(text: str) -> str:
    return escape(literal(text)).replace("\n", "<br>")
