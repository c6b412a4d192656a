"""Fills boxes with one solid colour; needs no extra. Nothing is blurred: blur can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from bot.anonymizer.pictures.cleaned import Box

_RIM: Final = 5
"""Pixels around a box whose brightness decides between black and white."""


def filled(image: Image.Image, boxes: Iterable[Box]) -> Image.Image:
    """Return a copy of a picture of mode L or RGB with every box filled, black on dark and white on light."""
    covered = image.copy()
    pen = ImageDraw.Draw(covered)
    for box in boxes:
        shade = _shade(image, box)
        pen.polygon(_outline(box), fill=shade if image.mode == "L" else (shade, shade, shade))
    return covered


def _outline(box: Box) -> Sequence[tuple[int, int]]:
    if len(box.corners) > 2:
        return box.corners
    right, bottom = box.left + box.width - 1, box.top + box.height - 1
    return ((box.left, box.top), (right, box.top), (right, bottom), (box.left, bottom))


def _shade(image: Image.Image, box: Box) -> int:
    """Return the one of black and white that is nearer to what lies around a box."""
    left, top = max(box.left - _RIM, 0), max(box.top - _RIM, 0)
    right = min(box.left + box.width + _RIM, image.width)
    bottom = min(box.top + box.height + _RIM, image.height)
    if right <= left or bottom <= top:
        return 0
    inside = Image.new("L", (right - left, bottom - top))
    ImageDraw.Draw(inside).polygon([(x - left, y - top) for x, y in _outline(box)], fill=255)
    counts = image.crop((left, top, right, bottom)).convert("L").histogram(ImageChops.invert(inside))
    return 255 if sum(counts[128:]) > sum(counts[:128]) else 0
