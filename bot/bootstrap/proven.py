"""Which sites worked with the very settings that they have now.

What never worked is a mistake in the file: a start refuses it. What worked and does not any more happened to
the site, and must not keep a network of hospitals from everything else.
"""

from __future__ import annotations

import hashlib
import json

from bot.config import SecretStr, Settings
from bot.ports.cabinet import Cabinet


class Proven:
    """Remembers by a digest (SHA-256) of a site's settings that it was connected with them."""

    def __init__(self, settings: Settings, cabinet: Cabinet) -> None:
        """Take the settings, and where the digests lie sealed."""
        self._digests = {site.name: _digest(settings, site.name) for site in settings.sites}
        self._cabinet = cabinet

    async def holds(self, site: str) -> bool:
        """Say whether the site worked with what is written now."""
        return site in self._digests and await self._cabinet.get(site) == self._digests[site]

    async def note(self, site: str) -> None:
        """Remember that it works; without settings there is nothing to remember."""
        if site in self._digests:
            await self._cabinet.put(site, self._digests[site])


def _digest(settings: Settings, name: str) -> bytes:
    """Digest all that is written of a site, with the moderators' room where it is there."""
    site = next(one for one in settings.sites if one.name == name)
    room = settings.moderators.room if settings.moderators.site == name else ""
    written = json.dumps([dict(site), room], default=_revealed, sort_keys=True)
    return hashlib.sha256(written.encode()).digest()


def _revealed(value: object) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
