"""The copy of a picture by which its author points at a place: a grid, and numbers on the boxes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.domain.draft_pictures import GRID, Cover

_SIDE: Final = 1280
"""Pixels of the longer side of the copy, so that letters are legible on a phone."""
_LINE: Final = (255, 214, 0)
_SHADOW: Final = (0, 0, 0)
_BOX: Final = (255, 255, 255)


def picture_grid(data: bytes, covers: Sequence[Cover]) -> bytes:
    """Draw the grid and the numbers of the covers over a cleaned picture; gives PNG."""
    with Image.open(BytesIO(data)) as opened:
        image = opened.convert("RGB")
    scale = _SIDE / max(image.size)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    image = image.resize(size)
    draw = ImageDraw.Draw(image)
    _lines(draw, size)
    _names(draw, size)
    for cover in covers:
        _number(draw, cover, scale)
    out = BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _lines(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    for step in range(1, GRID):
        x, y = step * size[0] // GRID, step * size[1] // GRID
        for shift, colour in ((1, _SHADOW), (0, _LINE)):
            draw.line((x + shift, 0, x + shift, size[1]), fill=colour, width=1)
            draw.line((0, y + shift, size[0], y + shift), fill=colour, width=1)


def _names(draw: ImageDraw.ImageDraw, size: tuple[int, int]) -> None:
    font = ImageFont.load_default(max(16, min(size) // (4 * GRID)))
    for column in range(GRID):
        for row in range(GRID):
            place = (column * size[0] // GRID + 4, row * size[1] // GRID + 4)
            name = f"{chr(ord('A') + column)}{row + 1}"
            left, top, right, bottom = draw.textbbox(place, name, font=font)
            draw.rectangle((left - 3, top - 3, right + 3, bottom + 3), fill=_SHADOW)
            draw.text(place, name, font=font, fill=_LINE)


def _number(draw: ImageDraw.ImageDraw, cover: Cover, scale: float) -> None:
    left, top = cover.left * scale, cover.top * scale
    right, bottom = (cover.left + cover.width) * scale, (cover.top + cover.height) * scale
    draw.rectangle((left, top, right, bottom), outline=_SHADOW, width=2)
    font = ImageFont.load_default(max(20, min(40, round((bottom - top) * 0.7))))
    middle = ((left + right) / 2, (top + bottom) / 2)
    words = f"Box {cover.number}"
    x, y, to_x, to_y = draw.textbbox(middle, words, font=font, anchor="mm")
    draw.rectangle((x - 4, y - 4, to_x + 4, to_y + 4), fill=_SHADOW)
    draw.text(middle, words, font=font, fill=_BOX, anchor="mm")
