"""The checks of a picture, in their order; those of the pixels come with an extra."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from bot.anonymizer.pictures import outgoing, rebuild
from bot.anonymizer.pictures.cleaned import Box, PictureRefused
from bot.anonymizer.pictures.filling import filled
from bot.anonymizer.pictures.installed import LOOKS_FOR, installed_checks
from bot.anonymizer.pictures.sniff import sniff

if TYPE_CHECKING:
    from bot.anonymizer.pictures.inspection import Inspector

ALWAYS: Final = ("file kind", "decoding", "rebuilding without metadata", "self-check")
"""What every picture goes through; none of it can be switched off."""
_MADE: Final = {"PNG": "image/png", "JPEG": "image/jpeg"}
"""The kinds of files that cleaning makes."""
_HANDS: Final = 2


def clean_blob(
    blob: bytes, wanted: Sequence[str] | None = None, names: Iterable[str] = ()
) -> tuple[dict[str, Any], bytes, bytes]:
    """Return the header of an answer, the cleaned bytes, and the same picture with nothing covered.

    `wanted` names the checks of the pixels, by default all that are installed; `names` are words of the case
    that identify somebody, and that no list of clinical words can excuse.
    """
    checks = tuple(name for name in installed_checks() if wanted is None or name in wanted)
    kind = sniff(blob)
    pixels = rebuild.decode(blob, kind)
    boxes, broken = _inspected(pixels.image, checks, names)
    bare, mime = rebuild.encode(pixels.image, kind)
    data = rebuild.encode_as(filled(pixels.image, boxes), mime) if boxes else bare
    for made in (bare, data):
        _check(made, mime, pixels.image.size)
    header = {
        "mime": mime,
        "width": pixels.image.width,
        "height": pixels.image.height,
        "removed": list(pixels.removed),
        "covered": [asdict(box) for box in boxes],
        "ran": [*ALWAYS, *(name for name in checks if name not in broken)],
        # Asked for and not installed means failed: silence here would read as "looked and clean".
        "failed": [*broken, *(name for name in wanted or () if name not in checks)],
        "notes": list(pixels.notes),
        "not_looked_for": [words for name, words in LOOKS_FOR.items() if name not in checks],
    }
    return header, data, bare


def cover_blob(bare: bytes, boxes: Sequence[Box]) -> tuple[bytes, str]:
    """Return a picture that was cleaned before with exactly these boxes filled, and its MIME type."""
    kind = sniff(bare)
    if kind not in _MADE:
        raise PictureRefused(
            "not_a_picture", "Only a cleaned picture can be covered; send the picture again."
        )
    image = rebuild.decode(bare, kind).image
    if not all(_touches(box, image.size) for box in boxes):
        raise PictureRefused(
            "bad_box", "A box lies outside the picture, so nothing was covered; choose another place."
        )
    data = rebuild.encode_as(filled(image, boxes), _MADE[kind])
    _check(data, _MADE[kind], image.size)
    return data, _MADE[kind]


def _touches(box: Box, size: tuple[int, int]) -> bool:
    return (
        box.width > 0
        and box.height > 0
        and -box.width < box.left < size[0]
        and -box.height < box.top < size[1]
    )


def _check(data: bytes, mime: str, size: tuple[int, int]) -> None:
    if outgoing.faults(data, mime, size):
        raise PictureRefused(
            "self_check",
            "The cleaned picture did not pass its own check, so it is withheld; send another copy.",
        )


def _inspected(
    image: Image.Image, checks: tuple[str, ...], names: Iterable[str]
) -> tuple[tuple[Box, ...], tuple[str, ...]]:
    """Return the boxes that the checks ask for, and the names of checks that broke off."""
    if not checks:
        return (), ()
    import numpy as np  # noqa: PLC0415 (comes with the extra)

    known = frozenset(part for name in names for part in re.findall(r"\w{2,}", name.lower()))
    seen = _inspector(checks).inspect(np.asarray(image.convert("RGB")), known)
    return seen.boxes, seen.failed


@cache
def _inspector(checks: tuple[str, ...]) -> Inspector:
    """Load the networks once a worker, at the first picture."""
    from bot.anonymizer.pictures.inspection import Inspector  # noqa: PLC0415 (comes with the extra)

    return Inspector(checks, _HANDS)
