"""A poll's result as a picture: bars with patterns and labels, legible at phone width and without colour."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.domain.polls import Poll
from bot.views.poll import share

WIDTH = 1080
_MARGIN = 48
_ROW = 132
_BAR = 52
_INK = (28, 33, 40)
_MUTED = (92, 102, 112)
_TRACK = (233, 236, 240)
_FILLS = ((0, 95, 115), (148, 82, 0), (92, 54, 133), (38, 98, 45), (140, 29, 64))
_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def poll_chart(poll: Poll) -> bytes:
    """Draw a closed poll's counts as PNG, 1080 pixels wide; raises ValueError when it has no counts."""
    if poll.counts is None:
        raise ValueError("a poll without counts has no chart")
    title = _wrap(poll.question, ImageFont.load_default(40), WIDTH - 2 * _MARGIN)
    top = _MARGIN + 54 * len(title) + 24
    height = top + _ROW * len(poll.options) + 76
    image = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(image)
    for index, words in enumerate(title):
        draw.text((_MARGIN, _MARGIN + 54 * index), words, font=ImageFont.load_default(40), fill=_INK)
    for index, option in enumerate(poll.options):
        _row(draw, top + _ROW * index, option, (poll.counts[index], poll.ballots), index)
    base = f"{poll.ballots} physicians voted"
    draw.text((_MARGIN, height - 64), base, font=ImageFont.load_default(28), fill=_MUTED)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _row(draw: ImageDraw.ImageDraw, top: int, option: str, votes: tuple[int, int], index: int) -> None:
    count, base = votes
    font = ImageFont.load_default(32)
    amount = f"{count} ({share(count, base)} %)"
    room = WIDTH - 2 * _MARGIN - font.getlength(amount) - 32
    draw.text((_MARGIN, top), _wrap(option, font, room)[0], font=font, fill=_INK)
    draw.text((WIDTH - _MARGIN, top), amount, font=font, fill=_INK, anchor="ra")
    bar_top = top + 48
    draw.rounded_rectangle((_MARGIN, bar_top, WIDTH - _MARGIN, bar_top + _BAR), 8, fill=_TRACK)
    length = round((WIDTH - 2 * _MARGIN) * count / base) if base else 0
    if length:
        right = _MARGIN + max(length, 16)
        draw.rounded_rectangle((_MARGIN, bar_top, right, bar_top + _BAR), 8, fill=_FILLS[index % len(_FILLS)])
        _hatch(draw, (_MARGIN, bar_top, right, bar_top + _BAR), index)


def _hatch(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], index: int) -> None:
    """Lay a pattern over a bar, so that bars differ without colour; every fifth bar stays plain."""
    pattern = (None, _strokes, _dots, _lines, _checks)[index % 5]
    if pattern is not None:
        pattern(draw, *box)


def _strokes(draw: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    for x in range(left + 12, right - 6, 24):
        draw.line((x, top + 4, x, bottom - 4), fill="white", width=3)


def _dots(draw: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    for x in range(left + 14, right - 8, 28):
        for y in (top + 16, bottom - 16):
            draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill="white")


def _lines(draw: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    for y in range(top + 12, bottom - 4, 14):
        draw.line((left + 6, y, right - 6, y), fill="white", width=3)


def _checks(draw: ImageDraw.ImageDraw, left: int, top: int, right: int, bottom: int) -> None:
    for number, x in enumerate(range(left + 10, right - 18, 28)):
        y = top + 8 if number % 2 else bottom - 24
        draw.rectangle((x, y, x + 16, y + 16), fill="white")


def _wrap(text: str, font: _Font, room: float) -> list[str]:
    """Break text into lines that fit; a word that is too long for a line is shortened with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(_fit(word, font, room))
    return lines or [""]


def _fit(word: str, font: _Font, room: float) -> str:
    shorter = word
    while len(shorter) > 1 and font.getlength(shorter) > room:
        shorter = f"{shorter.rstrip('…')[:-1]}…"
    return shorter
