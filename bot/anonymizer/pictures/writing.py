"""Finds burned-in writing and reads it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bot.anonymizer.pictures import looks
from bot.anonymizer.pictures.arrays import Bytes, Floats
from bot.anonymizer.pictures.following import followed, is_faint
from bot.anonymizer.pictures.lines import Line, cut_out, lines_in, without_patches
from bot.anonymizer.pictures.looks import Look
from bot.anonymizer.pictures.network import Hands
from bot.anonymizer.pictures.pieces import READ_WELL, Piece, Verdict, is_stroke, verdict
from bot.anonymizer.pictures.reading import HEIGHT, NOTHING, Reader, Reading
from bot.anonymizer.pictures.text_map import TextMap

_BEYOND: Final = 5.0
"""Heights of a line by which a faint line is followed beyond each end."""
_STEEP: Final = 45.0
_INNER: Final = 0.65
"""Likelihood of a pixel that is writing inside a texture."""
_INNER_READ: Final = 0.85
_INNER_LETTERS: Final = 3
_MOST_INNER: Final = 40
_LARGEST_INNER: Final = 0.02

_SMALLER: Final = 0.7
"""Share of the size at which flattened copies are looked at: there faint writing is found more often."""
FIRST_LOOKS: Final = (Look(looks.plain), Look(looks.flattened, _SMALLER))
"""The first look is taken on the picture as it is, and flattened so that faint print stands out."""
SECOND_LOOKS: Final = (Look(looks.cleared, _SMALLER),)
"""The covered picture is looked at through other eyes."""


class Writing:
    """Finds and reads writing; loaded once a process."""

    def __init__(self, finder: Path, reader: Path, hands: Hands) -> None:
        self._map = TextMap(finder, hands)
        self._reader = Reader(reader, hands)

    def find(
        self,
        colour: Bytes,
        names: frozenset[str],
        through: Sequence[Look] = FIRST_LOOKS,
        known: Sequence[Line] = (),
    ) -> list[Piece]:
        """Return every piece of writing with its verdict, but for what lies in `known` lines.

        `names` are folded words that never stay.
        """
        maps = [_as_large(rated, colour) for rated in self._map.rate([look.of(colour) for look in through])]
        rated = np.max([without_patches(rated) for rated in maps], axis=0)
        lines = [line for line in lines_in(rated) if not any(other.holds(line.x, line.y) for other in known)]
        pieces = self._judged(colour, self._read(colour, lines), names)
        writing = [piece.line for piece in pieces if piece.verdict is not Verdict.TEXTURE]
        inner = self._inner(colour, np.max(maps, axis=0), [*writing, *known])
        return [piece for piece in pieces if piece.verdict is not Verdict.TEXTURE] + self._judged(
            colour, inner, names
        )

    def _judged(
        self, colour: Bytes, read: Sequence[tuple[Line, Reading]], names: frozenset[str]
    ) -> list[Piece]:
        pixels = colour.shape[0] * colour.shape[1]
        sure = [line.angle for line, reading in read if reading.likelihood >= READ_WELL and reading.count > 3]
        return [Piece(line, reading, verdict(line, reading, pixels, names, sure)) for line, reading in read]

    def _inner(self, colour: Bytes, rated: Floats, known: Sequence[Line]) -> list[tuple[Line, Reading]]:
        """Return lines that a texture swallowed: the surest places of the map that can be read well."""
        pixels = colour.shape[0] * colour.shape[1]
        lines = [
            line
            for line in lines_in(rated, likely=_INNER, sure=_INNER)
            if line.area < _LARGEST_INNER * pixels and not any(other.holds(line.x, line.y) for other in known)
        ]
        read = self._read(colour, lines[:_MOST_INNER])
        return [
            (line, reading)
            for line, reading in read
            if reading.likelihood >= _INNER_READ
            and reading.count >= _INNER_LETTERS
            and not is_stroke(reading)
        ]

    def _read(self, colour: Bytes, lines: Sequence[Line]) -> list[tuple[Line, Reading]]:
        """Read lines, those that were not read well in the flattened copy too, and follow faint ones."""
        read = list(zip(lines, self._best(colour, lines, [NOTHING] * len(lines)), strict=True))
        poor = [index for index, (_, reading) in enumerate(read) if _is_poor(reading)]
        faint = [index for index, (line, _) in enumerate(read) if is_faint(colour, line)]
        if not poor and not faint:
            return read
        flat = looks.flattened(colour)
        again = self._best(flat, [lines[i] for i in poor], [read[i][1] for i in poor])
        for index, reading in zip(poor, again, strict=True):
            read[index] = (lines[index], reading)
        return self._followed(flat, read, [index for index in faint if read[index][1].count > 1])

    def _followed(
        self, flat: Bytes, read: list[tuple[Line, Reading]], faint: Sequence[int]
    ) -> list[tuple[Line, Reading]]:
        """Follow faint lines beyond both ends: the reader often sees letters where the finder saw none."""
        longer = [read[index][0].lengthened(_BEYOND) for index in faint]
        readings = self._best(flat, longer, [NOTHING] * len(longer))
        for index, line, reading in zip(faint, longer, readings, strict=True):
            read[index] = followed(read[index][0], line, reading) or read[index]
        return read

    def _best(self, colour: Bytes, lines: Sequence[Line], sofar: Sequence[Reading]) -> list[Reading]:
        """Read every line in each direction it may run; the surest reading that says something wins."""
        ways = [(index, turned) for index, line in enumerate(lines) for turned in _directions(line)]
        cuts = [cut_out(colour, lines[index], height=HEIGHT, turned=turned) for index, turned in ways]
        best = list(sofar)
        for (index, turned), reading in zip(ways, self._reader.read(cuts), strict=True):
            if reading.weight > best[index].weight:
                best[index] = reading if turned == 0 else reading.reversed()
        return best


def _as_large(rated: Floats, colour: Bytes) -> Floats:
    if rated.shape == colour.shape[:2]:
        return rated
    return np.asarray(cv2.resize(rated, (colour.shape[1], colour.shape[0])), np.float32)


def _is_poor(reading: Reading) -> bool:
    return reading.likelihood < READ_WELL or not reading.count


def _directions(line: Line) -> tuple[int, ...]:
    """Return the quarter turns in which a line may be upright; `Line` runs along its longer side or level."""
    return (0, 2) if abs(line.angle) > _STEEP else (0,)
