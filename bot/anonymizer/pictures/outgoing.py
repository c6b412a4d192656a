"""The self-check: a cleaned picture is read again by a parser that shares nothing with the encoder."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from typing import Final

from PIL import Image

_PNG_CHUNKS: Final = frozenset({b"IHDR", b"IDAT", b"IEND"})
_JPEG_MARKERS: Final = frozenset({0xC0, 0xC1, 0xC2, 0xC4, 0xDB, 0xDD, 0xDA})
_JFIF_BYTES: Final = 16


def faults(blob: bytes, mime: str, size: tuple[int, int]) -> tuple[str, ...]:
    """Return what is wrong with a cleaned picture: anything beyond pixels, or a size that is not as made."""
    try:
        structure = tuple(_png_faults(blob) if mime == "image/png" else _jpeg_faults(blob))
        return structure + tuple(_pixel_faults(blob, mime, size))
    except (struct.error, IndexError, OSError, ValueError):
        return ("cannot be read again",)


def _png_faults(blob: bytes) -> Iterator[str]:
    if not blob.startswith(b"\x89PNG\r\n\x1a\n"):
        yield "no PNG signature"
    at, name = 8, b""
    while at < len(blob) and name != b"IEND":
        length, name = struct.unpack(">I4s", blob[at : at + 8])
        if name not in _PNG_CHUNKS:
            yield "an unexpected chunk"
        at += 12 + length
    if name != b"IEND" or at != len(blob):
        yield "bytes behind the end"


def _jpeg_faults(blob: bytes) -> Iterator[str]:
    if not blob.startswith(b"\xff\xd8"):
        yield "no JPEG signature"
    at = 2
    while blob[at] == 0xFF and blob[at + 1] != 0xD9:
        marker, length = blob[at + 1], struct.unpack(">H", blob[at + 2 : at + 4])[0]
        if marker == 0xE0:
            if length != _JFIF_BYTES or blob[at + 4 : at + 9] != b"JFIF\x00":
                yield "an unexpected header"
        elif marker not in _JPEG_MARKERS:
            yield "an unexpected segment"
        at += 2 + length
        if marker == 0xDA:
            at = _behind_scan(blob, at)
    if blob[at : at + 2] != b"\xff\xd9" or at + 2 != len(blob):
        yield "bytes behind the end"


def _behind_scan(blob: bytes, at: int) -> int:
    """Return where an entropy-coded stretch ends: at a marker that is no stuffing and no restart."""
    while True:
        at = blob.index(b"\xff", at)
        if blob[at + 1] != 0x00 and not 0xD0 <= blob[at + 1] <= 0xD7:
            return at
        at += 2


def _pixel_faults(blob: bytes, mime: str, size: tuple[int, int]) -> Iterator[str]:
    with Image.open(io.BytesIO(blob), formats=["PNG" if mime == "image/png" else "JPEG"]) as image:
        image.load()
        extra = set(image.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        if image.size != size:
            yield "another size than was made"
        if extra or image.getexif() or getattr(image, "n_frames", 1) != 1:
            yield "metadata in the output"
