"""The stream: one sync after the other, patient with a failing homeserver, loud about a login that ended."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from aiohttp import ClientError
from nio import AsyncClient, ErrorResponse, Response, SyncResponse

from bot.adapters.matrix.arrivals import Arrivals
from bot.adapters.matrix.keystore import keep_token
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.wire import Declined, Unreachable
from bot.ports.adapter import ConfigurationRefused
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
NOTHING = {"not_types": ["*"]}
_TIMELINE_EVENTS = 200
_LONG_POLL_SECONDS = 30.0
_FULL_STATE_SECONDS = 300.0
_LOCKED_OUT_SECONDS = 60.0
_ECHO_SECONDS = 0.1
"""How long the next sync waits after one that brought no events: more of the bot's own ones come together."""

FILTER: dict[str, Any] = {
    # Own events stay in: Synapse leaves a kick or an invitation out of `state` too when they are filtered
    # from the timeline, and the bot would share keys with people who have gone.
    "room": {
        "timeline": {"limit": _TIMELINE_EVENTS},
        "ephemeral": NOTHING,
        "account_data": NOTHING,
    },
    "presence": NOTHING,
    "account_data": NOTHING,
}

Receive = Callable[[SyncResponse, str], Awaitable[None]]
"""Takes what a sync brought and the token it was asked with; returns once all of it is committed."""


class Stream:
    """Asks for what is new, hands it over, and only then asks for more."""

    def __init__(
        self,
        session: Session,
        clock: Clock,
        arrivals: Arrivals,
        pause: Callable[[int], float],
        receive: Receive,
    ) -> None:
        """Take the session and who receives its news; ``pause`` gives seconds by failures in a row."""
        self._session = session
        self._clock = clock
        self._arrivals = arrivals
        self._pause = pause
        self._receive = receive
        self._whole_state = False
        self._echo = False
        self._nudge = asyncio.Event()
        self.token = ""
        self.problem = "not connected yet"
        self._heard: float | None = None
        self.refused = False
        """Whether the homeserver has ended the bot's login for good."""

    def begin(self, token: str) -> None:
        """Go on from a token with a client that knows nothing yet, as each new connection has it."""
        self.token, self._whole_state = token, False

    def nudge(self) -> None:
        """Say that the homeserver answers again: a pause ends at once."""
        self._nudge.set()

    async def once(self) -> None:
        """Sync once and hand over; raises ``Declined`` and ``Unreachable``, and whatever the receiver raises.

        State is asked for whole until it came once.
        """
        since = self.token
        whole = self._whole_state
        response = await sync(self._session.client, since, full_state=not whole, wait=whole)
        self._whole_state = True
        self._echo = _is_empty(response)
        self._arrivals.left |= response.rooms.leave.keys()
        self._arrivals.left -= response.rooms.join.keys()
        await do_chores(self._session, response)
        self._arrivals.tell()
        await self._receive(response, since)
        self.token = response.next_batch
        if response.to_device_events:
            keep_token(self._session.client, self.token)
        self.problem, self.refused = "", False
        self._heard = self._clock.monotonic()

    @property
    def heard_seconds(self) -> float | None:
        """Seconds since the last sync was taken in; None before the first."""
        return None if self._heard is None else self._clock.monotonic() - self._heard

    async def run(self) -> None:
        """Go on until cancelled. Where the login has ended for good, ``problem`` says so.

        Then it is tried again now and then: an account that was only locked is let in again.
        """
        failures = 0
        while True:
            try:
                await self.once()
                failures = 0
                if self._echo:
                    await self._clock.sleep(_ECHO_SECONDS)
            except Declined as declined:
                failures += 1
                if declined.logged_out and not await self._renewed(declined):
                    await self._clock.sleep(_LOCKED_OUT_SECONDS)
                else:
                    await self._wait(failures, str(declined), declined.retry_after)
            except Unreachable:
                failures += 1
                await self._wait(failures, "no answer", None)
            except Exception as error:  # noqa: BLE001 (an answer that nio cannot read must not end the stream)
                failures += 1
                await self._wait(failures, type(error).__name__, None)

    async def _renewed(self, declined: Declined) -> bool:
        """Log in again after a soft logout; say whether going on makes sense."""
        try:
            await self._session.renew(soft=bool(declined.answer.get("soft_logout")))
        except ConfigurationRefused as refused:
            if not self.refused:
                _log.error("matrix_login_ended", site=self._session.site.name)
            self.problem, self.refused = refused.sentence, True
            return False
        except Unreachable:
            _log.warning("matrix_login_put_off", site=self._session.site.name)
        return True

    async def _wait(self, failures: int, problem: str, seconds: float | None) -> None:
        self.problem = f"The homeserver does not sync: {problem}."
        _log.warning("matrix_sync_failed", site=self._session.site.name, count=failures)
        self._nudge.clear()
        rest = asyncio.ensure_future(self._clock.sleep(seconds or self._pause(failures)))
        nudged = asyncio.ensure_future(self._nudge.wait())
        try:
            await asyncio.wait((rest, nudged), return_when=asyncio.FIRST_COMPLETED)
        finally:
            rest.cancel()
            nudged.cancel()


def _is_empty(response: SyncResponse) -> bool:
    """Say whether a sync brought no events, but for what the bot said itself: that was taken out before."""
    if response.rooms.leave or response.rooms.invite or response.to_device_events:
        return False
    return not any(room.timeline.events for room in response.rooms.join.values())


async def sync(
    client: AsyncClient,
    since: str,
    *,
    full_state: bool = False,
    wait: bool = True,
    wanted: Mapping[str, Any] = FILTER,
) -> SyncResponse:
    """Ask once for what is ``wanted``; raises ``Declined`` and ``Unreachable``.

    With ``wait`` the homeserver answers when there is something, or after half a minute.
    """
    # nio ignores a response whose token it has seen, without decrypting it: the token is ours alone.
    client.next_batch = ""
    seconds = _FULL_STATE_SECONDS if full_state else _LONG_POLL_SECONDS + 15
    try:
        async with asyncio.timeout(seconds):
            response = await client.sync(
                timeout=int(_LONG_POLL_SECONDS * 1000) if wait else 0,
                sync_filter=dict(wanted),
                since=since or None,
                full_state=full_state,
            )
    except (ClientError, TimeoutError, OSError) as error:
        raise Unreachable(type(error).__name__) from error
    if isinstance(response, SyncResponse):
        return response
    raise declined_by(response)


async def do_chores(session: Session, response: SyncResponse) -> None:
    """Do what encryption needs between two syncs; what fails is done after the next one."""
    client = session.client
    if client.olm is not None and response.device_key_count.signed_curve25519 == 0:
        # nio takes a count of nought for "not said" and would never upload keys again.
        client.olm.uploaded_key_count = 0
    try:
        await client.send_to_device_messages()
        await session.publish_keys()
        if client.should_query_keys:
            await client.keys_query()
        if client.should_claim_keys:
            await client.keys_claim(client.get_users_for_key_claiming())
    except (ClientError, TimeoutError, OSError):
        _log.warning("matrix_keys_put_off", site=session.site.name)


def declined_by(response: Response) -> Declined:
    """Translate an error that nio gives back as a value."""
    status = int(getattr(response.transport_response, "status", 0))
    if not isinstance(response, ErrorResponse):
        return Declined(status, {})
    answer = {"errcode": response.status_code or "", "soft_logout": response.soft_logout}
    wait = response.retry_after_ms
    return Declined(status, answer, wait / 1000 if wait else None)
