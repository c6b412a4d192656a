"""Where writing is likely: one likelihood a pixel, from a network that is run over tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from bot.anonymizer.pictures.arrays import Bytes, Floats
from bot.anonymizer.pictures.network import Hands, Network

_TILE: Final = 1120
"""Pixels of a tile's side: what one run may hold bounds the memory of the worker."""
_OVERLAP: Final = 96
_STEP: Final = 32
"""The network halves its input five times, so sides are multiples of this."""


class TextMap:
    """Rates pixels of colour pictures of any size; loaded once a process."""

    def __init__(self, model: Path, hands: Hands) -> None:
        self._network = Network(model)
        self._hands = hands

    def rate(self, pictures: Sequence[Bytes]) -> list[Floats]:
        """Return by picture the likelihood that each pixel lies in the core of a line of text."""
        tiles = [(index, place) for index, colour in enumerate(pictures) for place in _places(colour)]
        rated = [np.zeros(colour.shape[:2], np.float32) for colour in pictures]
        found = self._hands.each(self._run, [pictures[index][place] for index, place in tiles])
        for (index, place), part in zip(tiles, found, strict=True):
            np.maximum(rated[index][place], part, out=rated[index][place])
        return rated

    def _run(self, part: Bytes) -> Floats:
        height, width = part.shape[:2]
        padded = np.pad(part, ((0, -height % _STEP), (0, -width % _STEP), (0, 0)), mode="edge")
        # The network was trained on blue-green-red between -1 and 1.
        values = padded[None, :, :, ::-1].transpose(0, 3, 1, 2).astype(np.float32) / 127.5 - 1.0
        return self._network.run(values)[0][0, 0, :height, :width]


def _places(colour: Bytes) -> Iterator[tuple[slice, slice]]:
    for top, bottom in _tiles(colour.shape[0]):
        for left, right in _tiles(colour.shape[1]):
            yield slice(top, bottom), slice(left, right)


def _tiles(length: int) -> Iterator[tuple[int, int]]:
    """Yield overlapping stretches of equal length that cover a side."""
    count = max(1, -(-(length - _OVERLAP) // (_TILE - _OVERLAP)))
    size = min(length, -(-(length + (count - 1) * _OVERLAP) // count))
    for index in range(count):
        start = 0 if count == 1 else round(index * (length - size) / (count - 1))
        yield start, start + size
