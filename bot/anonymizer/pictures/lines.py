"""Lines of writing as tilted rectangles, cut out of a map of likelihoods."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from bot.anonymizer.pictures.arrays import Bytes, Floats

_LIKELY: Final = 0.3
_SURE: Final = 0.45
"""Mean likelihood of a line's core below which it is taken for texture."""
_SMALLEST: Final = 3.0
"""Pixels of the shorter side of a core; the network's finest step."""
_GROWTH: Final = 1.7
"""How much larger the writing is than its core, as the network was trained: grown area over core area."""
_AIR: Final = 0.3
"""Share of a line's height added to its length before reading."""
_MOST: Final = 600
_PATCH: Final = 0.012
"""Share of the picture above which a compact core is no writing."""
_LONG: Final = 4.0
"""Longer over shorter side from which a core of any size may be a line."""
_SQUARE: Final = 1.9
"""Longer over shorter side of a core below which it is read as one to three upright letters."""


@dataclass(frozen=True, slots=True)
class Line:
    """A tilted rectangle around writing: centre, extent along and across, angle in degrees, likelihood."""

    x: float
    y: float
    along: float
    across: float
    angle: float
    likelihood: float

    @property
    def area(self) -> float:
        """Return the area in square pixels."""
        return self.along * self.across

    def part(self, start: float, end: float) -> Line:
        """Return the stretch between two places along the line, from 0 to 1."""
        shift, turn = ((start + end) / 2 - 0.5) * self.along, math.radians(self.angle)
        x, y = self.x + shift * math.cos(turn), self.y + shift * math.sin(turn)
        return replace(self, x=x, y=y, along=max(self.along * (end - start), 1.0))

    def lengthened(self, heights: float) -> Line:
        """Return the line with so many of its heights more at each end."""
        return replace(self, along=self.along + 2 * heights * self.across)

    def holds(self, x: float, y: float) -> bool:
        """Say whether a point lies inside."""
        turn = math.radians(self.angle)
        along = (x - self.x) * math.cos(turn) + (y - self.y) * math.sin(turn)
        across = (y - self.y) * math.cos(turn) - (x - self.x) * math.sin(turn)
        return abs(along) <= self.along / 2 and abs(across) <= self.across / 2

    def with_air(self) -> Line:
        """Return the line as it is read, a little longer: thin first letters lie at the very edge."""
        return replace(self, along=self.along + _AIR * min(self.across, self.along))

    def corners(self, *, margin: float = 0.0) -> Floats:
        """Return four corners, clockwise from the start of the writing, `margin` pixels outside."""
        half_along, half_across = self.along / 2 + margin, self.across / 2 + margin
        turn = math.radians(self.angle)
        along = np.array([math.cos(turn), math.sin(turn)]) * half_along
        across = np.array([-math.sin(turn), math.cos(turn)]) * half_across
        centre = np.array([self.x, self.y])
        points = [
            centre - along - across,
            centre + along - across,
            centre + along + across,
            centre - along + across,
        ]
        return np.array(points, np.float32)


def without_patches(likelihood: Floats) -> Floats:
    """Return the map without large compact patches: skulls, lungs, fundi that look like a giant letter."""
    contours, _ = cv2.findContours(
        (likelihood > _LIKELY).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE
    )
    kept = likelihood.copy()
    for contour in contours:
        sides = sorted(cv2.minAreaRect(contour)[1])
        if sides[0] * sides[1] > _PATCH * likelihood.size and sides[1] < _LONG * sides[0]:
            cv2.drawContours(kept, [contour], -1, 0.0, cv2.FILLED)
    return kept


def lines_in(likelihood: Floats, *, likely: float = _LIKELY, sure: float = _SURE) -> list[Line]:
    """Return the lines of a map, the likeliest first, at most a few hundred."""
    core = cv2.dilate((likelihood > likely).astype(np.uint8), np.ones((2, 2), np.uint8))
    contours, _ = cv2.findContours(core, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = [line for contour in contours if (line := _line(contour, likelihood)) and line.likelihood >= sure]
    return sorted(found, key=lambda line: -line.likelihood)[:_MOST]


def _line(contour: np.ndarray, likelihood: Floats) -> Line | None:
    core = cv2.minAreaRect(contour)
    if min(core[1]) < _SMALLEST:
        return None
    along, across, angle = _lying(np.asarray(cv2.boxPoints(core), np.float32))
    grow = along * across * _GROWTH / (along + across)
    x, y = core[0]
    return Line(x, y, along + grow, across + grow, angle, _mean_inside(contour, likelihood))


def _lying(corners: Floats) -> tuple[float, float, float]:
    """Return the sides and the angle of writing: along the longer side, or level when nearly square."""
    edges = [corners[1] - corners[0], corners[2] - corners[1]]
    lengths = [float(np.linalg.norm(edge)) for edge in edges]
    angles = [(math.degrees(math.atan2(edge[1], edge[0])) + 89.99) % 180 - 89.99 for edge in edges]
    square = max(lengths) < _SQUARE * min(lengths)
    first = abs(angles[0]) <= abs(angles[1]) if square else lengths[0] >= lengths[1]
    return (lengths[0], lengths[1], angles[0]) if first else (lengths[1], lengths[0], angles[1])


def _mean_inside(contour: np.ndarray, likelihood: Floats) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [contour - np.array([left, top])], 1)
    return float(cv2.mean(likelihood[top : top + height, left : left + width], mask)[0])


def cut_out(colour: Bytes, line: Line, *, height: int, turned: int = 0) -> Bytes:
    """Return the writing of a line straightened to `height` pixels, after quarter turns clockwise."""
    corners = np.roll(line.with_air().corners(), turned % 4, axis=0)
    along = float(np.linalg.norm(corners[1] - corners[0]))
    across = max(float(np.linalg.norm(corners[3] - corners[0])), 1.0)
    width = max(round(along * height / across), 4)
    straight = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, straight)
    cut = cv2.warpPerspective(
        colour, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(cut, np.uint8)
