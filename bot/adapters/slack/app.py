"""The Bolt app: every payload takes one walk, to an event, into the inbox, and then is acknowledged."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.acknowledged import Acknowledged
from bot.adapters.slack.forms import problems, waiting_view
from bot.adapters.slack.hush import library_logger
from bot.adapters.slack.inbound import Unknown, drawn_again, to_event
from bot.adapters.slack.site import SlackSite
from bot.chat.events import Event, Kind
from bot.ports.intake import Intake

_log = structlog.get_logger(__name__)
_ANY = re.compile("")

_REMOVED = frozenset({"app_uninstalled", "tokens_revoked"})
"""Events that tell that the token may have died; they say nothing of anybody."""
_CAME_IN = "member_joined_channel"

Send = Callable[[BoltResponse], Awaitable[None]]
"""Puts an acknowledgement on the wire of the transport that brought the payload."""


class Reception:
    """Takes payloads from either transport. ``bot_user`` and ``bot_id`` are this app's own ids.

    ``removed`` is called when the app may have been removed, ``knocked`` when somebody came into a channel
    while nothing was taken in: it may be this app, for which a channel was missing so far.
    """

    def __init__(
        self,
        site: SlackSite,
        acknowledged: Acknowledged,
        *,
        removed: Callable[[], None] = lambda: None,
        knocked: Callable[[], None] = lambda: None,
    ) -> None:
        self._removed = removed
        self._knocked = knocked
        self._room = site.channel
        self._moderators = site.moderators
        self._acknowledged = acknowledged
        self._intake: Intake | None = None
        self.bot_user = ""
        self.bot_id = ""
        self._app = self._build(site)

    def open(self, intake: Intake) -> None:
        """Begin to take in."""
        self._intake = intake

    def close(self) -> None:
        """Take in nothing more: what comes now is not acknowledged, so Slack keeps what it can repeat."""
        self._intake = None

    async def receive(self, request: AsyncBoltRequest, send: Send) -> None:
        """Commit what the payload says, then put the acknowledgement on the wire."""
        try:
            await send(await self._app.async_dispatch(request))
        finally:
            self._acknowledged.done(_submission_id(request.body))

    def _build(self, site: SlackSite) -> AsyncApp:
        # Bolt reads the names of arguments, and would take a method's self for one.
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
            return self._who(enterprise_id, team_id)

        app = AsyncApp(
            name="curbside",
            logger=library_logger(),
            client=AsyncWebClient(base_url=site.api_url, logger=library_logger(), retry_handlers=[]),
            authorize=authorize,
            process_before_response=True,
            # Both are checked before a payload gets here: the library parses first, answers an unsigned
            # ssl_check, and raises for a time stamp that is no number.
            signing_secret="",
            request_verification_enabled=False,
            ssl_check_enabled=False,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        for listen in (app.command, app.action, app.view, app.shortcut, app.event):
            listen(_ANY)(self._take)
        app.error(_refuse)
        return app

    def _who(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Name ourselves without a network call; the signature or the socket already proved the sender."""
        return AuthorizeResult(
            enterprise_id=enterprise_id, team_id=team_id, bot_user_id=self.bot_user, bot_id=self.bot_id
        )

    async def _take(self, body: dict[str, Any], ack: AsyncAck) -> None:
        told = _told_by(body)
        if told in _REMOVED:
            self._removed()
            await ack()
            return
        if told == _CAME_IN and self._intake is None:
            self._knocked()
        wrong = problems(body["view"]) if body.get("type") == "view_submission" else {}
        if wrong:
            await ack(response_action="errors", errors=wrong)
            return
        try:
            event = to_event(body, self._room, self._moderators)
        except Unknown:
            _log.warning("slack_payload_unknown")
            event = None
        if event is None:
            await ack()
        elif event.kind is Kind.FORM:
            await self._take_form(event, body["view"], ack)
        else:
            await self._commit(event)
            await ack()

    async def _take_form(self, event: Event, view: Mapping[str, Any], ack: AsyncAck) -> None:
        first = self._acknowledged.expect(event.id)
        try:
            await self._commit(event)
        except BaseException:
            self._acknowledged.forget(event.id)
            raise
        if first:
            await ack(response_action="update", view=waiting_view(view))
        else:
            await ack()

    async def _commit(self, event: Event) -> None:
        if self._intake is None:
            raise NotOpen
        await self._intake.accept([event, *drawn_again(event)])


class NotOpen(Exception):
    """Nothing is taken in before the start or after the stop."""


async def _refuse(error: Exception) -> BoltResponse:
    """Give no acknowledgement: nothing was committed. Slack repeats events and tells the person otherwise."""
    _log.warning("slack_not_committed", code=type(error).__name__)
    return BoltResponse(status=503, body="")


def _told_by(body: Mapping[str, Any]) -> str:
    event = body.get("event")
    return str(event.get("type", "")) if isinstance(event, Mapping) else ""


def _submission_id(body: Mapping[str, Any]) -> str:
    view = body.get("view") if body.get("type") == "view_submission" else None
    return f"view:{view.get('id')}:{view.get('hash')}" if isinstance(view, Mapping) else ""


def acknowledgement(answer: BoltResponse) -> dict[str, Any] | None:
    """Read what an acknowledgement says, for a transport that carries JSON; None when it says nothing."""
    if not answer.body:
        return None
    said = json.loads(answer.body)
    return said if isinstance(said, dict) else None
