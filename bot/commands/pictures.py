"""Pictures of a card, loaded for the adapter that shows it."""

from __future__ import annotations

from bot.chat.cards import Picture
from bot.ports.adapter import Image
from bot.ports.work import Content


class PictureGone(LookupError):
    """A card shows a picture that is no longer kept."""


async def load_images(content: Content, pictures: tuple[Picture, ...]) -> dict[str, Image]:
    """Load the bytes of pictures by their media id; raises :class:`PictureGone`."""
    images: dict[str, Image] = {}
    if not pictures:
        return images
    async with content.look() as work:
        for picture in pictures:
            stored = await work.pictures.get(picture.media)
            if stored is None:
                raise PictureGone(picture.media)
            images[picture.media] = Image(stored.data, stored.mime)
    return images
