"""DICOM: the first frame as its window shows it, however the pixels are stored; nothing of the data set."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset

from bot.anonymizer import Anonymizer, CleanedPicture, PictureRefused
from tests.anonymizer import dicoms
from tests.anonymizer.carriers import CANARY

Row: TypeAlias = npt.NDArray[np.float64]
WINDOWED = dicoms.windowed


async def shown(pictures: Anonymizer, blob: bytes) -> Row:
    """The middle row of the cleaned picture, dark to bright."""
    cleaned = await pictures.clean_picture(blob)
    assert cleaned.mime == "image/png"
    assert CANARY not in cleaned.data + cleaned.bare
    assert "DICOM header" in cleaned.removed
    with Image.open(io.BytesIO(cleaned.data)) as image:
        return np.asarray(np.asarray(image.convert("L"))[dicoms.HIGH // 2], np.float64)


def expected() -> Row:
    """What the window of `windowed` shows of its ramp."""
    values = dicoms.ramp()[0].astype(float) - 1024
    return np.asarray(np.clip((values - 524) / 1000 * 255, 0, 255), np.float64)


@pytest.mark.parametrize(
    "syntax",
    [None, uid.RLELossless, uid.JPEG2000Lossless],
    ids=["uncompressed", "RLE", "JPEG 2000"],
)
async def test_the_window_is_applied(pictures: Anonymizer, syntax: uid.UID | None) -> None:
    made = WINDOWED() if syntax is None else dicoms.compressed(syntax)
    assert np.abs(await shown(pictures, dicoms.saved(made)) - expected()).max() <= 1


@pytest.mark.parametrize("name", ["JPEGLosslessProcess14_1", "JPEGLSLossless", "JPEG2000Lossless"])
async def test_what_gdcm_packs_is_read(pictures: Anonymizer, tmp_path: Path, name: str) -> None:
    blob = dicoms.converted(name, tmp_path)
    assert np.abs(await shown(pictures, blob) - expected()).max() <= 1


async def test_jpeg_frames_are_read(pictures: Anonymizer) -> None:
    row = await shown(pictures, dicoms.saved(dicoms.jpeg_baseline()))
    assert np.abs(row - dicoms.ramp(np.uint8, 255)[0]).max() <= 6


async def test_monochrome1_is_shown_bright_on_dark(pictures: Anonymizer) -> None:
    inverted = WINDOWED(PhotometricInterpretation="MONOCHROME1")
    assert np.abs(await shown(pictures, dicoms.saved(inverted)) - (255 - expected())).max() <= 1


@pytest.mark.parametrize(
    "fields",
    [
        {"WindowCenter": [1024, 5], "WindowWidth": [1000, 10]},
        {"VOILUTFunction": "LINEAR_EXACT"},
        {"BitsStored": 12, "HighBit": 11},
    ],
    ids=["two windows", "exact", "twelve bits"],
)
async def test_variants_of_the_window_show_the_same(pictures: Anonymizer, fields: dict[str, object]) -> None:
    assert np.abs(await shown(pictures, dicoms.saved(WINDOWED(**fields))) - expected()).max() <= 1


async def test_without_a_window_the_whole_range_is_shown(pictures: Anonymizer) -> None:
    row = await shown(pictures, dicoms.saved(dicoms.dataset(dicoms.ramp())))
    assert (row[0], row[-1]) == (0, 255)


async def test_negative_values_are_shown(pictures: Anonymizer) -> None:
    row = await shown(pictures, dicoms.saved(dicoms.dataset(dicoms.ramp(np.int16, 3000) - np.int16(1000))))
    assert (row[0], row[-1]) == (0, 255)


@pytest.mark.parametrize(("make", "left"), [(dicoms.palette, (0, 0, 255)), (dicoms.coloured, (0, 0, 255))])
async def test_colour_is_kept(
    pictures: Anonymizer, make: Callable[[], Dataset], left: tuple[int, int, int]
) -> None:
    cleaned = await pictures.clean_picture(dicoms.saved(make()))
    with Image.open(io.BytesIO(cleaned.data)) as image:
        assert image.mode == "RGB"
        assert image.getpixel((0, 5)) == left


async def test_of_many_frames_the_first_is_shown_and_that_is_said(pictures: Anonymizer) -> None:
    cleaned = await pictures.clean_picture(dicoms.saved(dicoms.frames(3)))
    assert cleaned.notes == ("first frame only",)
    with Image.open(io.BytesIO(cleaned.data)) as image:
        assert image.convert("L").getextrema() == (0, 255)
    assert (await pictures.clean_picture(dicoms.saved(dicoms.frames(1)))).notes == ()


@pytest.mark.parametrize("name", dicoms.CARRIERS)
async def test_nothing_of_the_data_set_survives(pictures: Anonymizer, name: str) -> None:
    planted = dicoms.CARRIERS[name]()
    assert CANARY in planted
    cleaned = await pictures.clean_picture(planted)
    assert CANARY not in cleaned.data + cleaned.bare
    assert CANARY.decode() not in str(cleaned.report())


def lying() -> bytes:
    made = WINDOWED()
    made.Rows, made.Columns = 6000, 6000
    return dicoms.saved(made)


def announcing(rows: int, columns: int) -> bytes:
    made = WINDOWED()
    made.Rows, made.Columns = rows, columns
    return dicoms.saved(made)


REFUSED: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "report": (lambda: dicoms.saved(dicoms.report()), "no_pixels"),
    "document": (lambda: dicoms.saved(dicoms.document()), "two_faces"),
    "more announced than there is": (lying, "damaged"),
    "far too much announced": (lambda: announcing(60_000, 60_000), "too_big"),
    "no size": (lambda: announcing(0, 5), "no_pixels"),
    "cut off": (lambda: dicoms.saved(WINDOWED())[:2000], None),
    "signature only": (lambda: bytes(128) + b"DICM", "no_pixels"),
    "noise behind the signature": (lambda: bytes(128) + b"DICM" + bytes(range(256)) * 9, None),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_no_picture_is_refused_in_a_sentence(pictures: Anonymizer, name: str) -> None:
    make, code = REFUSED[name]
    with pytest.raises(PictureRefused) as refusal:
        await pictures.clean_picture(make())
    assert refusal.value.code == (code or refusal.value.code)
    assert ";" in refusal.value.sentence
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize("depth", [30, 20_000])
async def test_deep_sequences_are_read_or_refused_and_the_next_picture_works(
    pictures: Anonymizer, depth: int
) -> None:
    outcome = await asyncio.gather(pictures.clean_picture(dicoms.nested(depth)), return_exceptions=True)
    if isinstance(outcome[0], PictureRefused):
        assert outcome[0].code in ("damaged", "not_checked")
    else:
        assert isinstance(outcome[0], CleanedPicture)
        assert CANARY not in outcome[0].data + outcome[0].bare
    assert np.abs(await shown(pictures, dicoms.saved(WINDOWED())) - expected()).max() <= 1
