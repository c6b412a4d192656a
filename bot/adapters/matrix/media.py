"""Files: fetched, checked and decrypted on the way in; under a new key and without a name on the way out."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from nio import EncryptionError
from nio.crypto.attachments import decrypt_attachment, encrypt_attachment

from bot.adapters.matrix.render import picture_words
from bot.adapters.matrix.site import MatrixSite
from bot.adapters.matrix.wire import Declined, TooLarge, Unreachable, Wire
from bot.adapters.matrix.wording import FILE_DAMAGED, FILE_TOO_LARGE, NO_FILE
from bot.chat.events import FileRef
from bot.ports.adapter import FileUnavailable, Image

_OCTETS = "application/octet-stream"
_SCHEME = "mxc://"


async def fetch_file(wire: Wire, site: MatrixSite, file: FileRef, most: int) -> bytes:
    """Fetch and decrypt an attached file of at most ``most`` bytes; raises ``FileUnavailable``.

    Only media of the servers whose people are served are fetched, through the homeserver and nothing else.
    """
    server, media = _parts(file.locator.get("url", ""))
    if server not in site.servers or not media:
        raise FileUnavailable(NO_FILE)
    if file.size > most:
        raise FileUnavailable(FILE_TOO_LARGE)
    try:
        data = await wire.download(server, media, most)
    except TooLarge as error:
        raise FileUnavailable(FILE_TOO_LARGE) from error
    except (Declined, Unreachable) as error:
        raise FileUnavailable(NO_FILE) from error
    return await asyncio.to_thread(_decrypted, data, file.locator)


async def upload_picture(wire: Wire, image: Image, *, encrypt: bool) -> dict[str, Any]:
    """Store a picture and give the part of a message's content that points to it."""
    if not encrypt:
        return {"url": await wire.upload(image.data, image.mime)}
    data, keys = await asyncio.to_thread(encrypt_attachment, image.data)
    return {"file": {**keys, "url": await wire.upload(data, _OCTETS)}}


def picture_content(
    pointer: Mapping[str, Any], image: Image, number: int, alt: str, caption: str
) -> dict[str, Any]:
    """Build the message that shows a picture: its words, a neutral name, its size, nothing of its past."""
    width, height = _size(image.data)
    return {
        "msgtype": "m.image",
        "body": picture_words(alt, caption),
        "filename": f"picture-{number}.{_ending(image.mime)}",
        "info": {"mimetype": image.mime, "size": len(image.data), "w": width, "h": height},
        "m.mentions": {},
        **pointer,
    }


def _parts(url: str) -> tuple[str, str]:
    server, _, media = url.removeprefix(_SCHEME).partition("/")
    odd = not url.startswith(_SCHEME) or any(sign in media for sign in "/?#.%\\") or not media.isprintable()
    return ("", "") if odd else (server, media)


def _decrypted(data: bytes, locator: Mapping[str, str]) -> bytes:
    if "k" not in locator:
        return data
    try:
        plain: bytes = decrypt_attachment(data, locator["k"], locator["sha256"], locator["iv"])
    except (EncryptionError, ValueError) as error:
        raise FileUnavailable(FILE_DAMAGED) from error
    return plain


def _size(data: bytes) -> tuple[int, int]:
    from PIL import Image as Picture  # noqa: PLC0415 - only a picture pays for loading Pillow

    with Picture.open(BytesIO(data)) as opened:
        return opened.size


def _ending(mime: str) -> str:
    return mime.partition("/")[2].replace("jpeg", "jpg")
