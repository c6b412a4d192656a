"""Finds QR and bar codes of all common kinds, read or not: a code on a wristband says more than its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
import zxingcpp

from bot.anonymizer.pictures.arrays import Bytes, Floats

_MARGIN: Final = 0.08
"""Share of a code's size added around it; finders report the centres of the outermost modules."""
_FLAT: Final = 0.15
"""Height over length up to which a find is one row of pixels through bars, whose real height is unknown."""
_SMALLEST: Final = 12.0
_TILTS: Final = (0.0, 18.0, -18.0, 36.0, -36.0)
"""Degrees by which the picture is turned for the decoder, which reads bars along rows and columns only."""
_TRUSTED_UNREAD: Final = frozenset({"QR Code", "Micro QR Code", "Code 128", "Code 39"})
"""Kinds whose shape alone is proof; others are seen in noise and count only when they could be read."""


def find_codes(colour: Bytes) -> list[Floats]:
    """Return the four corners of every code, with a small margin."""
    grey = np.asarray(cv2.cvtColor(colour, cv2.COLOR_RGB2GRAY), np.uint8)
    detectors = (cv2.QRCodeDetector(), cv2.barcode.BarcodeDetector())
    found = [corners for detector in detectors for corners in _by_shape(detector, grey)]
    for tilt in _TILTS:
        found += [corners for corners in _by_decoding(grey, tilt) if not _inside(corners, found)]
    return [_grown(corners) for corners in found if _plausible(corners, grey.shape)]


def _by_decoding(grey: Bytes, tilt: float) -> Iterator[Floats]:
    height, width = grey.shape
    there = np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), tilt, 1.0), np.float32)
    turned = cv2.warpAffine(grey, there, (width, height), borderValue=128) if tilt else grey
    back = np.asarray(cv2.invertAffineTransform(there), np.float32)
    for code in zxingcpp.read_barcodes(turned, return_errors=True):
        if code.valid or str(code.format) in _TRUSTED_UNREAD:
            place = code.position
            points = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
            corners = np.array([(point.x, point.y, 1.0) for point in points], np.float32)
            yield corners @ back.T


def _by_shape(detector: cv2.QRCodeDetector | cv2.barcode.BarcodeDetector, grey: Bytes) -> Iterator[Floats]:
    seen, corners = detector.detectMulti(grey)
    if seen and corners is not None:
        yield from np.asarray(corners, np.float32).reshape(-1, 4, 2)


def _inside(corners: Floats, others: list[Floats]) -> bool:
    x, y = corners.mean(axis=0).tolist()
    return any(
        cv2.pointPolygonTest(cv2.convexHull(other), (x, y), measureDist=False) >= 0 for other in others
    )


def _plausible(corners: Floats, shape: tuple[int, ...]) -> bool:
    spans = corners.max(axis=0) - corners.min(axis=0)
    inside = (corners > -max(shape)).all() and (corners < 2 * max(shape)).all()
    return bool(inside and max(spans) >= _SMALLEST and np.isfinite(corners).all())


def _grown(corners: Floats) -> Floats:
    """Return the smallest rectangle around the corners with the margin on every side."""
    (x, y), (width, height), angle = cv2.minAreaRect(corners.astype(np.float32))
    long, short = max(width, height), min(width, height)
    rim = 2 * _MARGIN * (short + long / 2)
    if short < _FLAT * long:
        rim = max(rim, _FLAT * long)
    return np.asarray(cv2.boxPoints(((x, y), (width + rim, height + rim), angle)), np.float32)
