"""Pictures that carry planted metadata, one per carrier and format, and files that must be refused."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import partial

from PIL import Image, PngImagePlugin, TiffImagePlugin

CANARY = b"ZEBEDEE-QUILLFEATHER-1931"
TEXT = CANARY.decode()


def scene(size: tuple[int, int] = (96, 64), mode: str = "RGB") -> Image.Image:
    gradient = Image.linear_gradient("L").resize(size)
    return Image.merge("RGB", (gradient, gradient, gradient.rotate(180))).convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif_bytes(*, thumbnail: bool = False) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = TEXT
    exif[0x013B] = TEXT
    exif[0x9286] = CANARY
    exif.get_ifd(0x8825)[29] = TEXT
    exif.get_ifd(0x8769)[0x9003] = TEXT
    if thumbnail:
        return exif.tobytes() + saved(scene((16, 16)), "JPEG", comment=CANARY)
    return exif.tobytes()


def xmp() -> bytes:
    return b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><dc:creator>" + CANARY + b"</dc:creator></x:xmpmeta>"


def icc() -> bytes:
    body = b"\x00" * 36 + b"acsp" + b"\x00" * 84 + struct.pack(">I", 0) + b"desc" + CANARY
    return struct.pack(">I", len(body) + 4) + body


def jpeg_segment(marker: int, payload: bytes) -> bytes:
    plain = saved(scene(), "JPEG")
    return plain[:2] + struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload + plain[2:]


def png_chunk(name: bytes, payload: bytes) -> bytes:
    plain = saved(scene(), "PNG")
    chunk = struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))
    return plain[:33] + chunk + plain[33:]


def png_text(*, packed: bool) -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("Patient", TEXT, zip=packed)
    info.add_itxt("Patient", TEXT, zip=packed)
    return saved(scene(), "PNG", pnginfo=info)


def tiff_tags() -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    for tag in (269, 270, 285, 305, 315, 316, 33432, 65000):
        tags[tag] = TEXT
        tags.tagtype[tag] = 2
    return saved(scene(), "TIFF", tiffinfo=tags)


def zip_with_canary() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("note.txt", TEXT)
    return out.getvalue()


def two_frames(kind: str) -> bytes:
    return saved(scene(), kind, save_all=True, append_images=[scene().rotate(90)])


CARRIERS: dict[str, Callable[[], bytes]] = {
    "jpeg exif": lambda: saved(scene(), "JPEG", exif=exif_bytes()),
    "jpeg thumbnail": lambda: saved(scene(), "JPEG", exif=exif_bytes(thumbnail=True)),
    "jpeg xmp": lambda: saved(scene(), "JPEG", xmp=xmp()),
    "jpeg icc": lambda: saved(scene(), "JPEG", icc_profile=icc()),
    "jpeg comment": lambda: saved(scene(), "JPEG", comment=CANARY),
    "jpeg app13": lambda: jpeg_segment(
        0xED, b"Photoshop 3.0\x008BIM\x04\x04\x00\x00\x00\x00\x00\x19" + CANARY
    ),
    **{
        f"jpeg app{n}": partial(jpeg_segment, 0xE0 + n, CANARY) for n in (3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15)
    },
    "jpeg trailing": lambda: saved(scene(), "JPEG") + CANARY,
    "jpeg trailing zip": lambda: saved(scene(), "JPEG") + zip_with_canary(),
    "jpeg second picture": lambda: saved(scene(), "JPEG") + saved(scene(), "JPEG", comment=CANARY),
    "png text": lambda: png_text(packed=False),
    "png packed text": lambda: png_text(packed=True),
    "png exif": lambda: saved(scene(), "PNG", exif=exif_bytes()),
    "png icc": lambda: saved(scene(), "PNG", icc_profile=icc()),
    "png private chunk": lambda: png_chunk(b"prVt", CANARY),
    "png time and text": lambda: png_chunk(b"tEXt", b"Comment\x00" + CANARY),
    "png trailing": lambda: saved(scene(), "PNG") + CANARY,
    "webp exif": lambda: saved(scene(), "WEBP", exif=exif_bytes()),
    "webp xmp": lambda: saved(scene(), "WEBP", xmp=xmp()),
    "webp icc": lambda: saved(scene(), "WEBP", icc_profile=icc()),
    "webp trailing": lambda: saved(scene(), "WEBP") + CANARY,
    "gif comment": lambda: saved(scene(), "GIF", comment=CANARY),
    "gif trailing": lambda: saved(scene(), "GIF") + CANARY,
    "tiff tags": tiff_tags,
    "tiff exif": lambda: saved(scene(), "TIFF", exif=exif_bytes()),
    "tiff icc": lambda: saved(scene(), "TIFF", icc_profile=icc()),
    "tiff trailing": lambda: saved(scene(), "TIFF") + CANARY,
    "avif exif": lambda: saved(scene(), "AVIF", exif=exif_bytes()),
    "avif xmp": lambda: saved(scene(), "AVIF", xmp=xmp()),
    "jpeg 2000 comment": lambda: saved(scene(), "JPEG2000", comment=TEXT),
}


def png_announcing(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    out = b"\x89PNG\r\n\x1a\n"
    for name, payload in ((b"IHDR", header), (b"IDAT", zlib.compress(b"\x00" * 100_000)), (b"IEND", b"")):
        out += (
            struct.pack(">I", len(payload)) + name + payload + struct.pack(">I", zlib.crc32(name + payload))
        )
    return out


def jpeg_announcing(width: int, height: int) -> bytes:
    plain = saved(scene(), "JPEG")
    at = plain.index(b"\xff\xc0")
    return plain[: at + 5] + struct.pack(">HH", height, width) + plain[at + 9 :]


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "empty"),
    "one byte": (lambda: b"\xff", "not_a_picture"),
    "svg": (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><text>x</text></svg>", "not_a_picture"),
    "svg with preamble": (lambda: b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><svg/>", "not_a_picture"),
    "web page": (lambda: b"<!DOCTYPE html><script>1</script>", "not_a_picture"),
    "pdf": (lambda: b"%PDF-1.7\n1 0 obj", "not_a_picture"),
    "postscript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", "not_a_picture"),
    "zip": (zip_with_canary, "not_a_picture"),
    "zip before jpeg": (lambda: zip_with_canary() + saved(scene(), "JPEG"), "not_a_picture"),
    "gzip": (lambda: b"\x1f\x8b\x08\x00" + b"\x00" * 40, "not_a_picture"),
    "program": (lambda: b"\x7fELF" + b"\x00" * 60, "not_a_picture"),
    "bmp": (lambda: saved(scene(), "BMP"), "not_a_picture"),
    "random": (lambda: bytes(range(7, 207)) * 5, "not_a_picture"),
    "png announcing 60,000 squared": (lambda: png_announcing(60_000, 60_000), "too_big"),
    "png announcing too little data": (lambda: png_announcing(4000, 4000), "damaged"),
    "png without size": (lambda: png_announcing(0, 5), "damaged"),
    "jpeg announcing 65,535 squared": (lambda: jpeg_announcing(65_535, 65_535), "too_big"),
    "gif announcing 65,535 squared": (lambda: b"GIF89a\xff\xff\xff\xff\x00\x00\x00;", "damaged"),
    "truncated jpeg": (lambda: saved(scene((400, 400)), "JPEG")[:2500], "damaged"),
    "truncated png": (lambda: saved(scene((400, 400)), "PNG")[:1200], "damaged"),
    "truncated webp": (lambda: saved(scene((400, 400)), "WEBP")[:200], "damaged"),
    "truncated tiff": (lambda: saved(scene((400, 400)), "TIFF")[:900], "damaged"),
    "jpeg header only": (lambda: saved(scene(), "JPEG")[:30], "damaged"),
    "png signature only": (lambda: b"\x89PNG\r\n\x1a\n", "damaged"),
    "pdf inside a jpeg comment": (lambda: jpeg_segment(0xFE, b"%PDF-1.4 1 0 obj"), "two_faces"),
    "webp with a lying length": (
        lambda: b"RIFF\xff\xff\xff\x7fWEBPVP8 \xff\xff\xff\x7f" + b"\x00" * 30,
        "damaged",
    ),
    "tiff pointing outside": (lambda: b"II*\x00\xff\xff\xff\x7f" + b"\x00" * 20, "damaged"),
}
