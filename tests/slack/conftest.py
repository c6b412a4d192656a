"""A hospital's Slack with the real adapter in it, on a clock that the test turns."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

import pytest
from aiohttp import web

from bot.adapters.slack import Secret, SlackAdapter, SlackSite, handle_for, manifest
from bot.chat.events import Account, Event, Kind
from bot.ports.adapter import Delivery, Image, Part, Reply
from bot.ports.intake import Checkpoint
from bot.standin.slack import Channel, ManualClock, Person, SlackStandin, Workspace

T = TypeVar("T")
PAYLOADS = Path(__file__).parent / "payloads"


class TurnedClock:
    """The adapter's view of the stand-in's clock."""

    def __init__(self, manual: ManualClock) -> None:
        self.manual = manual

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.manual.now(), UTC)

    def monotonic(self) -> float:
        return self.manual.now()

    async def sleep(self, seconds: float) -> None:
        await self.manual.sleep(seconds)


class Inbox:
    """Remembers what was accepted; can be told to fail, or to wait."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.offered = 0
        self.broken = False
        self.message = "the disk is full"
        self.gate: asyncio.Event | None = None

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        self.offered += len(events)
        if self.gate is not None:
            await self.gate.wait()
        if self.broken:
            raise OSError(self.message)
        known = {event.id for event in self.events}
        self.events += [event for event in events if event.id not in known]

    async def checkpoint(self, stream: str) -> str:
        return ""

    def of(self, kind: Kind) -> list[Event]:
        return [event for event in self.events if event.kind is kind]


@dataclass
class Hospital:
    """One workspace with two physicians, the consult room, and the adapter."""

    slack: SlackStandin
    clock: ManualClock
    workspace: Workspace
    eva: Person
    otto: Person
    room: Channel
    ward: Channel
    site: SlackSite
    adapter: SlackAdapter
    inbox: Inbox = field(default_factory=Inbox)
    parts: list[Part] = field(default_factory=list)

    async def record(self, part: Part) -> None:
        self.parts.append(part)

    def account(self, person: Person) -> Account:
        return Account("slack", self.workspace.id, person.id)

    async def deliver(self, delivery: Delivery) -> None:
        """Deliver, turning the clock for whatever the adapter waits for."""
        await self.turning(self.adapter.deliver(delivery, self.record))

    async def turning(self, work: Awaitable[T], step: float = 0.25) -> T:
        """Run something to its end while time passes."""
        task = asyncio.ensure_future(work)
        turner = asyncio.create_task(self._turn(step))
        try:
            return await task
        finally:
            turner.cancel()
            await asyncio.gather(turner, return_exceptions=True)

    async def _turn(self, step: float) -> None:
        while True:
            await asyncio.sleep(0.005)
            await self.clock.advance(step)

    async def answer(self, event: Event, reply: Reply, images: Mapping[str, Image] | None = None) -> str:
        return await self.adapter.answer(event, reply, images or {}, self.record)

    async def event(self, kind: Kind) -> Event:
        """The newest event of a kind, once there is one."""
        return await self.found(lambda: next(reversed(self.inbox.of(kind)), None))

    async def found(self, look: Callable[[], T | None]) -> T:
        """What ``look`` finds, as soon as it finds something."""
        async with asyncio.timeout(5):
            while (seen := look()) is None:  # noqa: ASYNC110  (it looks at three programs' states)
                await asyncio.sleep(0.002)
        return seen


def site_of(
    slack: SlackStandin, workspace: Workspace, room: Channel, mode: Literal["socket", "http"]
) -> SlackSite:
    app = workspace.app
    return SlackSite(
        name=workspace.team.name,
        bot_token=Secret(app.bot_token),
        channel=room.id,
        mode=mode,
        app_token=Secret(app.app_token),
        signing_secret=Secret(app.signing_secret),
        api_url=slack.api_url,
        allow_domains=("st-anna.example",),
    )


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(start=float(int(time.time())))


@pytest.fixture
async def slack(clock: ManualClock) -> AsyncIterator[SlackStandin]:
    async with SlackStandin(clock=clock, seed=11, stamp=clock.now) as standin:
        yield standin


@pytest.fixture
def hospital(slack: SlackStandin, clock: ManualClock) -> Hospital:
    """Not started yet; see ``connected`` and ``over_http``."""
    workspace = slack.add_workspace("st-anna", manifest=manifest())
    eva = workspace.add_person("eva", real_name="Eva Lind", email="eva.lind@st-anna.example")
    otto = workspace.add_person("otto", real_name="Otto Brandt")
    room = workspace.add_channel("consult", members=[eva, otto], app_is_member=True)
    ward = workspace.add_channel("ward-3", members=[eva, otto])
    site = site_of(slack, workspace, room, "socket")
    adapter = SlackAdapter(site, TurnedClock(clock))
    return Hospital(slack, clock, workspace, eva, otto, room, ward, site, adapter)


@pytest.fixture
async def connected(hospital: Hospital) -> AsyncIterator[Hospital]:
    """Started, in Socket Mode."""
    await hospital.adapter.start(hospital.inbox)
    yield hospital
    await hospital.adapter.stop()


@pytest.fixture
async def over_http(hospital: Hospital) -> AsyncIterator[Hospital]:
    """Started, with signed requests to a server of ours."""
    hospital.site = site_of(hospital.slack, hospital.workspace, hospital.room, "http")
    hospital.adapter = SlackAdapter(hospital.site, TurnedClock(hospital.clock))
    application = web.Application()
    application.router.add_post("/slack/events", handle_for([hospital.adapter]))
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hospital.workspace.app.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    await hospital.adapter.start(hospital.inbox)
    yield hospital
    await hospital.adapter.stop()
    await runner.cleanup()


@pytest.fixture(params=["connected", "over_http"])
def reachable(request: pytest.FixtureRequest) -> Hospital:
    """Both transports, one after the other."""
    hospital: Hospital = request.getfixturevalue(request.param)
    return hospital


@pytest.fixture
def payload() -> Callable[[str], dict[str, Any]]:
    """A recorded payload by its name."""

    def read(name: str) -> dict[str, Any]:
        recorded: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
        return recorded

    return read


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A stuck test here waits for a clock that nobody turns; say so soon."""
    for item in items:
        if "slack" in item.path.parts and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(30))
