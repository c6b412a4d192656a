"""The key store of the bot's device: one SQLite file for the bot alone, in which nobody's name can be read.

nio's own stores keep the user ids of everybody the bot talks with in the clear, one even in files beside it.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Collection, Mapping
from dataclasses import replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nio import AsyncClient, AsyncClientConfig
from nio.crypto import DeviceStore, OlmDevice
from nio.store import SqliteStore
from vodozemac import LibolmPickleException, PickleException

from bot.adapters.matrix.echoes import UnechoedClient
from bot.adapters.matrix.login import Login
from bot.adapters.matrix.site import MatrixSite
from bot.ports.adapter import ConfigurationRefused

_BUCKET = 128
_DEVICE = "device-"
_PURPOSE = b"curbside matrix user ids"


class SealedStore(SqliteStore):
    """nio's SQLite store with sealed user ids; one id is always sealed the same way, to be found again."""

    def save_device_keys(self, device_keys: Mapping[str, Mapping[str, OlmDevice]]) -> None:
        """Save the device keys of users."""
        sealed = {
            self._seal(user_id): {name: self._sealed(device) for name, device in devices.items()}
            for user_id, devices in device_keys.items()
        }
        super().save_device_keys(sealed)

    def load_device_keys(self) -> DeviceStore:
        """Load all device keys."""
        opened = DeviceStore()  # type: ignore[no-untyped-call]
        for device in super().load_device_keys():
            opened.add(replace(device, user_id=self._open(device.user_id)))
        return opened

    def ignore_devices(self, devices: list[OlmDevice]) -> None:
        """Note that devices get keys although nobody has verified them."""
        sealed = [self._sealed(device) for device in devices]
        super().ignore_devices(sealed)
        for device, kept in zip(devices, sealed, strict=True):
            device.trust_state = kept.trust_state

    def save_encrypted_rooms(self, rooms: Collection[str]) -> None:
        """Save which rooms are encrypted; nio asks for it at every sync, nearly always with none."""
        if rooms:
            super().save_encrypted_rooms(rooms)

    def _get_device(self, device: OlmDevice) -> object:
        return super()._get_device(self._sealed(device))  # type: ignore[no-untyped-call]

    def _sealed(self, device: OlmDevice) -> OlmDevice:
        """Give a copy for the database: no name of its owner, nor the name that the owner gave it."""
        return replace(device, user_id=self._seal(device.user_id), display_name="")

    def _seal(self, user_id: str) -> str:
        padded = user_id.encode() + b"\0" * (-len(user_id.encode()) % _BUCKET)
        return base64.urlsafe_b64encode(self._cipher().encrypt(padded, None)).decode()

    def _open(self, sealed: str) -> str:
        return self._cipher().decrypt(base64.urlsafe_b64decode(sealed), None).rstrip(b"\0").decode()

    def _cipher(self) -> AESSIV:
        return AESSIV(HKDF(SHA256(), 64, salt=None, info=_PURPOSE).derive(self.pickle_key.encode()))


def open_client(site: MatrixSite, login: Login) -> AsyncClient:
    """Open the store of a login, new or old; raises ``ConfigurationRefused`` when the key does not fit."""
    file = _file(site, login)
    _make_private(file)
    config = AsyncClientConfig(
        store=SealedStore,
        store_name=file.name,
        pickle_key=login.pickle_key,
        store_sync_tokens=False,
        max_limit_exceeded=0,
        max_timeouts=0,
    )
    client = UnechoedClient(
        site.homeserver.rstrip("/"), login.user_id, store_path=str(file.parent), config=config
    )
    try:
        client.restore_login(login.user_id, login.device_id, login.access_token)
    except (LibolmPickleException, PickleException, InvalidTag) as error:
        sentence = f"The key store {file.name} does not open with the key from the vault."
        raise ConfigurationRefused("data_dir", f"{sentence} Move the file away and start again.") from error
    return client


def forget_store(site: MatrixSite, login: Login) -> None:
    """Remove the store of a device that is no more."""
    _file(site, login).unlink(missing_ok=True)
    _lock_file(site, login.device_id).unlink(missing_ok=True)


def stored_devices(site: MatrixSite) -> list[str]:
    """List the devices whose stores lie in the site's folder, the last used first."""
    files = sorted(site.store.glob(f"{_DEVICE}*.db"), key=lambda file: file.stat().st_mtime, reverse=True)
    return [file.name.removeprefix(_DEVICE).removesuffix(".db") for file in files]


def lock_file(site: MatrixSite, device_id: str) -> Path:
    """Give the file that whoever uses a device holds locked; its folder is there."""
    _make_folder(site.store)
    return _lock_file(site, device_id)


def kept_token(client: AsyncClient) -> str:
    """Give the token up to which this device has taken in what clients send to it; empty at first."""
    return (client.store.load_sync_token() or "") if client.store is not None else ""


def keep_token(client: AsyncClient, token: str) -> None:
    """Keep that token beside the keys that came with it."""
    if client.store is not None:
        client.store.save_sync_token(token)


def _file(site: MatrixSite, login: Login) -> Path:
    return site.store / f"{_DEVICE}{login.device_id}.db"


def _lock_file(site: MatrixSite, device_id: str) -> Path:
    return site.store / f"{_DEVICE}{device_id}.lock"


def _make_private(file: Path) -> None:
    """Make folder and file before SQLite does, which would leave the file readable for the whole machine."""
    _make_folder(file.parent)
    os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
    file.chmod(0o600)


def _make_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
