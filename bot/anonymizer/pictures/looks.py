"""Looks: the picture itself, and copies of it in which faint writing stands out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from bot.anonymizer.pictures.arrays import Bytes, Floats

_FLOOR: Final = 3.0
"""Grey levels of contrast below which a neighbourhood counts as even, or its grain would become text."""


_RULE: Final = 61
"""Pixels from which a straight line is no stroke of a letter."""
_BROAD: Final = 7
"""Pixels from which it is no line."""
_FAINTEST: Final = 12
"""Grey levels by which a printed grid stands out from its paper."""
_RULED: Final = 0.02
"""Share of the picture that a grid's lines of one direction take."""


@dataclass(frozen=True, slots=True)
class Look:
    """A copy of a picture, taken at a share of its size: a smaller one is quicker and has less grain."""

    copy: Callable[[Bytes], Bytes]
    scale: float = 1.0

    def of(self, colour: Bytes) -> Bytes:
        """Return the copy."""
        if self.scale == 1.0:
            return self.copy(colour)
        # The lines of a grid go first: flattened from a small picture they would be turned into letters.
        size = [max(round(side * self.scale), 1) for side in (colour.shape[1], colour.shape[0])]
        small = cv2.resize(unruled(colour), size, interpolation=cv2.INTER_AREA)
        return self.copy(np.asarray(small, np.uint8))


def plain(colour: Bytes) -> Bytes:
    """Return the picture itself."""
    return colour


def flattened(colour: Bytes, *, ground: float = 8.0) -> Bytes:
    """Return the picture with every neighbourhood at middle grey and at one contrast, channel by channel.

    The difference to its own smoothing over `ground` pixels, divided by how much that differs thereabouts.
    """
    levels = unruled(colour).astype(np.float32)
    detail = levels - _blurred(levels, ground)
    spread = np.sqrt(_blurred(detail * detail, ground * 1.5)) + _FLOOR
    return np.clip(128.0 + 44.0 * detail / spread, 0, 255).astype(np.uint8)


def unruled(colour: Bytes) -> Bytes:
    """Return the picture without the thin dark lines of a printed grid, if it has one; itself if not."""
    ink = np.asarray(255 - colour, np.uint8)
    # Both directions from the same picture: without the one, the other would have gaps where they cross.
    level, upright = _rules(ink, (1, _RULE), (_BROAD, 1)), _rules(ink, (_RULE, 1), (1, _BROAD))
    return np.asarray(255 - cv2.subtract(ink, np.maximum(level, upright)), np.uint8)


def _rules(ink: Bytes, long: tuple[int, int], broad: tuple[int, int]) -> Bytes:
    """Return what is long and not broad, as rows and columns of pixels, unless there is little of it."""
    lines = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(long, np.uint8))
    thin = cv2.subtract(lines, cv2.morphologyEx(lines, cv2.MORPH_OPEN, np.ones(broad, np.uint8)))
    few = (thin > _FAINTEST).any(axis=2).mean() < _RULED
    return np.zeros_like(ink) if few else np.asarray(thin, np.uint8)


def cleared(colour: Bytes) -> Bytes:
    """Return the picture flattened, without its grain and without the thin lines of printed grids."""
    return flattened(np.asarray(cv2.medianBlur(colour, 5), np.uint8), ground=10.0)


def _blurred(levels: Floats, sigma: float) -> Floats:
    """Return a wide smoothing, made on a quarter of the size since it holds no detail."""
    height, width = levels.shape[:2]
    small = cv2.resize(levels, (max(width // 4, 1), max(height // 4, 1)), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / 4), (width, height))
    return np.asarray(wide, np.float32)
