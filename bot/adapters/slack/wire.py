"""The wire to Slack's Web API: one try a call, and a plain word about how it ended."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, DummyCookieJar
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from yarl import URL

from bot.adapters.slack.errors import LOCKED_OUT, Declined, Unreachable
from bot.adapters.slack.hush import library_logger
from bot.adapters.slack.literal import Json
from bot.adapters.slack.pace import Pace
from bot.adapters.slack.site import Secret, SlackSite

_SECONDS = 30
# These take JSON; all others take form fields, never the query, which proxies write to their logs.
_JSON = frozenset(
    {
        "chat.delete",
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.update",
        "conversations.invite",
        "conversations.kick",
        "conversations.open",
        "views.open",
        "views.publish",
        "views.update",
    }
)


class Wire:
    """Calls of one workspace. Nothing is tried twice here: Slack has no idempotency key.

    ``pace`` counts every call; waiting for it is up to the caller. ``locked_out`` hears the code when Slack
    does not take the bot token any more.
    """

    def __init__(
        self,
        site: SlackSite,
        pace: Pace | None = None,
        locked_out: Callable[[str], None] = lambda _code: None,
    ) -> None:
        self._site = site
        self._pace = pace
        self._locked_out = locked_out
        self._session: ClientSession | None = None
        self.client = AsyncWebClient(
            token=site.bot_token.reveal(),
            base_url=site.api_url,
            timeout=_SECONDS,
            logger=library_logger(),
            retry_handlers=[],
        )
        if site.local:
            self.client.proxy = None  # the SDK would send loopback through HTTPS_PROXY

    @property
    def session(self) -> ClientSession:
        """The connection pool, opened when it is first needed."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(timeout=ClientTimeout(total=_SECONDS), cookie_jar=DummyCookieJar())
            self.client.session = self._session
        return self._session

    async def close(self) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()

    async def ask(self, method: str, **args: Any) -> Json:  # noqa: ANN401  (Slack's arguments are JSON)
        """Call a method with the bot token; raises :class:`Declined` or :class:`Unreachable`."""
        answer = await self.ask_whole(method, **args)
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def ask_whole(self, method: str, **args: Any) -> AsyncSlackResponse:  # noqa: ANN401
        """Call a method as :meth:`ask` does, and give the answer with its headers."""
        given = {name: value for name, value in args.items() if value is not None}
        body = {"json": given} if method in _JSON else {"data": _form(given)}
        token, channel = self.client.token, str(given.get("channel", ""))
        if self._pace is not None:
            self._pace.made(method, channel)
        try:
            return await self._call(method, **body)
        except Declined as declined:
            if declined.limited and self._pace is not None:
                declined.site_wide = self._pace.limited(method, channel, declined.retry_after)
            if declined.code in LOCKED_OUT and token == self.client.token:
                self._locked_out(declined.code)
            raise

    def use(self, token: str) -> None:
        """Make calls with this bot token from now on."""
        self.client.token = token

    async def open_socket(self) -> str:
        """Ask for the address of a new Socket Mode connection, with the app-level token."""
        token = self._site.app_token.reveal()
        answer = await self._call("apps.connections.open", headers={"Authorization": f"Bearer {token}"})
        return str(answer.get("url", ""))

    async def ask_as_app(self, method: str, client_id: str, secret: Secret, **args: str) -> Json:
        """Call a method as the app itself, which shows its id and secret where they belong."""
        pair = b64encode(f"{client_id}:{secret.reveal()}".encode()).decode()
        answer = await self._call(method, data=args, headers={"Authorization": f"Basic {pair}"})
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    async def post_to(self, url: URL, *, body: bytes, content_type: str) -> None:
        """Post to an address that Slack handed out; only 2xx is good. The caller checked the address."""
        method = "response_url" if content_type == "application/json" else "upload"
        headers, proxy = {"Content-Type": content_type}, self.client.proxy
        try:
            async with self.session.post(
                url, data=BytesIO(body), headers=headers, proxy=proxy, allow_redirects=False
            ) as answer:
                status, pause = answer.status, _pause(answer.headers)
        except ClientConnectorError:
            raise Unreachable(method, sent=False) from None
        except (ClientError, TimeoutError, OSError):
            raise Unreachable(method, sent=True) from None
        if not 200 <= status < 300:
            raise Declined(method, f"http_{status}", status=status, retry_after=pause)

    async def _call(self, method: str, **request: Any) -> AsyncSlackResponse:  # noqa: ANN401
        self.session  # noqa: B018  (opens the pool that the client uses)
        try:
            return await self.client.api_call(method, **request)
        except SlackApiError as error:
            # Without its cause: the SDK's error carries the request, and so the text.
            raise _declined(method, error) from None
        except ClientConnectorError:
            raise Unreachable(method, sent=False) from None
        except (ClientError, SlackClientError, TimeoutError, OSError):
            raise Unreachable(method, sent=True) from None


def _form(args: Mapping[str, Any]) -> dict[str, str]:
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in args.items()}


def _declined(method: str, error: SlackApiError) -> Declined:
    response = error.response
    if not isinstance(response, AsyncSlackResponse):  # the SDK could not read the body
        return Declined(method, "unreadable_answer", status=int(getattr(response, "status", 500)))
    code = response.data.get("error", "") if isinstance(response.data, dict) else ""
    status, pause = response.status_code, _pause(response.headers)
    return Declined(method, str(code) or f"http_{status}", status=status, retry_after=pause)


def _pause(headers: Mapping[str, Any]) -> float | None:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            seconds = str(value).strip()
            return float(seconds) if seconds.isascii() and seconds.isdigit() else None
    return None
