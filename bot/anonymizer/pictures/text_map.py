"""Where writing is likely: one likelihood a pixel, from a network that is run over tiles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from bot.anonymizer.pictures.arrays import Bytes, Floats
from bot.anonymizer.pictures.network import Network

_TILE: Final = 960
"""Pixels of a tile's side: what one run may hold bounds the memory of the worker."""
_OVERLAP: Final = 96
_STEP: Final = 32
"""The network halves its input five times, so sides are multiples of this."""


class TextMap:
    """Rates pixels of colour pictures of any size; loaded once a process."""

    def __init__(self, model: Path, threads: int) -> None:
        self._network = Network(model, threads)

    def rate(self, colour: Bytes) -> Floats:
        """Return the likelihood that each pixel lies in the core of a line of text."""
        height, width = colour.shape[:2]
        rated = np.zeros((height, width), np.float32)
        for top, bottom in _tiles(height):
            for left, right in _tiles(width):
                part = rated[top:bottom, left:right]
                np.maximum(part, self._run(colour[top:bottom, left:right]), out=part)
        return rated

    def _run(self, part: Bytes) -> Floats:
        height, width = part.shape[:2]
        padded = np.pad(part, ((0, -height % _STEP), (0, -width % _STEP), (0, 0)), mode="edge")
        # The network was trained on blue-green-red between -1 and 1.
        values = padded[None, :, :, ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1.0
        return self._network.run(values)[0][0, 0, :height, :width]


def _tiles(length: int) -> Iterator[tuple[int, int]]:
    """Yield overlapping stretches of equal length that cover a side."""
    count = max(1, -(-(length - _OVERLAP) // (_TILE - _OVERLAP)))
    size = min(length, -(-(length + (count - 1) * _OVERLAP) // count))
    for index in range(count):
        start = 0 if count == 1 else round(index * (length - size) / (count - 1))
        yield start, start + size
