"""Finds writing that a trace runs through: a trace has one height at every moment, writing has several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from bot.anonymizer.pictures.arrays import Bytes
from bot.anonymizer.pictures.lines import Line, cut_out

_LONG: Final = 3.0
"""Length over height from which a line may be a trace."""
_VERY_LONG: Final = 8.0
"""The same from which writing may run across so much of it that other places decide."""
_HIGH: Final = (48, 160)
"""Pixels of height in which strokes are counted, at least and at most."""
_SINGLE: Final = 0.7
_SINGLE_SHORT: Final = 0.95
"""Share of a line's columns with one stroke from which it is a trace."""
_THIN: Final = 0.2
"""Share of a line that is ink below which that is a curve and not the edge of something."""
_MOVES: Final = 0.3
"""Share of a line's height between the lowest and the highest place of a trace; rules and edges lie still."""
_CROWDED: Final = 0.45
"""Share of a neighbourhood's columns with more than one stroke from which something is written there."""
_NEIGHBOURHOOD: Final = 0.4
"""Heights of a line that are looked at together: the widest gap between two words across it."""
_SHORTEST: Final = 0.8
"""Heights of a line that writing across it has at least; lead names are shorter."""
_OUTLIERS: Final = 0.04
"""Share of the ink above and below that is taken for the trace's own."""
_AIR: Final = 0.15


def is_trace(colour: Bytes, line: Line) -> bool:
    """Say whether a line is a thin curve that rises and falls, with a single height at nearly every place."""
    if line.along <= _LONG * line.across:
        return False
    ink = _ink(colour, line)
    demanded = _SINGLE if line.along > _VERY_LONG * line.across else _SINGLE_SHORT
    heights = ink.argmax(axis=0)[ink.any(axis=0)] / len(ink)
    moves = heights.size > 0 and np.ptp(np.quantile(heights, (0.01, 0.99))) > _MOVES
    return bool(moves and ink.mean() < _THIN and (_strokes(ink) == 1).mean() > demanded)


def writing_across(colour: Bytes, trace: Line) -> list[Line]:
    """Return the stretches of a trace where several strokes lie above each other, as lines."""
    ink = _ink(colour, trace)
    high, length = ink.shape
    several = _strokes(ink) > 1
    near = round(_NEIGHBOURHOOD * high)
    crowded = cv2.blur(several.astype(np.float32)[None], (near, 1))[0] > _CROWDED
    seen = trace.with_air()
    return [
        # The first and the last letter may be upright strokes, which cross nothing.
        seen.part(max(start - near, 0) / length, min(end + near, length) / length).slice(
            *_rows(ink[:, start:end][:, several[start:end]])
        )
        for start, end in _runs(crowded)
        if end - start >= _SHORTEST * high
    ]


def _ink(colour: Bytes, line: Line) -> Bytes:
    """Return a straightened line with ones where there is ink."""
    height = round(min(max(line.across, _HIGH[0]), _HIGH[1]))
    # The brightest channel: there the coloured lines of a printed grid are nearly white.
    levels = cut_out(colour, line, height=height).max(axis=2)
    _, bright = cv2.threshold(levels, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    # Ink is what there is less of.
    return np.asarray(bright if bright.mean() * 2 < 1 else 1 - bright, np.uint8)


def _strokes(ink: Bytes) -> npt.NDArray[np.intp]:
    """Return by column how many strokes there are, one above the other."""
    begun = np.diff(np.pad(ink.astype(np.int8), ((1, 0), (0, 0))), axis=0) > 0
    return np.asarray(begun.sum(axis=0), np.intp)


def _rows(ink: Bytes) -> tuple[float, float]:
    """Return between which heights, from 0 to 1, most ink lies, with some air."""
    share = np.cumsum(ink.sum(axis=1)) / max(int(ink.sum()), 1)
    top, bottom = np.searchsorted(share, (_OUTLIERS, 1 - _OUTLIERS)) / len(share)
    air = _AIR * (bottom - top)
    return max(float(top - air), 0.0), min(float(bottom + air), 1.0)


def _runs(wanted: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of an array that are true, as first and one behind the last."""
    edges = np.flatnonzero(np.diff(np.pad(wanted.astype(np.int8), 1)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
