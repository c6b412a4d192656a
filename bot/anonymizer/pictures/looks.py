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


@dataclass(frozen=True, slots=True)
class Look:
    """A copy of a picture, taken at a share of its size: a smaller one is quicker and has less grain."""

    copy: Callable[[Bytes], Bytes]
    scale: float = 1.0

    def of(self, colour: Bytes) -> Bytes:
        """Return the copy."""
        copy = self.copy(colour)
        if self.scale == 1.0:
            return copy
        # Only now: shrinking evens out what the copy made of the fine lines of a printed grid.
        size = [max(round(side * self.scale), 1) for side in (colour.shape[1], colour.shape[0])]
        return np.asarray(cv2.resize(copy, size, interpolation=cv2.INTER_AREA), np.uint8)


def plain(colour: Bytes) -> Bytes:
    """Return the picture itself."""
    return colour


def flattened(colour: Bytes, *, ground: float = 8.0) -> Bytes:
    """Return the picture with every neighbourhood at middle grey and at one contrast, channel by channel.

    The difference to its own smoothing over `ground` pixels, divided by how much that differs thereabouts.
    """
    levels = colour.astype(np.float32)
    detail = levels - _blurred(levels, ground)
    spread = np.sqrt(_blurred(detail * detail, ground * 1.5)) + _FLOOR
    return np.clip(128.0 + 44.0 * detail / spread, 0, 255).astype(np.uint8)


def cleared(colour: Bytes) -> Bytes:
    """Return the picture flattened, without its grain and without the thin lines of printed grids."""
    return flattened(np.asarray(cv2.medianBlur(colour, 5), np.uint8), ground=10.0)


def _blurred(levels: Floats, sigma: float) -> Floats:
    """Return a wide smoothing, made on a quarter of the size since it holds no detail."""
    height, width = levels.shape[:2]
    small = cv2.resize(levels, (max(width // 4, 1), max(height // 4, 1)), interpolation=cv2.INTER_AREA)
    wide = cv2.resize(cv2.GaussianBlur(small, (0, 0), sigma / 4), (width, height))
    return np.asarray(wide, np.float32)
