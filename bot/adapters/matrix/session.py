"""The bot's session: one device that survives restarts, its key store and the wire, opened and closed."""

from __future__ import annotations

import logging
from typing import Any, TypeVar

import structlog
from nio import AsyncClient, ErrorResponse

from bot.adapters.matrix.keystore import forget_store, open_client
from bot.adapters.matrix.login import Login, log_in, log_out, still_valid
from bot.adapters.matrix.site import MatrixSite
from bot.adapters.matrix.wire import Wire
from bot.ports.adapter import ConfigurationRefused
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance

Part = TypeVar("Part")
_log = structlog.get_logger(__name__)


class Session:
    """One login of the bot's account: after :meth:`open`, its ``client``, ``wire`` and names."""

    def __init__(self, site: MatrixSite, cabinet: Cabinet, chance: Chance) -> None:
        """Prepare; nothing is sent yet."""
        self.site = site
        self.cabinet = cabinet
        self.chance = chance
        self.wire = Wire(site.homeserver)
        self._login: Login | None = None
        self._client: AsyncClient | None = None

    @property
    def client(self) -> AsyncClient:
        """The nio client: room state and encryption."""
        return _opened(self._client)

    @property
    def user_id(self) -> str:
        """The bot's whole user id."""
        return _opened(self._login).user_id

    @property
    def device_id(self) -> str:
        """The bot's device."""
        return _opened(self._login).device_id

    def cabinet_name(self, what: str) -> str:
        """Name a value of this site in the cabinet."""
        return f"matrix/{self.site.name}/{what}"

    async def open(self) -> None:
        """Be logged in with a key store that fits the device.

        Raises ``ConfigurationRefused`` for what only the operator can mend, ``Unreachable`` and ``Declined``.
        A login that the homeserver ended for good, or a key store that is gone, makes a new device: the old
        one could neither read nor be trusted again.
        """
        _keep_nio_quiet()
        await self._use(await self.kept_login() or await self._new_login())
        if not await self._keys_fit():
            await self._retire()
            await self._use(await self._new_login())
        await self.publish_keys()

    async def renew(self, *, soft: bool) -> None:
        """Log in again as the same device, which the homeserver has kept after a ``soft`` logout only.

        Raises ``ConfigurationRefused`` without such a device or a password, and ``Unreachable``.
        """
        if not soft:
            raise ConfigurationRefused("password", "The homeserver ended the bot's login; restart the bot.")
        old = _opened(self._login)
        login = await log_in(self.wire, self.site, old.pickle_key, old.device_id)
        await self._keep(login)
        self.client.access_token = login.access_token

    async def close(self) -> None:
        """Close store and connections; the login stays."""
        await self._close_client()
        await self.wire.close()

    async def publish_keys(self) -> None:
        """Upload device keys and one-time keys as far as the homeserver needs them."""
        if self.client.should_upload_keys:
            response = await self.client.keys_upload()
            if isinstance(response, ErrorResponse):
                _log.warning("matrix_keys_not_accepted", site=self.site.name)

    async def keys_of(self, user_id: str) -> dict[str, Any]:
        """Ask the homeserver for a user's keys: devices and cross-signing keys as it publishes them."""
        return await self.wire.post("/keys/query", {"device_keys": {user_id: []}})

    async def published_device(self) -> dict[str, Any] | None:
        """Give the bot's own device keys as the homeserver publishes them, or None."""
        answer = await self.keys_of(self.user_id)
        device: dict[str, Any] | None = answer["device_keys"].get(self.user_id, {}).get(self.device_id)
        return device

    async def kept_login(self) -> Login | None:
        """Give the login of the last start if the homeserver still takes it; raises as :meth:`open`."""
        kept = await self.cabinet.get(self.cabinet_name("login"))
        if kept is not None:
            login = Login.read(kept)
        elif self.site.access_token:
            login = Login(self.site.user, self.site.device_id, self.site.access_token, self._pickle_key())
        else:
            return None
        return await still_valid(self.wire, self.site, login)

    async def _new_login(self) -> Login:
        return await log_in(self.wire, self.site, self._pickle_key())

    async def _use(self, login: Login) -> None:
        await self._keep(login)
        self._client = open_client(self.site, login)

    async def _keep(self, login: Login) -> None:
        await self.cabinet.put(self.cabinet_name("login"), login.write())
        self._login = login
        self.wire.token = login.access_token

    async def _keys_fit(self) -> bool:
        """Say whether the homeserver knows this device under the store's keys, or under none yet.

        Asked before any upload: Synapse takes other keys for a known device without a word, and
        its peers would then never trust it again.
        """
        published = await self.published_device()
        identity = _opened(self.client.olm).account.identity_keys["ed25519"]
        return published is None or published["keys"].get(f"ed25519:{self.device_id}") == identity

    async def _retire(self) -> None:
        login = _opened(self._login)
        await self._close_client()
        await log_out(self.wire, login)
        forget_store(self.site, login)

    async def _close_client(self) -> None:
        client, self._client = self._client, None
        if client is None:
            return
        await client.close()  # type: ignore[no-untyped-call]
        if client.store is not None:
            client.store.database.close()

    def _pickle_key(self) -> str:
        return self.chance.key().hex()


def _opened(part: Part | None) -> Part:
    if part is None:
        message = "the session is not open"
        raise RuntimeError(message)
    return part


def _keep_nio_quiet() -> None:
    """Its log lines carry user ids, device ids and room ids."""
    for name in ("nio", "peewee"):
        logger = logging.getLogger(name)
        logger.handlers = [logging.NullHandler()]
        logger.propagate = False
