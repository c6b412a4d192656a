"""A bare relay as a program: slack-bolt to matrix-nio, in order, nothing kept on disk.

python bare.py SLACK_API HOMESERVER USER ROOM [--loaded [DATABASE]]

`--loaded`: with Curbside's other libraries in memory, and each text through its anonymizer. Nothing that
keeps the rules of the house can be lighter than that. With a DATABASE, an SQLite file, each message is also
on the disk before it is acknowledged, and again, cleaned, before it is sent: nothing that loses no message
can be lighter.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import sqlite3
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


class Disk:
    """Rows in one SQLite file; what gathers while a commit is under way shares the next one."""

    def __init__(self, path: str) -> None:
        """Make the file; every commit visits the disk."""
        self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._file.execute("PRAGMA journal_mode = WAL")
        self._file.execute("PRAGMA synchronous = FULL")
        self._file.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, words TEXT)")
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    async def keep(self, words: str) -> None:
        """Return once it is on the disk."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((words, kept))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            await asyncio.to_thread(self._commit, [(words,) for words, _ in batch])
            for _, kept in batch:
                kept.set_result(None)

    def _commit(self, rows: list[tuple[str]]) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        self._file.executemany("INSERT INTO said (words) VALUES (?)", rows)
        self._file.execute("COMMIT")


async def main(slack_api: str, homeserver: str, user: str, room: str, *more: str) -> None:
    """Relay until killed."""
    logging.disable(logging.INFO)
    clean = cleaning() if more else str
    disk = Disk(more[1]) if more[1:] else None
    matrix = AsyncClient(homeserver, user)
    matrix.access_token, matrix.user_id, matrix.device_id = "token1", user, "BENCH"
    heard: asyncio.Queue[str] = asyncio.Queue()
    app = AsyncApp(
        client=AsyncWebClient(token="xoxb-bench", base_url=slack_api),  # noqa: S106
        process_before_response=disk is not None,
    )

    @app.event("message")
    async def hear(event: dict[str, Any]) -> None:
        if disk is not None:
            await disk.keep(event["text"])
        heard.put_nowait(event["text"])

    async def send() -> None:
        while True:
            content = {"msgtype": "m.text", "body": clean(await heard.get())}
            if disk is not None:
                await disk.keep(content["body"])
            await matrix.room_send(room, "m.room.message", content, ignore_unverified_devices=True)

    # Without its own messages in the syncs: they would cost it half of its pace.
    wanted = {"room": {"timeline": {"not_senders": [user]}}}
    await matrix.sync(sync_filter=wanted, full_state=True)
    handler = AsyncSocketModeHandler(app, "xapp-bench")
    syncing = matrix.sync_forever(timeout=30_000, sync_filter=wanted)
    await asyncio.gather(handler.start_async(), send(), syncing)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
