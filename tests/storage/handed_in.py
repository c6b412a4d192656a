"""What is handed in, for tests: time that moves when it is told to, and chance from a seed."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests import server

ROOMS: Final = ("north", "south")
START: Final = datetime(2031, 5, 6, 7, 8, 9, 123456, tzinfo=UTC)


class StillClock:
    """Fills :class:`bot.ports.clock.Clock`; waiting moves the time."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return (self._now - START).total_seconds()

    async def sleep(self, seconds: float) -> None:
        self.move(seconds)

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


class SeededChance:
    """Fills :class:`bot.ports.chance.Chance`."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 - a test wants the same draw each time

    def id(self) -> str:
        return self._random.randbytes(16).hex()

    def key(self) -> bytes:
        return self._random.randbytes(32)

    def between(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)


def disk(folder: Path) -> bytes:
    """Everything that stands in the files of a folder, or in the tables of its databases on a server."""
    files = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()]
    return b"\0".join([*files, server.rows_of(folder), server.rows_of(folder / "var")])
