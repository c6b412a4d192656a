"""The bots as programs: started against the stubs, measured from outside by the same ruler, and killed."""

from __future__ import annotations

import asyncio
import compileall
import gc
import os
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from aiohttp import web

from benchmarks.peers.environments import ROOT, python_of
from benchmarks.relaying.matrix_stub import MatrixStub, room_of, user_of
from benchmarks.relaying.slack_stub import SlackStub

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_HERE: Final = Path(__file__).parent
_LARGEST: Final = 64 * 1024 * 1024
"""Bytes of a request: pictures are uploaded too."""
READY_SECONDS: Final = 60.0


@dataclass(slots=True)
class World:
    """Both stubs, the address at which they are, and CPU seconds of the bot's database server so far."""

    slack: SlackStub
    matrix: MatrixStub
    base: str
    server_cpu: Callable[[], float] | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a relay has to know."""
        return (f"{self.base}/api/", self.base, user_of(1), room_of(1))


@asynccontextmanager
async def stubs(server_cpu: Callable[[], float] | None = None) -> AsyncIterator[World]:
    """Serve both platforms from this process, at a free port."""
    app = web.Application(client_max_size=_LARGEST)
    runner = web.AppRunner(app, access_log=None)
    slack, matrix = SlackStub(), MatrixStub()
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    app.add_routes([*slack.routes(base), *matrix.routes()])
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield World(slack, matrix, base, server_cpu)
    finally:
        await runner.cleanup()


class Running:
    """One bot that runs."""

    def __init__(self, process: asyncio.subprocess.Process, began: float) -> None:
        """Watch a process that was started at ``began``."""
        self.began = began
        self._process = process

    @property
    def cpu_seconds(self) -> float:
        """Seconds of all its threads and children so far."""
        return sum(_ticks(each) for each in _family(self._process.pid)) / _TICKS

    @property
    def resident_mb(self) -> float:
        """Megabytes that it holds right now, its children included."""
        return sum(_resident(each) for each in _family(self._process.pid)) / 1024

    async def watch(self) -> None:
        """Raise RuntimeError once it ends."""
        raise RuntimeError(f"the bot ended with code {await self._process.wait()}")

    async def kill(self) -> None:
        """End it at once."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()


@asynccontextmanager
async def started(world: World, command: Sequence[str], *, sites: int = 1) -> AsyncIterator[Running]:
    """Start a bot and wait until it hears both sides.

    What is raised inside comes out in an exception group; that the bot ended is raised there too.
    """
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    running = Running(process, began)
    try:
        heard = [world.matrix.site(number).synced.wait() for number in range(1, sites + 1)]
        ready: asyncio.Future[object] = asyncio.ensure_future(
            asyncio.gather(world.slack.connected.wait(), *heard)
        )
        ended: asyncio.Future[object] = asyncio.ensure_future(process.wait())
        await asyncio.wait({ready, ended}, timeout=READY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            raise RuntimeError(f"{command[1]} was not ready in time")
        # The stubs live here: to look for garbage in all that this process has loaded takes 0.1 s, in which
        # nobody is answered and what is to be said gathers.
        gc.collect()
        gc.freeze()
        async with asyncio.TaskGroup() as group:
            watching = group.create_task(running.watch())
            yield running
            watching.cancel()
    finally:
        await running.kill()


def bare(world: World, _folder: Path) -> Sequence[str]:
    """Give the command of the bare relay."""
    return (sys.executable, str(_HERE / "bare.py"), *world.arguments)


def loaded(world: World, folder: Path) -> Sequence[str]:
    """Give the command of the bare relay with our libraries and our anonymizer."""
    return (*bare(world, folder), "--loaded")


def kept(world: World, folder: Path) -> Sequence[str]:
    """Give the command of that relay which also keeps each message in a file of the folder, twice."""
    return (*loaded(world, folder), str(folder / "said.db"))


def opsdroid(world: World, _folder: Path) -> Sequence[str]:
    """Give the command of opsdroid; raises Missing where it cannot be installed."""
    return (python_of("relay"), str(_HERE / "opsdroid_program.py"), *world.arguments)


def curbside(config: Path) -> Sequence[str]:
    """Give the command of Curbside as operators start it: compiled, as what is installed is."""
    for package in ("bot", "storage"):
        compileall.compile_dir(ROOT / package, quiet=1)
    return (str(Path(sys.executable).with_name("curbside")), "run", "--config", str(config))


def _free_port() -> int:
    import socket

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _ticks(pid: int) -> int:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:15]))


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))
