"""Makes boxes of what was found: tilted outlines, held off the clinical text beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from bot.anonymizer.pictures.arrays import Bytes, Floats
from bot.anonymizer.pictures.cleaned import Box, BoxKind
from bot.anonymizer.pictures.filling import filled

_LETTERS: Final = 0.72
"""Share of a line's height that its letters take; the finder leaves air around them."""


@dataclass(frozen=True, slots=True)
class Patch:
    """A quadrilateral to be filled, with the kind of what stood there."""

    corners: Floats
    kind: BoxKind


def cover(colour: Bytes, boxes: Sequence[Box]) -> Bytes:
    """Return a copy with every box filled."""
    return np.asarray(filled(Image.fromarray(colour), boxes), np.uint8)


def boxes_of(size: tuple[int, int], patches: Sequence[Patch], spare: Sequence[Floats] = ()) -> list[Box]:
    """Return the boxes of patches in a picture of so many columns and rows.

    No margin of a patch may touch `spare`, the outlines of clinical text; its letters always lie inside.
    """
    kept = _mask(size, [_core(corners) for corners in spare])
    return [box for patch in patches for box in _boxes(patch, kept)]


def _boxes(patch: Patch, kept: Bytes) -> Iterator[Box]:
    height, width = kept.shape
    outline = np.round(patch.corners).astype(np.int32)
    inside = (outline >= 0).all() and (outline < (width, height)).all()
    mask = _mask((width, height), [patch.corners])
    clash = (mask & kept) > 0
    if inside and not clash.any():
        yield _box(outline, patch.kind)
        return
    mask[clash & (_mask((width, height), [_core(patch.corners)]) == 0)] = 0
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        yield _box(contour.reshape(-1, 2), patch.kind)


def _box(outline: npt.NDArray[np.integer[Any] | np.floating[Any]], kind: BoxKind) -> Box:
    corners = tuple((int(x), int(y)) for x, y in outline)
    xs, ys = {x for x, _ in corners}, {y for _, y in corners}
    left, top, right, bottom = min(xs), min(ys), max(xs), max(ys)
    upright = len(corners) == 4 and len(xs) == len(ys) == 2
    return Box(left, top, right - left + 1, bottom - top + 1, kind, () if upright else corners)


def _mask(size: tuple[int, int], quadrilaterals: Sequence[Floats]) -> Bytes:
    mask = np.zeros((size[1], size[0]), np.uint8)
    for corners in quadrilaterals:
        cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
    return mask


def _core(corners: Floats) -> Floats:
    """Return the middle of a line: as long, but only as high as its letters."""
    start, end = (corners[0] + corners[3]) / 2, (corners[1] + corners[2]) / 2
    middle = np.array([start, end, end, start])
    core: Floats = middle + (corners - middle) * _LETTERS
    return core
