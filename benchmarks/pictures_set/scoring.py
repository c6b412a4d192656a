"""Scores cleaned pictures against labels: what had to go is filled, what had to stay can be seen."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Mask = npt.NDArray[np.uint8]

_DESTROYED: Final = 0.9
"""Share of a line's outline that must be filled for the line to count as gone."""
_TOUCHED: Final = 0.1
"""Share of a clinical line's outline from which it counts as lost."""
_AIR: Final = 13
"""Pixels around what had to go that do not count as covered in excess."""
_FACE_AIR: Final = 0.4
_FACE_GONE: Final = 0.6


@dataclass(slots=True)
class Tally:
    """Hits and totals of one style of text."""

    gone: int = 0
    identifying: int = 0
    kept: int = 0
    clinical: int = 0


@dataclass(slots=True)
class Scores:
    """What a run over many pictures adds up to."""

    styles: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    excess: list[tuple[float, str]] = field(default_factory=list)
    """Percent of the area covered for nothing, with the picture's name."""
    clean_files: int = 0
    files: int = 0
    faces: int = 0
    faces_gone: int = 0
    missed: list[tuple[str, str, str, float]] = field(default_factory=list)
    lost: list[tuple[str, str, str, float]] = field(default_factory=list)

    def add(self, name: str, filled: Mask, texts: list[dict[str, Any]], faces: list[list[float]]) -> None:
        """Score one picture; `texts` have text, phi, style and quad, `faces` four numbers, in its pixels."""
        meant = np.zeros_like(filled)
        clean = True
        for text in texts:
            clean &= self._text(name, filled, text, meant)
        for box in faces:
            clean &= self._face(filled, box, meant)
        meant = np.asarray(cv2.dilate(meant, np.ones((_AIR, _AIR), np.uint8)), np.uint8)
        self.excess.append((float((filled & (meant == 0)).mean() * 100), name))
        self.files += 1
        self.clean_files += clean

    def _text(self, name: str, filled: Mask, text: dict[str, Any], meant: Mask) -> bool:
        outline = np.zeros_like(filled)
        cv2.fillPoly(outline, [np.round(np.array(text["quad"])).astype(np.int32)], 1)
        share = float(filled[outline > 0].mean()) if outline.any() else 1.0
        tally = self.styles[text["style"]]
        row = (name, text["style"], text["text"], round(share, 2))
        if not text["phi"]:
            tally.clinical += 1
            tally.kept += share < _TOUCHED
            if share >= _TOUCHED:
                self.lost.append(row)
            return True
        meant |= outline
        tally.identifying += 1
        tally.gone += share >= _DESTROYED
        if share < _DESTROYED:
            self.missed.append(row)
        return share >= _DESTROYED

    def _face(self, filled: Mask, box: list[float], meant: Mask) -> bool:
        left, top, right, bottom = box
        aside, above = (right - left) * _FACE_AIR, (bottom - top) * _FACE_AIR
        rows = slice(max(int(top - above), 0), int(bottom + above) + 1)
        meant[rows, max(int(left - aside), 0) : int(right + aside) + 1] = 1
        gone = filled[int(top) : int(bottom) + 1, int(left) : int(right) + 1].mean() >= _FACE_GONE
        self.faces += 1
        self.faces_gone += bool(gone)
        return bool(gone)

    def figures(self) -> dict[str, Any]:
        """Return the figures of the run; shares are between 0 and 1, areas in percent."""
        faint = self.styles.get("low-contrast", Tally())
        gone, identifying = (
            sum(getattr(t, n) for t in self.styles.values()) for n in ("gone", "identifying")
        )
        kept, clinical = (sum(getattr(t, n) for t in self.styles.values()) for n in ("kept", "clinical"))
        return {
            "files": self.files,
            "identifying lines": identifying,
            "burned-in recall": _share(gone, identifying),
            "without low contrast": _share(gone - faint.gone, identifying - faint.identifying),
            "low contrast alone": _share(faint.gone, faint.identifying),
            "files fully clean": _share(self.clean_files, self.files),
            "clinical lines": clinical,
            "clinical text kept": _share(kept, clinical),
            "covered in excess, mean percent": round(float(np.mean([e for e, _ in self.excess])), 3),
            "covered in excess, most percent": round(max(self.excess)[0], 2),
            "faces": f"{self.faces_gone} of {self.faces}",
        }


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def filled_mask(output: npt.NDArray[np.uint8], boxes: list[dict[str, Any]]) -> Mask:
    """Return where a cleaned picture is filled: inside a reported box, and of one solid black or white."""
    solid = (output <= 8).all(axis=2) | (output >= 247).all(axis=2)
    inside = np.zeros(output.shape[:2], bool)
    for box in boxes:
        rows = slice(box["top"], box["top"] + box["height"])
        inside[rows, box["left"] : box["left"] + box["width"]] = True
    return (solid & inside).astype(np.uint8)
