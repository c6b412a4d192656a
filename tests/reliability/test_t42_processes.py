"""T-42 with real processes: two bots on one PostgreSQL, one of them stopped until it is given up.

Each is a machine by itself, with a folder and a Matrix device of its own. The gate has the same in one
process, in test_t42_machines.py and test_t42_seat.py.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from tests import server
from tests.matrix.rig import missing_synapse
from tests.reliability.campaign import Campaign
from tests.reliability.stage import open_stage
from tests.reliability.test_t40_kill import check

_MISSING = missing_synapse() or server.missing_postgres()
pytestmark = [
    pytest.mark.matrix_real,
    pytest.mark.skipif(bool(_MISSING), reason=_MISSING or "both are there"),
]

_PATIENCE = 120.0
"""Seconds that a step of a bot may take on a machine that does much else."""


class Crew(Campaign):
    """In each life two bots run: one is stopped and goes on, then the other one is killed, then both are."""

    stopped_seconds = 0.0

    async def _one_life(self, working: list[asyncio.Task[None]]) -> None:
        first = await self.stage.run()
        await first.until_running(_PATIENCE)
        second = await self.stage.run(machine="two")
        await second.until_running(_PATIENCE)
        await second.until("matrix_standby", _PATIENCE)
        self.report.running += 1
        await self._pass(working, 1.0)
        first.process.send_signal(signal.SIGSTOP)
        await self._pass(working, self.stopped_seconds)
        await second.until("seat_taken", _PATIENCE)
        await self._pass(working, 2.0)
        first.process.send_signal(signal.SIGCONT)
        await first.until("seat_lost", _PATIENCE)
        await self._pass(working, 2.0)
        await second.kill()
        await first.until("seat_taken", _PATIENCE)
        await self._pass(working, 2.0)
        await first.kill()
        self.report.kills += 1

    async def _pass(self, working: list[asyncio.Task[None]], seconds: float) -> None:
        """Let people work for a while; nobody goes home early."""
        for person in self.people:
            person.turns.release()
        done, _ = await asyncio.wait(working, timeout=seconds)
        for task in done:
            task.result()


async def run_crew(folder: Path, monkeypatch: pytest.MonkeyPatch, *, lives: int, stopped: float) -> None:
    monkeypatch.setattr(server, "ON_POSTGRES", True)
    async with open_stage(folder, seed=42) as stage:
        crew = Crew(stage, kills=lives, seed=42, longest_life=2.0)
        crew.stopped_seconds = stopped
        report = await crew.run()
        sys.stdout.write(f"{report}\n")
        check(crew, report)


@pytest.mark.soak
@pytest.mark.timeout(400)
async def test_t42_a_bot_that_is_stopped_until_it_is_given_up_doubles_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run_crew(tmp_path, monkeypatch, lives=1, stopped=1.0)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_t42_stopped_for_a_minute_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await run_crew(tmp_path, monkeypatch, lives=5, stopped=60.0)
