"""Verification requests in a home chat: ready, accept, key, mac, done; then clients show the bot as verified.

The person compares nothing that the bot could show elsewhere, so this pins the identity seen today and
proves no more; docs/matrix.md says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog

from bot.adapters.matrix.inbound import Heard
from bot.adapters.matrix.sas import METHOD, Comparison, Party, SasRefused
from bot.adapters.matrix.sending import Sender
from bot.adapters.matrix.session import Session
from bot.adapters.matrix.wire import Declined, Unreachable
from bot.ports.adapter import Later, Undeliverable
from bot.ports.clock import Clock

_log = structlog.get_logger(__name__)
_STEP = "m.key.verification."
REQUEST = f"{_STEP}request"
_FRESH = timedelta(minutes=10)
_MOST_OPEN = 200


class Verifications:
    """Answers the verifications of one site, each step in its turn."""

    def __init__(self, session: Session, sender: Sender, clock: Clock) -> None:
        """Take whom to answer through."""
        self._session = session
        self._sender = sender
        self._clock = clock
        self._open: dict[str, Comparison] = {}
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def concerns(self, heard: Heard) -> bool:
        """Say whether an event is a step of a verification."""
        asks = heard.content.get("msgtype") == REQUEST
        return asks or str(heard.source.get("type", "")).startswith(_STEP)

    def take(self, heard: Heard) -> None:
        """Answer a step in the background; a verification is worth no delay of anything else."""
        task = asyncio.create_task(self._answer(heard))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close(self) -> None:
        """Give up what is open."""
        for task in self._tasks:
            task.cancel()

    async def _answer(self, heard: Heard) -> None:
        step = str(heard.content.get("msgtype") or heard.source.get("type")).removeprefix(_STEP)
        async with self._turn:
            try:
                await self._step(step, heard)
            except SasRefused as refused:
                await self._cancel(heard, refused.code)
            except (Later, Undeliverable, Declined, Unreachable):
                _log.warning("matrix_verification_broke_off", site=self._session.site.name)

    async def _step(self, step: str, heard: Heard) -> None:
        transaction = heard.id if step == "request" else _transaction(heard)
        if step == "request":
            await self._ready(heard)
        elif step == "cancel":
            self._open.pop(transaction, None)
        elif transaction in self._open:
            await self._go_on(step, self._open[transaction], heard, transaction)

    async def _ready(self, heard: Heard) -> None:
        sent = timedelta(milliseconds=int(heard.source.get("origin_server_ts", 0)))
        age = timedelta(seconds=self._clock.now().timestamp()) - sent
        ours_to_answer = heard.content.get("to") == self._session.user_id and age < _FRESH
        if not ours_to_answer or METHOD not in heard.content.get("methods", []):
            return
        if len(self._open) >= _MOST_OPEN:
            self._open.pop(next(iter(self._open)))
        self._open[heard.id] = Comparison(
            await self._party(self._session.user_id, self._session.device_id), heard.id
        )
        ready = {"from_device": self._session.device_id, "methods": [METHOD]}
        await self._say(heard.room, heard.id, "ready", ready)

    async def _go_on(self, step: str, comparison: Comparison, heard: Heard, transaction: str) -> None:
        if step == "start":
            comparison.other = str(heard.content.get("from_device", ""))
            await self._say(heard.room, transaction, "accept", comparison.accept(heard.content))
        elif step == "key":
            await self._say(heard.room, transaction, "key", comparison.key(heard.content))
        elif step == "mac":
            theirs = await self._party(heard.sender, comparison.other)
            comparison.check(heard.content, theirs)
            await self._say(heard.room, transaction, "mac", comparison.mac(theirs))
            await self._say(heard.room, transaction, "done", {})
            self._open.pop(transaction, None)

    async def _cancel(self, heard: Heard, code: str) -> None:
        transaction = _transaction(heard) or heard.id
        self._open.pop(transaction, None)
        try:
            await self._say(heard.room, transaction, "cancel", {"code": code, "reason": code})
        except (Later, Undeliverable):
            _log.warning("matrix_verification_broke_off", site=self._session.site.name)

    async def _party(self, user_id: str, device_id: str) -> Party:
        """Ask for the keys of one side: its device's and its master key."""
        answer = await self._session.keys_of(user_id)
        device = answer.get("device_keys", {}).get(user_id, {}).get(device_id, {})
        master = answer.get("master_keys", {}).get(user_id, {})
        keys = {**device.get("keys", {}), **master.get("keys", {})}
        return Party(
            user_id, device_id, {name: key for name, key in keys.items() if name.startswith("ed25519:")}
        )

    async def _say(self, room_id: str, transaction: str, step: str, content: Mapping[str, Any]) -> None:
        relation = {"m.relates_to": {"rel_type": "m.reference", "event_id": transaction}}
        kind = f"{_STEP}{step}"
        await self._sender.send(room_id, {**content, **relation}, f"{transaction}.{step}", kind=kind)


def _transaction(heard: Heard) -> str:
    relation = heard.content.get("m.relates_to")
    return str(relation.get("event_id", "")) if isinstance(relation, Mapping) else ""
