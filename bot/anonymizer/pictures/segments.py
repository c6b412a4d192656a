"""Takes apart a line that sets clinical words beside identifying ones with a wide gap between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from bot.anonymizer.pictures.clinical import is_clinical, is_measured
from bot.anonymizer.pictures.pieces import Piece, Verdict

_WIDE: Final = 2.6
"""Widths of a letter from one start to the next that part two things rather than two words."""


def segments(piece: Piece, names: frozenset[str]) -> list[Piece]:
    """Return an identifying line as its parts: clinical ones that plainly are, and the rest."""
    if piece.verdict is not Verdict.IDENTIFYING:
        return [piece]
    parts = [_part(piece, start, end, names) for start, end in _stretches(piece)]
    return parts if any(part.verdict is Verdict.CLINICAL for part in parts) else [piece]


def _stretches(piece: Piece) -> Iterator[tuple[int, int]]:
    """Yield the letters between wide gaps, as first and one behind the last."""
    text, places = piece.reading.text, piece.reading.places
    letters = [index for index, letter in enumerate(text) if not letter.isspace()]
    steps = np.abs(np.diff([places[index] for index in letters]))
    if not len(steps):
        return
    width, start = float(np.median(steps)), letters[0]
    for step, before, after in zip(steps, letters, letters[1:], strict=False):
        if after > before + 1 and step > _WIDE * width:
            yield start, before + 1
            start = after
    yield start, letters[-1] + 1


def _part(piece: Piece, start: int, end: int, names: frozenset[str]) -> Piece:
    text, places = piece.reading.text[start:end], piece.reading.places
    last = len(piece.reading.text)
    from_ = 0.0 if start == 0 else (places[start] * 2 + places[max(start - 1, 0)]) / 3
    to = 1.0 if end >= last else (places[min(end, last - 1)] + places[end - 1]) / 2
    if places[-1] < places[0]:
        from_, to = (1.0 if start == 0 else from_), (0.0 if end >= last else to)
    clinical = is_clinical(text, names=names) and is_measured(text)
    return replace(
        piece,
        line=piece.line.part(min(from_, to), max(from_, to)),
        reading=replace(piece.reading, text=text, places=places[start:end]),
        verdict=Verdict.CLINICAL if clinical else Verdict.IDENTIFYING,
    )
