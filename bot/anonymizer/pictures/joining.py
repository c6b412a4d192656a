"""Joins what belongs to one line: faint writing is often found in pieces, with a gap in mid-word."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.anonymizer.pictures.cleaned import BoxKind
from bot.anonymizer.pictures.clinical import is_measured
from bot.anonymizer.pictures.lines import Line
from bot.anonymizer.pictures.pieces import Piece, Verdict

COVERED: Final[dict[Verdict, BoxKind]] = {Verdict.IDENTIFYING: "text", Verdict.UNREAD: "unreadable text"}
"""The verdicts that lead to a box, with its kind."""
_NEAR: Final = 1.3
"""Heights of a line between two pieces of one line."""
_CLOSE: Final = 0.5
"""The same when the other piece is clinical by itself."""
_ALIKE: Final = 1.9
_TILT: Final = 12.0
_BESIDE: Final = 0.45


@dataclass(frozen=True, slots=True)
class Gap:
    """How two pieces stand to each other along the first, in pixels; `apart` is negative on overlap."""

    apart: float
    aside: float


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces: specks and bare numbers beside a covered one are covered too, gaps bridged."""
    result = list(pieces)
    changed = True
    while changed:
        changed = False
        for index, piece in enumerate(result):
            if _may_belong(piece) and any(
                _touches(other, piece) for other in result if other.verdict in COVERED
            ):
                result[index] = replace(piece, verdict=Verdict.IDENTIFYING)
                changed = True
    return result + _bridges([piece for piece in result if piece.verdict in COVERED])


def _may_belong(piece: Piece) -> bool:
    if piece.verdict is Verdict.SPECK:
        return True
    return piece.verdict is Verdict.CLINICAL and not is_measured(piece.reading.text)


def _touches(one: Piece, other: Piece) -> bool:
    gap = _gap(one.line, other.line)
    high = min(one.line.across, other.line.across)
    if max(one.line.across, other.line.across) > _ALIKE * high or abs(gap.aside) > _BESIDE * high:
        return False
    unsure = other.verdict is Verdict.SPECK or other.verdict in COVERED
    return gap.apart < (_NEAR if unsure else _CLOSE) * high


def _gap(one: Line, other: Line) -> Gap:
    turn = math.radians(one.angle)
    x, y = other.x - one.x, other.y - one.y
    along, aside = x * math.cos(turn) + y * math.sin(turn), -x * math.sin(turn) + y * math.cos(turn)
    lean = math.radians(other.angle - one.angle)
    half = (abs(math.cos(lean)) * other.along + abs(math.sin(lean)) * other.across) / 2
    return Gap(abs(along) - one.along / 2 - half, aside)


def _bridges(covered: Sequence[Piece]) -> list[Piece]:
    """Return a covered stretch for every gap between two covered pieces of one line."""
    bridges = []
    for index, one in enumerate(covered):
        for other in covered[index + 1 :]:
            lean = abs((one.line.angle - other.line.angle + 90) % 180 - 90)
            if lean <= _TILT and _touches(one, other) and _gap(one.line, other.line).apart > 0:
                bridges.append(replace(one, line=_between(one.line, other.line), verdict=Verdict.IDENTIFYING))
    return bridges


def _between(one: Line, other: Line) -> Line:
    high = max(one.across, other.across)
    angle = math.degrees(math.atan2(other.y - one.y, other.x - one.x))
    reach = math.hypot(other.x - one.x, other.y - one.y)
    return Line((one.x + other.x) / 2, (one.y + other.y) / 2, reach, high, angle, one.likelihood)
