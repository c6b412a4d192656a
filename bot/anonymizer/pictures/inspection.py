"""Finds text, codes and faces to cover in the pixels of a picture; then looks again at what that leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.anonymizer.pictures import models
from bot.anonymizer.pictures.arrays import Bytes, Floats
from bot.anonymizer.pictures.cleaned import Box, PictureRefused
from bot.anonymizer.pictures.covering import Patch, boxes_of, cover
from bot.anonymizer.pictures.faces import Face, FaceFinder
from bot.anonymizer.pictures.following import is_faint
from bot.anonymizer.pictures.joining import COVERED, joined
from bot.anonymizer.pictures.lines import Line
from bot.anonymizer.pictures.network import Hands
from bot.anonymizer.pictures.pieces import Piece, Verdict
from bot.anonymizer.pictures.segments import segments
from bot.anonymizer.pictures.writing import SECOND_LOOKS, Writing

_MARGIN: Final = 0.1
"""Share of a line's height added before and behind it; above and below the finder leaves air enough."""
_MARGIN_FAINT: Final = 0.8
"""The same for faint lines, whose last letters are often not seen."""
_SURE_AGAIN: Final = 0.75
"""Likelihood from which a line that only the second look sees is covered without having been read."""
_LOOKS_AGAIN: Final = 3
"""How often the covered picture is looked at again before it is given up."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is to be covered, and the names of checks that broke off."""

    boxes: tuple[Box, ...]
    failed: tuple[str, ...]


class Inspector:
    """The checks of the pixels that are installed, with their networks loaded once a process."""

    def __init__(self, checks: Sequence[str], hands: int) -> None:
        self._codes = _code_finder() if "codes" in checks else None
        finder, reader, faces = (models.model_file(task) for task in ("find text", "read text", "find faces"))
        with_text = "burned-in text" in checks
        self._hands = Hands(hands)
        self._writing = Writing(finder, reader, self._hands) if with_text and finder and reader else None
        self._faces = FaceFinder(faces, self._hands) if "faces" in checks and faces else None

    def inspect(self, colour: Bytes, names: frozenset[str]) -> Inspected:
        """Return what is to be covered; PictureRefused when some of what identifies would stay legible.

        A check that breaks off is named in `failed`; the others still run.
        """
        patches: list[Patch] = []
        failed = []
        for check, find in (("codes", self._code_patches), ("faces", self._face_patches)):
            try:
                patches += find(colour)
            except Exception as error:  # noqa: BLE001 (whatever broke, the check did not run, and that is said)
                failed.append(_broken(check, error))
        try:
            boxes = self._with_text(colour, names, patches)
        except Exception as error:  # noqa: BLE001 (as above)
            failed.append(_broken("burned-in text", error))
            boxes = boxes_of(_size(colour), patches)
        return Inspected(tuple(boxes), tuple(failed))

    def _code_patches(self, colour: Bytes) -> list[Patch]:
        return [Patch(corners, "code") for corners in self._codes(colour)] if self._codes else []

    def _face_patches(self, colour: Bytes) -> list[Patch]:
        return [Patch(_corners(face), "face") for face in self._faces.find(colour)] if self._faces else []

    def _with_text(self, colour: Bytes, names: frozenset[str], patches: list[Patch]) -> list[Box]:
        if self._writing is None:
            return boxes_of(_size(colour), patches)
        return _with_text(self._writing, colour, names, patches)


def _broken(check: str, error: Exception) -> str:
    """Return the check's name, but raise what is an answer about the picture and not about the check."""
    if isinstance(error, PictureRefused | MemoryError):
        raise error
    return check


def _code_finder() -> Callable[[Bytes], list[Floats]]:
    from bot.anonymizer.pictures.codes import find_codes  # noqa: PLC0415 (its library may be missing)

    return find_codes


def _corners(face: Face) -> Floats:
    left, top, right, bottom = face.left, face.top, face.right, face.bottom
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float32)


def _size(colour: Bytes) -> tuple[int, int]:
    return colour.shape[1], colour.shape[0]


def _with_text(writing: Writing, colour: Bytes, names: frozenset[str], patches: list[Patch]) -> list[Box]:
    """Return the boxes of `patches` and of identifying text, until nothing legible is left under them."""
    pieces = _settled(writing.find(colour, names), names)
    clinical = [piece.line for piece in pieces if piece.verdict is Verdict.CLINICAL]
    patches += _patches(colour, pieces)
    boxes = boxes_of(_size(colour), patches, [line.corners() for line in clinical])
    for _ in range(_LOOKS_AGAIN):
        covered = cover(colour, boxes)
        seen = _settled(writing.find(covered, names, SECOND_LOOKS, clinical), names)
        left = [
            patch for patch in _patches(covered, seen, unread=_SURE_AGAIN) if not _is_filled(patch, patches)
        ]
        patches += left
        boxes += boxes_of(_size(colour), left)
        if not any(patch.kind == "text" for patch in left):
            return boxes
    raise PictureRefused(
        "self_check",
        "Text that may identify somebody stayed legible after covering, so the picture is withheld; "
        "send a copy without it.",
    )


def _settled(pieces: Sequence[Piece], names: frozenset[str]) -> list[Piece]:
    return joined([part for piece in pieces for part in segments(piece, names)])


def _patches(colour: Bytes, pieces: Sequence[Piece], unread: float = 0.0) -> list[Patch]:
    """Return what is to be filled; what cannot be read counts from a likelihood of `unread`."""
    return [
        Patch(_with_margin(colour, piece.line).corners(), COVERED[piece.verdict])
        for piece in pieces
        if piece.verdict in COVERED
        and (piece.verdict is not Verdict.UNREAD or piece.line.likelihood >= unread)
    ]


def _with_margin(colour: Bytes, line: Line) -> Line:
    return line.lengthened(_MARGIN_FAINT if is_faint(colour, line) else _MARGIN)


def _is_filled(patch: Patch, patches: Sequence[Patch]) -> bool:
    """Say whether the middle of a patch lies in one that is filled already: it is the fill's own edge."""
    x, y = patch.corners.mean(axis=0)
    return any(
        (other.corners.min(axis=0) <= (x, y)).all() and ((x, y) <= other.corners.max(axis=0)).all()
        for other in patches
    )
