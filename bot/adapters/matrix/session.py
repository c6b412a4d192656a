"""The bot's session: one device that survives restarts, its key store and the wire, opened and closed."""

from __future__ import annotations

import logging
from functools import partial
from typing import Any, TypeVar

import structlog
from nio import AsyncClient, ErrorResponse

from bot.adapters.matrix.devices import Devices
from bot.adapters.matrix.keystore import open_client
from bot.adapters.matrix.login import Login, log_in, log_out, still_valid
from bot.adapters.matrix.site import MatrixSite
from bot.adapters.matrix.wire import Wire
from bot.ports.adapter import ConfigurationRefused
from bot.ports.cabinet import Cabinet
from bot.ports.chance import Chance

Part = TypeVar("Part")
_log = structlog.get_logger(__name__)
_KEYS_ELSEWHERE = "This token's device has its keys on another machine; give each machine a token of its own."
_ENDED = "The homeserver ended the bot's login; restart the bot, which logs in again by its password."
_ENDED_FOR_GOOD = "The homeserver ended the bot's login; write another access token, then restart the bot."
_IN_USE = "Another bot on the same folder uses this token; give each bot a token of its own."


class Session:
    """One login of the bot's account: after :meth:`open`, its ``client``, ``wire`` and names."""

    def __init__(self, site: MatrixSite, cabinet: Cabinet, chance: Chance) -> None:
        """Prepare; nothing is sent yet."""
        self.site = site
        self.cabinet = cabinet
        self.chance = chance
        self.wire = Wire(site.homeserver)
        self.devices = Devices(site, cabinet, self.cabinet_name)
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
        login = await self.devices.take(partial(still_valid, self.wire, self.site))
        if login is None and (login := await self._given_login()) is not None:
            await self._require_own_keys(login)
        await self._use(login or await self._new_login())
        if not await self._keys_fit():
            await self._retire()
            await self._use(await self._new_login())
        await self.publish_keys()

    async def renew(self, *, soft: bool) -> None:
        """Log in again as the same device, which the homeserver has kept after a ``soft`` logout only.

        Raises ``ConfigurationRefused`` without such a device or a password, and ``Unreachable``.
        """
        if not soft:
            raise ConfigurationRefused("password", _ENDED if self.site.password else _ENDED_FOR_GOOD)
        old = _opened(self._login)
        login = await log_in(self.wire, self.site, old.pickle_key, old.device_id)
        await self._keep(login)
        self.client.access_token = login.access_token

    async def close(self) -> None:
        """Close store and connections, and let go of the device; the login stays."""
        await self._close_client()
        await self.wire.close()
        self.devices.release()

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
        """Give the login of this machine if the homeserver still takes it; raises as :meth:`open`.

        Its device stays with whoever uses it.
        """
        login = await self.devices.first()
        return await self._given_login() if login is None else await still_valid(self.wire, self.site, login)

    async def _given_login(self) -> Login | None:
        """Give the login of the configured token; None where there is none, or it has ended."""
        if not self.site.access_token:
            return None
        given = Login(self.site.user, self.site.device_id, self.site.access_token, self._pickle_key())
        return await still_valid(self.wire, self.site, given)

    async def _require_own_keys(self, given: Login) -> None:
        """Refuse the token of a device that is another machine's: its keys would be lost there."""
        if not self.site.alone and await self.devices.kept(given.device_id) is not None:
            raise ConfigurationRefused("access_token", _KEYS_ELSEWHERE)

    async def _new_login(self) -> Login:
        return await log_in(self.wire, self.site, self._pickle_key())

    async def _use(self, login: Login) -> None:
        await self._keep(login)
        self._client = open_client(self.site, login)

    async def _keep(self, login: Login) -> None:
        if not await self.devices.keep(login):
            raise ConfigurationRefused("access_token", _IN_USE)
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
        await self.devices.forget(login)

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
