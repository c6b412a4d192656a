"""DICOM files of invented people, in the ways in which hospitals store pixels. Needs the extra `pictures`."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gdcm  # type: ignore[import-untyped]  # It ships without annotations.
import numpy as np
from PIL import Image
from pydicom import uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

from tests.anonymizer.carriers import CANARY, TEXT

WIDE, HIGH = 96, 64


def ramp(dtype: type[np.generic] = np.uint16, top: int = 4095) -> np.ndarray[Any, Any]:
    """Values that rise from left to right."""
    return np.tile(np.linspace(0, top, WIDE), (HIGH, 1)).astype(dtype)


def dataset(stored: np.ndarray[Any, Any], kind: str = "MONOCHROME2") -> Dataset:
    """A data set with these pixels, and a patient in every field that is likely to hold one."""
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = uid.ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID = uid.SecondaryCaptureImageStorage
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID = uid.UID("1.2.3.4")
    for name in ("PatientName", "PatientID", "InstitutionName", "StudyDescription", "ImageComments"):
        setattr(made, name, TEXT)
    made.private_block(0x0099, TEXT, create=True).add_new(0x01, "LO", TEXT)
    made.PhotometricInterpretation = kind
    made.SamplesPerPixel = 3 if stored.shape[-1] == 3 else 1
    made.Rows, made.Columns = HIGH, WIDE
    made.BitsAllocated = made.BitsStored = stored.dtype.itemsize * 8
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(stored.dtype.kind == "i")
    if made.SamplesPerPixel == 3:
        made.PlanarConfiguration = 0
    made.PixelData = stored.tobytes()
    return made


def saved(made: Dataset, preamble: bytes = bytes(128)) -> bytes:
    """The bytes of the file."""
    made.preamble = preamble
    out = io.BytesIO()
    made.save_as(out, enforce_file_format=True)
    return out.getvalue()


def windowed(**fields: object) -> Dataset:
    """A CT-like data set with a window that shows only its middle."""
    made = dataset(ramp())
    made.RescaleIntercept, made.RescaleSlope = -1024, 1
    made.WindowCenter, made.WindowWidth = 1024, 1000
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def frames(count: int) -> Dataset:
    """Several frames, each darker than the one before."""
    made = dataset(np.stack([ramp(np.uint8, 255) // (number + 1) for number in range(count)]))
    made.NumberOfFrames = count
    return made


def palette() -> Dataset:
    """Eight-bit indices into a table of colours, red to blue."""
    made = dataset(ramp(np.uint8, 255), "PALETTE COLOR")
    up = np.arange(256, dtype=np.uint16) * 257
    for colour, values in (("Red", up), ("Green", up * 0), ("Blue", up[::-1])):
        setattr(made, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(made, f"{colour}PaletteColorLookupTableData", values.astype(np.uint16).tobytes())
    return made


def coloured() -> Dataset:
    """Red, green and blue."""
    grey = ramp(np.uint8, 255)
    return dataset(np.stack([grey, grey[::-1], 255 - grey], axis=2), "RGB")


def jpeg_baseline() -> Dataset:
    """Frames that are JPEG files with a comment in them."""
    made = dataset(ramp(np.uint8, 255))
    out = io.BytesIO()
    Image.fromarray(ramp(np.uint8, 255)).save(out, "JPEG", comment=CANARY)
    made.PixelData = encapsulate([out.getvalue()])
    made["PixelData"].is_undefined_length = True
    made.file_meta.TransferSyntaxUID = uid.JPEGBaseline8Bit
    return made


def compressed(syntax: uid.UID) -> Dataset:
    """Compressed without loss by pydicom."""
    made = windowed()
    made.compress(syntax)
    return made


def converted(name: str, folder: Path) -> bytes:
    """Compressed by GDCM, which writes what pydicom does not."""
    source, target = folder / "plain.dcm", folder / "packed.dcm"
    source.write_bytes(saved(windowed()))
    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(getattr(gdcm.TransferSyntax, name)))
    writer = gdcm.ImageWriter()
    if not reader.Read():
        raise OSError
    change.SetInput(reader.GetImage())
    if not change.Change():
        raise OSError
    writer.SetFileName(str(target))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    if not writer.Write():
        raise OSError
    return target.read_bytes()


def with_overlay() -> Dataset:
    """A name drawn as an overlay, which a viewer would show."""
    made = windowed()
    made.add_new(0x60000010, "US", HIGH)
    made.add_new(0x60000011, "US", WIDE)
    made.add_new(0x60000040, "CS", "G")
    made.add_new(0x60000050, "SS", [1, 1])
    made.add_new(0x60000100, "US", 1)
    made.add_new(0x60000102, "US", 0)
    made.add_new(0x60003000, "OW", CANARY.ljust(WIDE * HIGH // 8, b"\x00"))
    return made


def with_icon() -> Dataset:
    """A small picture inside the file that shows more than the large one."""
    made = windowed()
    icon = dataset(ramp(np.uint8, 255))
    icon.PixelData = CANARY.ljust(WIDE * HIGH, b"\x00")
    del icon.file_meta
    made.IconImageSequence = [icon]
    return made


def report() -> Dataset:
    """A structured report: no pixels."""
    made = windowed()
    for name in ("PixelData", "Rows", "Columns"):
        delattr(made, name)
    return made


def document() -> Dataset:
    """A PDF document in a DICOM file."""
    made = report()
    made.EncapsulatedDocument = b"%PDF-1.4 " + CANARY
    return made


def nested(depth: int) -> bytes:
    """Sequences inside sequences, opened and never closed."""
    opening = b"\x08\x00\x15\x11SQ\x00\x00\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    return saved(windowed()) + opening * depth


CARRIERS: dict[str, Callable[[], bytes]] = {
    "dicom header": lambda: saved(windowed()),
    "dicom preamble": lambda: saved(windowed(), preamble=CANARY.ljust(128, b"\x00")),
    "dicom overlay": lambda: saved(with_overlay()),
    "dicom icon": lambda: saved(with_icon()),
    "dicom jpeg comment": lambda: saved(jpeg_baseline()),
    "dicom trailing": lambda: saved(windowed()) + CANARY,
}
