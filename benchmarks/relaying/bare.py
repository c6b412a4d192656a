"""A bare relay as a program: slack-bolt to matrix-nio, in order, nothing kept on disk.

python bare.py SLACK_API HOMESERVER USER ROOM [--loaded]

`--loaded`: with Curbside's other libraries in memory, and each text through its anonymizer. Nothing that
keeps the rules of the house can be lighter than that.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import sys
from collections.abc import Callable
from typing import Any, Final

from nio import AsyncClient
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

_LIBRARIES: Final = (
    *("aiosqlite", "cryptography.hazmat.primitives.ciphers.aead", "prometheus_client", "pydantic_settings"),
    *("sqlalchemy.ext.asyncio", "structlog"),
)


def cleaning() -> Callable[[str], str]:
    """Load what Curbside stands on, and give what it does to a text."""
    for name in _LIBRARIES:
        importlib.import_module(name)
    anonymizer = importlib.import_module("bot.anonymizer").Anonymizer()
    return lambda text: anonymizer.clean({"text": text}).text("text")


async def main(slack_api: str, homeserver: str, user: str, room: str, *more: str) -> None:
    """Relay until killed."""
    logging.disable(logging.INFO)
    clean = cleaning() if more else str
    matrix = AsyncClient(homeserver, user)
    matrix.access_token, matrix.user_id, matrix.device_id = "token1", user, "BENCH"
    heard: asyncio.Queue[str] = asyncio.Queue()
    app = AsyncApp(client=AsyncWebClient(token="xoxb-bench", base_url=slack_api))  # noqa: S106

    @app.event("message")
    async def hear(event: dict[str, Any]) -> None:
        heard.put_nowait(event["text"])

    async def send() -> None:
        while True:
            content = {"msgtype": "m.text", "body": clean(await heard.get())}
            await matrix.room_send(room, "m.room.message", content, ignore_unverified_devices=True)

    # Without its own messages in the syncs: they would cost it half of its pace.
    wanted = {"room": {"timeline": {"not_senders": [user]}}}
    await matrix.sync(sync_filter=wanted, full_state=True)
    handler = AsyncSocketModeHandler(app, "xapp-bench")
    syncing = matrix.sync_forever(timeout=30_000, sync_filter=wanted)
    await asyncio.gather(handler.start_async(), send(), syncing)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
