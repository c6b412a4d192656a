"""The checks of a picture, by name, in the order in which they run; an install extra may add more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from bot.anonymizer.pictures import outgoing, rebuild
from bot.anonymizer.pictures.cleaned import PictureRefused
from bot.anonymizer.pictures.sniff import sniff

ALWAYS: Final = ("file kind", "decoding", "rebuilding without metadata", "self-check")
"""What every picture goes through; none of it can be switched off."""
LOOKED_FOR_BY_EXTRAS: Final = {
    "burned-in text": "text burned into the picture",
    "codes": "QR and bar codes",
    "faces": "faces",
}
"""Checks of the pixels themselves and what each looks for, in words for the author. None is installed yet."""


def clean_blob(blob: bytes, wanted: Sequence[str] = ()) -> tuple[dict[str, Any], bytes]:
    """Return the header of an answer and the cleaned bytes; `wanted` names checks that an extra brings."""
    kind = sniff(blob)
    pixels = rebuild.decode(blob, kind)
    data, mime = rebuild.encode(pixels.image, kind)
    if outgoing.faults(data, mime, pixels.image.size):
        raise PictureRefused(
            "self_check", "The cleaned picture did not pass its own check, so it is withheld."
        )
    width, height = pixels.image.size
    header = {
        "mime": mime,
        "width": width,
        "height": height,
        "removed": list(pixels.removed),
        "covered": [],
        "ran": list(ALWAYS),
        # A check that was asked for and is not installed has failed: silence would read as clean.
        "failed": list(wanted),
        "notes": list(pixels.notes),
        "not_looked_for": list(LOOKED_FOR_BY_EXTRAS.values()),
    }
    return header, data
