"""Cleaned pictures on their way out: uploaded as the app under a name that says nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from yarl import URL

from bot.adapters.slack.errors import Declined
from bot.adapters.slack.ids import file_id
from bot.adapters.slack.literal import cut, literal
from bot.adapters.slack.site import SlackSite
from bot.adapters.slack.wire import Wire
from bot.chat.cards import Picture
from bot.ports.adapter import Image, Part, Record, Undeliverable

FILE = "file"
PICTURE_WAITS = (0.25, 0.5, 1.0, 2.0, 4.0)
"""Pauses in seconds: an upload may be shown only once Slack has looked at it."""
NOT_READY = frozenset({"invalid_blocks", "invalid_arguments"})
"""What Slack says to blocks that show an upload too early."""
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
_ALT = 1000


class Pictures:
    """Uploads of one workspace."""

    def __init__(self, site: SlackSite, wire: Wire) -> None:
        self._site = site
        self._wire = wire

    async def upload(
        self,
        salt: str,
        pictures: Sequence[Picture],
        images: Mapping[str, Image],
        done: Sequence[str],
        record: Record,
    ) -> list[str]:
        """Upload what ``done`` (ids of files, in the order of the pictures) does not hold yet; give all ids.

        Raises :class:`Declined`, :class:`Unreachable` or ``Undeliverable``. Files are not shared into any
        channel: they are seen through the message that shows them, and only there.
        """
        files = list(done[: len(pictures)])
        for picture in pictures[len(files) :]:
            image = images.get(picture.media)
            if image is None or image.mime not in _ENDINGS:
                raise Undeliverable("picture_missing" if image is None else "picture_type")
            file = await self._one(_name(salt, picture, image), image, picture)
            await record(Part(FILE, file))
            files.append(file)
        return files

    async def _one(self, name: str, image: Image, picture: Picture) -> str:
        place = await self._wire.ask(
            "files.getUploadURLExternal",
            filename=name,
            length=len(image.data),
            alt_txt=cut(literal(picture.alt), _ALT),
        )
        url, file = URL(str(place.get("upload_url", ""))), file_id(str(place.get("file_id", "")))
        if not self._site.holds_file(url):
            raise Declined("upload", "foreign_upload_address")
        await self._wire.post_to(url, body=image.data, content_type="application/octet-stream")
        files = json.dumps([{"id": file, "title": name}])
        await self._wire.ask("files.completeUploadExternal", files=files)
        return file


def _name(salt: str, picture: Picture, image: Image) -> str:
    """Name a file by a digest of two random ids: neutral, and the same at every try."""
    digest = hashlib.sha256(f"{salt}/{picture.media}".encode()).hexdigest()
    return f"{digest[:16]}.{_ENDINGS[image.mime]}"
