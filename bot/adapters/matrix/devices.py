"""Devices: each running bot is one device of the account, and the keys of that one lie in the bot's folder.

Bots on several machines have a folder each, and so a device each. Two bots on one folder have a device each
too: a device is taken with a lock, and whoever finds none that is free makes another.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Awaitable, Callable
from typing import Final

from bot.adapters.matrix.keystore import forget_store, lock_file, stored_devices
from bot.adapters.matrix.login import Login
from bot.adapters.matrix.site import MatrixSite
from bot.ports.adapter import ConfigurationRefused
from bot.ports.cabinet import Cabinet

_ONE_OF_ALL: Final = "login"
"""Where the login of the account's only device lay before each bot had one of its own."""
_NO_LOCKS: Final = "Files in this folder cannot be locked; choose one on a disk of this machine."
StillValid = Callable[[Login], Awaitable[Login | None]]
"""Gives a login as it is now; None when the homeserver has ended it for good."""


class Devices:
    """The devices of one folder, and the logins of all devices, which the bots of an installation share."""

    def __init__(self, site: MatrixSite, cabinet: Cabinet, name: Callable[[str], str]) -> None:
        """Take the folder's site, and where logins are kept under which names."""
        self._site = site
        self._cabinet = cabinet
        self._name = name
        self._lock: int | None = None
        self._locked = ""

    async def take(self, still_valid: StillValid) -> Login | None:
        """Take a device that nobody uses; None where there is none. Raises what ``still_valid`` raises.

        One whose login has ended is forgotten: the homeserver has deleted it.
        """
        self.release()
        for device_id in stored_devices(self._site):
            kept = await self.kept(device_id) if self._take_lock(device_id) else None
            if kept is not None:
                if (login := await still_valid(kept)) is not None:
                    return login
                await self.forget(kept)
            self.release()
        return None

    async def first(self) -> Login | None:
        """Give the login of a device of this folder, in use or not."""
        for device_id in stored_devices(self._site):
            if (login := await self.kept(device_id)) is not None:
                return login
        return None

    async def kept(self, device_id: str) -> Login | None:
        """Give the login of a device, of this machine or another; None where nobody keeps one."""
        own = await self._cabinet.get(self._name(_of(device_id)))
        kept = own or await self._cabinet.get(self._name(_ONE_OF_ALL))
        login = Login.read(kept) if kept is not None else None
        return login if login is not None and login.device_id == device_id else None

    async def keep(self, login: Login) -> bool:
        """Keep a login of this bot's and take its device; False, and nothing, where another bot uses it."""
        if not self._take_lock(login.device_id):
            return False
        await self._cabinet.put(self._name(_of(login.device_id)), login.write())
        await self._drop_earlier(login.device_id)
        return True

    async def forget(self, login: Login) -> None:
        """Forget a device that is no more, with its keys where they lie here."""
        await self._cabinet.drop(self._name(_of(login.device_id)))
        await self._drop_earlier(login.device_id)
        forget_store(self._site, login)

    def release(self) -> None:
        """Let another bot have the device."""
        if self._lock is not None:
            os.close(self._lock)
        self._lock, self._locked = None, ""

    async def _drop_earlier(self, device_id: str) -> None:
        """Drop the login from where it lay when there was one for all."""
        kept = await self._cabinet.get(self._name(_ONE_OF_ALL))
        if kept is not None and Login.read(kept).device_id == device_id:
            await self._cabinet.drop(self._name(_ONE_OF_ALL))

    def _take_lock(self, device_id: str) -> bool:
        """Take the device for as long as this process lives, or until it is released.

        Raises ``ConfigurationRefused`` where the file system has no locks.
        """
        if self._locked == device_id:
            return True
        self.release()
        descriptor = os.open(lock_file(self._site, device_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        except OSError as error:
            os.close(descriptor)
            raise ConfigurationRefused("data_dir", _NO_LOCKS) from error
        self._lock, self._locked = descriptor, device_id
        return True


def _of(device_id: str) -> str:
    return f"login/{device_id}"
