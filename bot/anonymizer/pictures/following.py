"""Follows a faint line beyond the stretch in which it was found."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from bot.anonymizer.pictures.arrays import Bytes
from bot.anonymizer.pictures.lines import Line, cut_out
from bot.anonymizer.pictures.reading import Reading

_FAINT: Final = 85.0
"""Grey levels from the darkest to the brightest point of a column, in the median column of a line."""
_SURE: Final = 0.6
_NEXT: Final = 1.7
"""Heights of a line within which the next letter follows."""
_LETTER: Final = 0.55
"""Heights of a line that a letter takes behind the place where it begins."""


def is_faint(colour: Bytes, line: Line) -> bool:
    """Say whether writing hardly stands out from its ground."""
    grey = cv2.cvtColor(cut_out(colour, line, height=24), cv2.COLOR_RGB2GRAY)
    return bool(np.median(np.ptp(grey, axis=0)) < _FAINT)


def followed(line: Line, longer: Line, reading: Reading) -> tuple[Line, Reading] | None:
    """Return a line as far as letters follow each other, with its reading; None when it was all found.

    `reading` is that of the `longer` line, which has the same middle.
    """
    seen = longer.with_air().along
    places = [(place - 0.5) * seen for place in reading.places]
    sure = [
        index
        for index, letter in enumerate(reading.letters)
        if letter >= _SURE and not reading.text[index].isspace()
    ]
    inside = [index for index in sure if abs(places[index]) <= line.along / 2]
    if not inside:
        return None
    first, last = inside[0], inside[-1]
    reach = _NEXT * line.across
    for index in sure[sure.index(last) + 1 :]:
        if abs(places[index] - places[last]) > reach:
            break
        last = index
    for index in reversed(sure[: sure.index(first)]):
        if abs(places[index] - places[first]) > reach:
            break
        first = index
    if first == inside[0] and last == inside[-1]:
        return None
    low, high = sorted((places[first], places[last]))
    start = min(low - 0.2 * line.across, -line.along / 2)
    end = max(high + _LETTER * line.across, line.along / 2)
    return _stretch(line, start, end), _words(reading, first, last, (start, end), seen)


def _stretch(line: Line, start: float, end: float) -> Line:
    whole = replace(line, along=2 * max(abs(start), abs(end)))
    return whole.part(start / whole.along + 0.5, end / whole.along + 0.5)


def _words(reading: Reading, first: int, last: int, span: tuple[float, float], seen: float) -> Reading:
    letters = slice(first, last + 1)
    start, end = span
    places = tuple(((place - 0.5) * seen - start) / (end - start) for place in reading.places[letters])
    sure = reading.letters[letters]
    return Reading(reading.text[letters], sum(sure) / len(sure), places, sure)
