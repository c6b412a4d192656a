"""The bot as an operator runs it: `curbside run` in its own process, ended in whatever way a test wants."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

PLAIN = (sys.executable, "-m", "bot")


class Program:
    """One life of the bot. ``lines`` are its log lines so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self.noise: list[str] = []
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, config: Path, *, command: Sequence[str] = PLAIN) -> Program:
        """Start it; :meth:`until_running` waits for it."""
        process = await asyncio.create_subprocess_exec(
            *command,
            "run",
            "--log-format",
            "json",
            "--config",
            str(config),
            cwd=Path(__file__).parents[2],
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=2**20,
        )
        return cls(process)

    async def until_running(self, seconds: float = 60.0) -> int:
        """Wait until every site was tried, and give the port of its HTTP surface."""
        await self.until("running", seconds)
        return int(next(line["port"] for line in self.lines if line["event"] == "listening"))

    async def until(self, event: str, seconds: float = 60.0) -> None:
        """Wait for a log line; raises ``RuntimeError`` with the last lines when the bot ends first."""
        async with asyncio.timeout(seconds):
            while not any(line["event"] == event for line in self.lines):
                if self._reading.done():
                    raise RuntimeError(f"the bot ended: {self.lines[-5:]} {self.noise[-20:]}")
                news = self._news
                await news.wait()

    async def kill(self) -> None:
        """End it as a power cut does."""
        if self.process.returncode is None:
            self.process.kill()
        await self.ended()

    async def stop(self, seconds: float = 20.0) -> int:
        """Ask it to end, and give its exit code."""
        if self.process.returncode is None:
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(seconds):
            return await self.ended()

    async def ended(self) -> int:
        """Wait for its end and give its exit code."""
        code = await self.process.wait()
        await self._reading
        return code

    async def _read(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self._note(line.decode(errors="replace"))
            self._news.set()
            self._news = asyncio.Event()
        self._news.set()

    def _note(self, line: str) -> None:
        try:
            self.lines.append(json.loads(line))
        except ValueError:
            self.noise.append(line)
