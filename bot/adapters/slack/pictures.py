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
UPLOAD = "upload"
"""A file that Slack gave an id for: it is there or not, until it is recorded as ``file`` too."""
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
        done: Sequence[Part],
        record: Record,
    ) -> list[str]:
        """Upload what ``done`` (parts of earlier tries) does not hold yet; give the ids of all files.

        A file is recorded before its bytes go and again once it is complete: one that broke off in between
        is deleted and uploaded anew, so that none is left which nobody knows of.
        Raises :class:`Declined`, :class:`Unreachable` or ``Undeliverable``. Files are not shared into any
        channel: they are seen through the message that shows them, and only there.
        """
        files = [part.remote for part in done if part.kind == FILE][: len(pictures)]
        await self._drop_halves(done)
        for picture in pictures[len(files) :]:
            image = images.get(picture.media)
            if image is None or image.mime not in _ENDINGS:
                raise Undeliverable("picture_missing" if image is None else "picture_type")
            files.append(await self._one(_name(salt, picture, image), image, picture, record))
        return files

    async def _drop_halves(self, done: Sequence[Part]) -> None:
        whole = {part.remote for part in done if part.kind == FILE}
        for part in done:
            if part.kind == UPLOAD and part.remote not in whole:
                try:
                    await self._wire.ask("files.delete", file=file_id(part.remote))
                except Declined as declined:
                    if not declined.gone:
                        raise

    async def _one(self, name: str, image: Image, picture: Picture, record: Record) -> str:
        place = await self._wire.ask(
            "files.getUploadURLExternal",
            filename=name,
            length=len(image.data),
            alt_txt=cut(literal(picture.alt), _ALT),
        )
        url, file = URL(str(place.get("upload_url", ""))), file_id(str(place.get("file_id", "")))
        if not self._site.holds_file(url):
            raise Declined("upload", "foreign_upload_address")
        await record(Part(UPLOAD, file))
        await self._wire.post_to(url, body=image.data, content_type="application/octet-stream")
        files = json.dumps([{"id": file, "title": name}])
        await self._wire.ask("files.completeUploadExternal", files=files)
        await record(Part(FILE, file))
        return file


def _name(salt: str, picture: Picture, image: Image) -> str:
    """Name a file by a digest of two random ids: neutral, and the same at every try."""
    digest = hashlib.sha256(f"{salt}/{picture.media}".encode()).hexdigest()
    return f"{digest[:16]}.{_ENDINGS[image.mime]}"
