"""Files of a workspace: who uploaded them, where they are shared, their bytes and their links."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass, field
from urllib.parse import quote

from .wire import Json

PICTURES = ("image/png", "image/jpeg", "image/gif")


@dataclass(slots=True)
class StoredFile:
    """One file; ``ready_at`` is when image blocks may use it (seconds since the epoch)."""

    id: str
    team: str
    base_url: str
    owner: str
    name: str
    title: str
    content: bytes
    created: int
    alt_text: str = ""
    shared_in: list[str] = field(default_factory=list)
    open_to_app: bool = False
    external: bool = False
    deleted: bool = False
    ready_at: float = 0.0

    @property
    def mimetype(self) -> str:
        """The type guessed from the file's name, as the uploader's program would say it."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    @property
    def path(self) -> str:
        """The path of its private link."""
        return f"/files-pri/{self.team}-{self.id}"

    def wire(self) -> Json:
        """The ``file`` object; a deleted file is a tombstone."""
        if self.deleted:
            return {"id": self.id, "mode": "tombstone"}
        filetype = self.name.rsplit(".", 1)[-1].lower() if "." in self.name else "binary"
        link = f"{self.base_url}{self.path}"
        name = quote(self.name)
        wire: Json = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mimetype,
            "filetype": filetype,
            "pretty_type": filetype.upper(),
            "user": self.owner,
            "user_team": self.team,
            "editable": False,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": f"{link}/{name}",
            "url_private_download": f"{link}/download/{name}",
            "permalink": f"{self.base_url}/files/{self.owner}/{self.id}/{name}",
            "has_rich_preview": False,
            "file_access": "visible",
        }
        return wire | ({"alt_txt": self.alt_text} if self.alt_text else {})

    def info_wire(self) -> Json:
        """The ``file`` object with the lists of places it is shared in."""
        places: dict[str, list[str]] = {"channels": [], "groups": [], "ims": []}
        for channel in self.shared_in:
            places["ims" if channel.startswith("D") else "groups"].append(channel)
        return self.wire() | places


@dataclass(slots=True)
class PendingUpload:
    """An upload between ``files.getUploadURLExternal`` and ``files.completeUploadExternal``."""

    file_id: str
    name: str
    length: int
    alt_text: str
    key: str
    content: bytes | None = None
