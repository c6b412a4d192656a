"""The first frame of a DICOM file, as its window shows it. The data set stays behind."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut, apply_voi_lut
from pydicom.pixels.utils import pixel_array

from bot.anonymizer.pictures.cleaned import PictureRefused

_NO_PIXELS: Final = PictureRefused(
    "no_pixels",
    "This DICOM file is a report or a document, not a picture; send a screenshot of what matters.",
)
_COLOURS: Final = frozenset({"RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT"})


def read_header(blob: bytes, most_pixels: int) -> Dataset:
    """Return the data set, its pixels still packed; PictureRefused when it has none or announces too many."""
    dataset = dcmread(io.BytesIO(blob))
    rows, columns = _number(dataset, "Rows"), _number(dataset, "Columns")
    if "PixelData" not in dataset or rows < 1 or columns < 1:
        raise PictureRefused(_NO_PIXELS.code, _NO_PIXELS.sentence)
    if rows * columns > most_pixels:
        limit = most_pixels // 1_000_000
        raise PictureRefused(
            "too_big", f"This picture has more than {limit} million pixels; send a smaller copy."
        )
    return dataset


def frames(dataset: Dataset) -> int:
    """Return how many frames the file says it has."""
    return max(_number(dataset, "NumberOfFrames"), 1)


def first_frame(dataset: Dataset) -> Image.Image:
    """Return the first frame, 8 bits a channel; overlays, icons and further frames are never decoded."""
    stored = pixel_array(dataset, index=0)
    kind = str(dataset.PhotometricInterpretation)
    if kind == "PALETTE COLOR":
        return Image.fromarray(_eight(apply_color_lut(stored, dataset)))
    if stored.ndim == 3 or kind in _COLOURS:
        return Image.fromarray(_eight(stored))
    grey = _windowed(_values(stored, dataset), dataset)
    return Image.fromarray(255 - grey if kind == "MONOCHROME1" else grey)


def _number(dataset: Dataset, name: str) -> int:
    return int(dataset.get(name) or 0)


def _values(stored: np.ndarray[Any, Any], dataset: Dataset) -> np.ndarray[Any, Any]:
    """Return the measured values. Bits above those that are stored may hold an overlay and are cut off."""
    bits = _number(dataset, "BitsStored")
    if stored.dtype.kind == "u" and 0 < bits < stored.dtype.itemsize * 8:
        stored = stored & ((1 << bits) - 1)
    return np.asarray(apply_modality_lut(stored, dataset), np.float64)


def _windowed(values: np.ndarray[Any, Any], dataset: Dataset) -> np.ndarray[Any, Any]:
    """Return 8 bits as the first window of the file shows them, or over the whole range without a window."""
    if "VOILUTSequence" in dataset and "WindowCenter" not in dataset:
        return _eight(apply_voi_lut(values.astype(np.int32), dataset))
    centre, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    if centre is None or width is None or width < 1:
        return _eight(values)
    if str(dataset.get("VOILUTFunction", "LINEAR")) == "SIGMOID":
        shown = 1 / (1 + np.exp(np.clip(-4 * (values - centre) / width, -60, 60)))
    else:
        shown = np.clip((values - (centre - width / 2)) / width, 0, 1)
    levels: np.ndarray[Any, Any] = np.round(shown * 255).astype(np.uint8)
    return levels


def _first(value: object) -> float | None:
    if isinstance(value, Sequence) and not isinstance(value, str):
        value = value[0] if value else None
    return None if value is None or value == "" else float(str(value))


def _eight(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return 8 bits: as they are, or over the range of the values."""
    if values.dtype == np.uint8:
        return values
    low, high = float(values.min()), float(values.max())
    levels: np.ndarray[Any, Any] = ((values - low) * (255.0 / max(high - low, 1e-9))).round().astype(np.uint8)
    return levels
