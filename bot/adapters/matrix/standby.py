"""Standby: a bot that does not serve its homeserver yet, with a device of its own that clients know already.

Clients give a room's key to the devices that are there when they speak, and never later. So the device is
there before the bot needs it, and takes in keys; it looks at no room and handles nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

import structlog
from nio import SyncResponse

from bot.adapters.matrix.crosssigning import sign_as_known
from bot.adapters.matrix.old_keys import OldKeys
from bot.adapters.matrix.room_keys import catch_up, take_in
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.wire import Declined, Unreachable
from bot.ports.adapter import ConfigurationRefused
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
_FIRST_SECONDS: Final = 15.0
"""How long the first try may hold up a bot that starts; it goes on after that."""
_REFUSED: Final = 100
"""Failures that a refusal counts as: an account is locked by too many wrong passwords in too short a time."""
_NOT_YET: Final = "The device of this machine is not ready yet."


class Standby:
    """Keeps one device ready, from :meth:`begin` to :meth:`end`."""

    def __init__(self, session: Session, clock: Clock, pause: Callable[[int], float]) -> None:
        """Take the session; ``pause`` gives seconds by failures in a row."""
        self._session = session
        self._clock = clock
        self._pause = pause
        self._old_keys = OldKeys(session, clock)
        self._running: asyncio.Task[None] | None = None
        self._tried = asyncio.Event()
        self.problem = ""
        """Why the device is not ready; empty once it is, or where nobody stands by."""

    async def begin(self) -> None:
        """Stand by; returns once the device is ready, or the first try has failed or takes long."""
        if self._running is None:
            self._tried.clear()
            self.problem = _NOT_YET
            self._running = asyncio.create_task(self._run())
        tried = asyncio.ensure_future(self._tried.wait())
        await asyncio.wait((tried,), timeout=_FIRST_SECONDS)
        tried.cancel()

    async def end(self) -> None:
        """Stand by no longer; the session is closed, and free to be opened for all there is to do."""
        running, self._running = self._running, None
        if running is not None:
            running.cancel()
            await asyncio.wait((running,))
            await self._session.close()
        self.problem = ""

    async def _run(self) -> None:
        failures = 0
        while True:
            try:
                await self._make_ready()
                failures = 0
                while True:
                    await self._go_on(await take_in(self._session, wait=True))
            except ConfigurationRefused as refused:
                failures = max(failures, _REFUSED)
                self._trouble(refused.sentence)
            except Declined as declined:
                self._trouble(f"The homeserver refuses the device of this machine ({declined}).")
            except Unreachable:
                self._trouble("The homeserver does not answer.")
            except Exception as error:  # noqa: BLE001 (a database that is away, or an answer that nio cannot read)
                self._trouble(f"The device of this machine is not ready: {type(error).__name__}.")
            failures += 1
            await self._session.close()
            await self._clock.sleep(self._pause(failures))

    async def _make_ready(self) -> None:
        await self._session.open()
        await catch_up(self._session)
        if not await sign_as_known(self._session):
            # Whoever has the seat makes the keys that sign; the homeserver tells when they are published.
            _log.info("matrix_standby_unsigned", site=self._session.site.name)
        self.problem = ""
        self._tried.set()
        _log.info("matrix_standby", site=self._session.site.name)

    async def _go_on(self, response: SyncResponse) -> None:
        self._old_keys.tend()
        if self._session.user_id in response.device_list.changed:
            await sign_as_known(self._session)

    def _trouble(self, problem: str) -> None:
        self.problem = problem
        self._tried.set()
        _log.warning("matrix_standby_not_ready", site=self._session.site.name)
