"""What charts are drawn with: bars that differ without colour, and text that fits its place."""

from __future__ import annotations

from PIL import ImageDraw, ImageFont

WIDTH = 1080
MARGIN = 48
INK = (28, 33, 40)
MUTED = (92, 102, 112)
TRACK = (233, 236, 240)
FILLS = ((0, 95, 115), (148, 82, 0), (92, 54, 133), (38, 98, 45), (140, 29, 64))
Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


def hatch(draw: ImageDraw.ImageDraw, box: tuple[int, int, int, int], index: int) -> None:
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


def wrap(text: str, font: Font, room: float) -> list[str]:
    """Break text into lines that fit; a word that is too long for a line is shortened with an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines.append(_fit(word, font, room))
    return lines or [""]


def _fit(word: str, font: Font, room: float) -> str:
    shorter = word
    while len(shorter) > 1 and font.getlength(shorter) > room:
        shorter = f"{shorter.rstrip('…')[:-1]}…"
    return shorter
