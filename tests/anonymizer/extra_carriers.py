"""More carriers of planted metadata: HEIC, AVIF, JPEG 2000 and files of several pictures."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable

import pillow_heif
from PIL import Image

from tests.anonymizer.carriers import CANARY, exif_bytes, icc, saved, scene, xmp


def heic(**options: object) -> bytes:
    """An HEIC file, as telephones make them."""
    made = pillow_heif.from_pillow(scene())
    out = io.BytesIO()
    made.save(out, **options)
    return out.getvalue()


def heic_of_two() -> bytes:
    """An HEIC file with a second picture in it."""
    made = pillow_heif.from_pillow(scene())
    made.add_from_pillow(scene().rotate(90))
    out = io.BytesIO()
    made.save(out, save_all=True)
    return out.getvalue()


def jp2_box(kind: bytes, payload: bytes) -> bytes:
    """A JPEG 2000 file with one more box at its end."""
    return saved(scene(), "JPEG2000") + struct.pack(">I4s", len(payload) + 8, kind) + payload


def several(kind: str, **options: object) -> bytes:
    """A file of two pictures, the second with the canary in its colours' place."""
    second = Image.frombytes("L", (32, 32), CANARY.ljust(1024, b"\x00")).convert("RGB").resize((96, 64))
    return saved(scene(), kind, save_all=True, append_images=[second], **options)


MORE: dict[str, Callable[[], bytes]] = {
    "heic exif": lambda: heic(exif=exif_bytes()),
    "heic xmp": lambda: heic(xmp=xmp()),
    "heic trailing": lambda: heic() + CANARY,
    "avif icc": lambda: saved(scene(), "AVIF", icc_profile=icc()),
    "avif trailing": lambda: saved(scene(), "AVIF") + CANARY,
    "jp2 comment": lambda: saved(scene(), "JPEG2000", comment=CANARY),
    "jp2 xml box": lambda: jp2_box(b"xml ", b"<p>" + CANARY + b"</p>"),
    "jp2 uuid box": lambda: jp2_box(b"uuid", bytes(range(16)) + CANARY),
    "jp2 trailing": lambda: saved(scene(), "JPEG2000") + CANARY,
    "mpo exif": lambda: several("MPO", exif=exif_bytes()),
    "gif comment of two": lambda: several("GIF", comment=CANARY),
    "png text of two": lambda: several("PNG") + CANARY,
    "webp exif of two": lambda: several("WEBP", exif=exif_bytes()),
    "tiff exif of two": lambda: several("TIFF", exif=exif_bytes()),
}
