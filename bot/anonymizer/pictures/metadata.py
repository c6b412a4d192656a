"""Which kinds of metadata a file carries, in words for the author. Only kinds are named, never contents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from PIL import ExifTags, Image, PngImagePlugin

_PLAIN_KEYS: Final = {
    "exif": "EXIF",
    "Raw profile type exif": "EXIF",
    "xmp": "XMP",
    "XML:com.adobe.xmp": "XMP",
    "icc_profile": "colour profile",
    "comment": "comment",
    "photoshop": "Photoshop block",
    "mp": "embedded pictures",
}
_PIXEL_TAGS: Final = "266 273 296 317 347 513 514 519 530 531 532"
_TIFF_STRUCTURE: Final = frozenset(
    # Tags that describe how the pixels are stored; every other tag is metadata.
    (*range(254, 263), *range(277, 285), *range(320, 326), *range(338, 342), *map(int, _PIXEL_TAGS.split()))
)


def metadata_kinds(image: Image.Image, blob: bytes) -> tuple[str, ...]:
    """Return the kinds of metadata in an opened picture and behind its end, each once, in reading order."""
    return tuple(
        dict.fromkeys(
            (*_from_info(image.info), *_from_exif(image), *_from_format(image), *_behind(image, blob))
        )
    )


def _from_info(info: dict[str | tuple[int, int], Any]) -> Iterator[str]:
    for key, kind in _PLAIN_KEYS.items():
        if info.get(key):
            yield kind


def _from_exif(image: Image.Image) -> Iterator[str]:
    exif = image.getexif()
    if image.format not in ("TIFF", "PNG") and exif:
        yield "EXIF"
    if exif.get_ifd(ExifTags.IFD.GPSInfo):
        yield "GPS position"
    if 513 in exif.get_ifd(ExifTags.IFD.IFD1):
        yield "thumbnail"


def _from_format(image: Image.Image) -> Iterator[str]:
    if isinstance(image, PngImagePlugin.PngImageFile) and image.text:
        yield "text fields"
    tags = getattr(image, "tag_v2", None)
    if tags is not None and any(tag not in _TIFF_STRUCTURE for tag in tags):
        yield "TIFF tags"
    for marker, _ in getattr(image, "applist", ()):
        if marker not in ("APP0", "APP1", "APP2", "APP14", "COM"):
            yield f"{marker} block"


def _behind(image: Image.Image, blob: bytes) -> Iterator[str]:
    ends = {"JPEG": (b"\xff\xd9",), "PNG": (b"IEND\xaeB`\x82",), "GIF": (b"\x00;", b";")}
    if image.format in ends and not blob.endswith(ends[image.format]):
        yield "bytes behind the picture"
    if image.format == "WEBP" and len(blob) > int.from_bytes(blob[4:8], "little") + 9:
        yield "bytes behind the picture"
