"""HTTP delivery: the same payloads as signed requests to the app's own address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from urllib.parse import urlencode

from aiohttp import ClientError, ClientSession

from .envelopes import Envelope, NotTaken
from .team import Team, World
from .wire import Json

_FORM = "application/x-www-form-urlencoded"


class SignedHttp:
    """Posts payloads to ``app.deliver_to``; ``stamp`` gives the real time that signatures carry."""

    def __init__(self, world: World, stamp: Callable[[], float]) -> None:
        self.world = world
        self.stamp = stamp
        self.session: ClientSession | None = None

    def send(self, team: Team, envelope: Envelope) -> asyncio.Future[Json]:
        """Post one payload; the future holds the answer's JSON, or NotTaken."""
        return asyncio.ensure_future(self._post(team, envelope))

    async def close(self) -> None:
        """Close the connections."""
        if self.session is not None:
            await self.session.close()

    async def challenge(self, team: Team) -> bool:
        """Ask the address to prove itself, as when it is typed into the app's settings."""
        word = self.world.mint.hex(40)
        payload = {"token": team.app.verification_token, "challenge": word, "type": "url_verification"}
        answer = await self._post(team, Envelope("events_api", payload))
        return word in (answer.get("challenge", ""), answer.get("text", ""))

    async def _post(self, team: Team, envelope: Envelope) -> Json:
        self.session = self.session or ClientSession()
        body, headers = _packed(envelope)
        headers |= self._signature(team, body)
        try:
            async with self.session.post(str(team.app.deliver_to), data=body, headers=headers) as response:
                if response.status != 200:
                    raise NotTaken("http_service_error")
                return _answer(await response.text())
        except ClientError:
            raise NotTaken("dispatch_failed") from None

    def _signature(self, team: Team, body: bytes) -> dict[str, str]:
        stamp = str(int(self.stamp()))
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(team.app.signing_secret, stamp, body),
        }


def signature(secret: str, stamp: str, body: bytes) -> str:
    """The v0 signature of a request body sent at ``stamp``."""
    base = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _packed(envelope: Envelope) -> tuple[bytes, dict[str, str]]:
    if envelope.kind == "slash_commands":
        return urlencode(envelope.payload).encode(), {"Content-Type": _FORM}
    if envelope.kind == "interactive":
        return urlencode({"payload": json.dumps(envelope.payload)}).encode(), {"Content-Type": _FORM}
    headers = {"Content-Type": "application/json"}
    if envelope.retry:
        headers |= {"X-Slack-Retry-Num": str(envelope.retry), "X-Slack-Retry-Reason": envelope.retry_reason}
    return json.dumps(envelope.payload).encode(), headers


def _answer(text: str) -> Json:
    if not text.strip():
        return {}
    try:
        parsed = json.loads(text)
    except ValueError:
        return {"text": text}
    return parsed if isinstance(parsed, dict) else {"text": text}
