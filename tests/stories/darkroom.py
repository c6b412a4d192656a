"""Pictures without the networks that look into them: rebuilt at once, with the boxes a story wants."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from PIL import Image, ImageDraw

from bot.anonymizer import Box, CleanedPicture, PictureRefused
from bot.anonymizer.pictures import PicturePool
from bot.anonymizer.pictures.rebuild import decode
from bot.anonymizer.pictures.sniff import sniff


class Darkroom(PicturePool):
    """Fills the place of the worker. ``found`` is what it covers, ``names`` what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.found: tuple[Box, ...] = ()
        self.unlooked: tuple[str, ...] = ()
        self.names: tuple[str, ...] = ()
        self.broken = False

    async def clean(self, blob: bytes, names: Iterable[str] = ()) -> CleanedPicture:
        if self.broken:
            raise PictureRefused("worker", "The check of this picture broke off.")
        self.names = tuple(names)
        pixels = decode(blob, sniff(blob))
        bare = _encoded(pixels.image)
        data, mime = await self.cover(bare, self.found)
        width, height = pixels.image.size
        return CleanedPicture(
            data, bare, mime, width, height, pixels.removed, self.found, ("decoding",), (), (), self.unlooked
        )

    async def cover(self, bare: bytes, boxes: Sequence[Box]) -> tuple[bytes, str]:
        with Image.open(io.BytesIO(bare)) as opened:
            image = opened.convert("RGB")
        draw = ImageDraw.Draw(image)
        for box in boxes:
            draw.rectangle((box.left, box.top, box.left + box.width - 1, box.top + box.height - 1), fill=0)
        return _encoded(image), "image/png"


def _encoded(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.convert("RGB").save(out, "PNG")
    return out.getvalue()
