"""What was found as writing, what it says, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bot.anonymizer.pictures.clinical import is_clinical
from bot.anonymizer.pictures.lines import Line
from bot.anonymizer.pictures.reading import Reading

_READ: Final = 0.6
"""Mean likelihood of letters from which a line counts as read."""
_READ_FOREIGN: Final = 0.8
"""The same for letters beyond ASCII: of thousands of signs the reader finds some in any texture."""
READ_WELL: Final = 0.9
"""Below this a line is read a second time, in the flattened copy."""
_STUBBY: Final = 1.9
_STRETCHED: Final = 2.5
_LARGE: Final = 0.02
"""Share of the picture above which three letters or fewer are texture."""
_VERY_LARGE: Final = 0.04
"""Share of the picture above which what cannot be read is texture."""
_DOUBTFUL: Final = 0.75
"""Likelihood below which an unread line is texture, unless it is small or lies as other lines do."""
_SMALL: Final = 0.005
_ZIGZAG: Final = frozenset("NVWMAUIJLKYXTHnvwmuljrhbiPD1/\\|^~-–—_.,';:入人八个一二三ヘへ∧∨√〉〈 ")
"""What a reader makes of traces, edges and grids."""
_STROKES: Final = frozenset("一二三入人八个ヘへ∧∨√〉〈—")
"""Signs of one to three strokes, which no name consists of alone."""

_SLANTS: Final = frozenset("/\\|^~-–—_∧∨√〉〈")
"""Signs without letters that traces and edges look like."""


class Verdict(Enum):
    """What becomes of a line."""

    CLINICAL = "clinical"
    IDENTIFYING = "identifying"
    UNREAD = "unread"
    SPECK = "speck"
    TEXTURE = "texture"


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of writing with its reading and its verdict. The reading never leaves the worker."""

    line: Line
    reading: Reading
    verdict: Verdict


def verdict(
    line: Line, reading: Reading, pixels: int, names: frozenset[str], angles: Sequence[float]
) -> Verdict:
    """Return what becomes of a line in a picture of so many pixels, whose well-read lines lie at `angles`."""
    share, letters = line.area / pixels, reading.count
    if is_stroke(reading):
        long = line.along > _STRETCHED * line.across
        return Verdict.TEXTURE if long or share > _LARGE else Verdict.SPECK
    if share > _LARGE and letters <= 3:
        return Verdict.TEXTURE
    if letters and reading.likelihood >= (_READ if reading.text.isascii() else _READ_FOREIGN):
        return Verdict.CLINICAL if is_clinical(reading.text, names=names) else Verdict.IDENTIFYING
    if share > _VERY_LARGE or (line.likelihood < _DOUBTFUL and share > _SMALL and not _lies_as(line, angles)):
        return Verdict.TEXTURE
    return Verdict.SPECK if line.along < _STUBBY * line.across else Verdict.UNREAD


def is_stroke(reading: Reading) -> bool:
    """Say whether a reading is what edges and traces look like: zigzag letters, none of them sure."""
    text = reading.text.replace(" ", "")
    if not text:
        return False
    if set(text) <= _STROKES:
        return True
    if not any(map(str.isalnum, text)) and not set(text) <= _SLANTS:
        # Dots and colons alone are what is left of letters that the reader does not know.
        return False
    others = sum(letter not in _ZIGZAG for letter in text)
    return reading.likelihood < READ_WELL and others <= 0.15 * len(text)


def _lies_as(line: Line, angles: Sequence[float]) -> bool:
    """Say whether a line is level, or upright, or tilted as one that was read well."""
    tilts = [0.0, 90.0, *angles]
    return any(abs((line.angle - tilt + 90) % 180 - 90) < 6 for tilt in tilts)
