"""What a file is, told from its own first bytes; names and declared types are never asked."""

from __future__ import annotations

from typing import Final

from bot.anonymizer.pictures.cleaned import PictureRefused

LARGEST_FILE: Final = 25 * 1024 * 1024
"""Bytes of an upload; anything larger is refused before it is looked at."""

_BRANDS: Final = {
    b"avif": "AVIF",
    b"avis": "AVIF",
    b"heic": "HEIF",
    b"heix": "HEIF",
    b"heim": "HEIF",
    b"heis": "HEIF",
    b"hevc": "HEIF",
    b"hevx": "HEIF",
    b"mif1": "HEIF",
    b"msf1": "HEIF",
}
_REFUSED_STARTS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"%!PS", "a PostScript document"),
    (b"PK\x03\x04", "an archive"),
    (b"PK\x05\x06", "an archive"),
    (b"Rar!", "an archive"),
    (b"7z\xbc\xaf", "an archive"),
    (b"\x1f\x8b", "an archive"),
    (b"BZh", "an archive"),
    (b"\xfd7zXZ", "an archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"BM", "a BMP picture"),
)


def sniff(blob: bytes) -> str:
    """Return the format's name as the decoder knows it; PictureRefused for all that is not on the list."""
    _refuse_by_size(blob)
    kind = _kind(blob)
    if kind is None:
        raise PictureRefused(
            "not_a_picture",
            f"This file is {_named(blob)}, not a picture that can be cleaned; send a JPEG or PNG.",
        )
    _refuse_second_face(blob)
    return kind


def _refuse_by_size(blob: bytes) -> None:
    if not blob:
        raise PictureRefused("empty", "This file is empty; send the picture again.")
    if len(blob) > LARGEST_FILE:
        limit = LARGEST_FILE // (1024 * 1024)
        raise PictureRefused("too_large", f"This file is larger than {limit} MB; send a smaller copy.")


def _kind(blob: bytes) -> str | None:
    starts = {b"\xff\xd8\xff": "JPEG", b"\x89PNG\r\n\x1a\n": "PNG", b"GIF87a": "GIF", b"GIF89a": "GIF"}
    for start, kind in starts.items():
        if blob.startswith(start):
            return kind
    if blob[:4] == b"RIFF" and blob[8:12] == b"WEBP":
        return "WEBP"
    if blob[:4] in (b"II*\x00", b"MM\x00*"):
        return "TIFF"
    if blob[4:8] == b"ftyp":
        return _BRANDS.get(blob[8:12])
    if blob.startswith((b"\x00\x00\x00\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51")):
        return "JPEG2000"
    return "DICOM" if blob[128:132] == b"DICM" else None


def _named(blob: bytes) -> str:
    for start, name in _REFUSED_STARTS:
        if blob.startswith(start):
            return name
    head = blob[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml")) or b"<svg" in head:
        return "an SVG drawing"
    if head.startswith((b"<!doctype", b"<html")):
        return "a web page"
    return "of an unknown kind"


def _refuse_second_face(blob: bytes) -> None:
    """Refuse a file that is a picture to one program and a document to another."""
    if b"%PDF-" in blob[:1024]:
        raise PictureRefused(
            "two_faces",
            "This file is a picture and a PDF document at once, so it is refused; send a screenshot.",
        )
