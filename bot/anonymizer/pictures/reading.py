"""Reads straightened lines of writing with a network that knows Latin and Chinese letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bot.anonymizer.pictures.arrays import Bytes, Floats
from bot.anonymizer.pictures.network import Hands, Network

HEIGHT: Final = 48
"""Pixels of a straightened line, as the network was trained."""
_WIDEST: Final = 1600
"""Pixels of a straightened line beyond which it is squeezed; about 130 letters."""
_BATCH: Final = 6
_SAME_WIDTH: Final = 1.35
"""How much wider than its narrowest line a batch may be; padding costs as much as writing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says and how surely (mean of its letters); where each letter begins, how sure it is.

    Places and likelihoods run from 0 to 1.
    """

    text: str
    likelihood: float
    places: tuple[float, ...] = ()
    letters: tuple[float, ...] = ()

    @property
    def count(self) -> int:
        """Return how many letters and digits there are."""
        return sum(map(str.isalnum, self.text))

    @property
    def weight(self) -> float:
        """Return how sure the reading is, where one that says nothing counts for little."""
        return self.likelihood if self.count else self.likelihood * 0.1

    def reversed(self) -> Reading:
        """Return the reading of a line that was turned by half, with its places as they lie unturned."""
        return replace(self, places=tuple(1.0 - place for place in self.places))


NOTHING: Final = Reading("", 0.0)
"""The reading of a line that was not read."""


class Reader:
    """Reads pieces of pictures; loaded once a process."""

    def __init__(self, model: Path, hands: Hands) -> None:
        self._network = Network(model)
        self._hands = hands
        letters = self._network.note("character").splitlines()
        # The first class is "no letter", the last a space.
        self._letters = ["", *letters, " "]

    def read(self, pieces: Sequence[Bytes]) -> list[Reading]:
        """Return the reading of each piece, in the order given; pieces are `HEIGHT` pixels high."""
        batches = list(_batches([piece.shape[1] for piece in pieces]))
        read = self._hands.each(self._read, [[pieces[i] for i in batch] for batch in batches])
        readings = [NOTHING] * len(pieces)
        for batch, found in zip(batches, read, strict=True):
            for index, reading in zip(batch, found, strict=True):
                readings[index] = reading
        return readings

    def _read(self, batch: Sequence[Bytes]) -> list[Reading]:
        widths = [min(piece.shape[1], _WIDEST) for piece in batch]
        values = np.zeros((len(batch), 3, HEIGHT, -(-max(*widths, 64) // 8) * 8), np.float32)
        for row, piece in enumerate(batch):
            seen = piece if piece.shape[1] <= _WIDEST else _squeezed(piece)
            values[row, :, :, : widths[row]] = (
                seen[:, :, ::-1].transpose(2, 0, 1).astype(np.float32) / 127.5 - 1
            )
        rated = self._network.run(values)[0]
        used = [width / values.shape[3] for width in widths]
        return [self._spelled(rows, share) for rows, share in zip(rated, used, strict=True)]

    def _spelled(self, rows: Floats, share: float) -> Reading:
        """Spell one line: the best class of each step, repeats and gaps dropped."""
        best = rows.argmax(axis=1)
        kept = [i for i, c in enumerate(best) if c and (i == 0 or c != best[i - 1])]
        if not kept:
            return NOTHING
        sure = tuple(float(rows[i, best[i]]) for i in kept)
        places = tuple(min(i / (len(best) * share), 1.0) for i in kept)
        return Reading("".join(self._letters[best[i]] for i in kept), sum(sure) / len(sure), places, sure)


def _batches(widths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the places of pieces that are nearly as wide as each other."""
    order = sorted(range(len(widths)), key=widths.__getitem__)
    while order:
        narrow = max(widths[order[0]], 64)
        batch = [index for index in order[:_BATCH] if widths[index] <= narrow * _SAME_WIDTH]
        order = order[len(batch) :]
        yield batch


def _squeezed(piece: Bytes) -> Bytes:
    return np.asarray(cv2.resize(piece, (_WIDEST, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
