"""T-41 with real processes: the bot kills itself at each boundary, between Slack's stand-in and Synapse."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from random import Random

import pytest

from tests.matrix.rig import missing_synapse
from tests.reliability import evidence
from tests.reliability.boundaries import PLATFORM_BOUNDARIES
from tests.reliability.campaign import at_rest, rooms_of
from tests.reliability.ledger import Ledger
from tests.reliability.physicians import Physician, at_work
from tests.reliability.stage import MATRIX_PEOPLE, SLACK_PEOPLE, Stage, open_stage

pytestmark = [
    pytest.mark.matrix_real,
    pytest.mark.timeout(300),
    pytest.mark.skipif(bool(missing_synapse()), reason=missing_synapse() or "Synapse is there"),
]


async def live_well(stage: Stage, ledger: Ledger) -> None:
    """Have a life that finishes whatever was left, and ends in good order."""
    program = await stage.run()
    try:
        await program.until_running()
        await at_rest(stage, ledger)
        assert await program.stop() == 0
    finally:
        await program.kill()


async def die_at(stage: Stage, boundary: str, time: int, physician: Physician) -> None:
    """Have a life that ends where the physician's next comment crosses the boundary."""
    command = (sys.executable, "-m", "tests.reliability.doomed", boundary, str(time))
    program = await stage.run(command=command)
    try:
        await program.until_running()
        said = asyncio.create_task(physician.say("comment", 101))
        async with asyncio.timeout(30):
            assert await program.ended() == -signal.SIGKILL
            await said
    finally:
        await program.kill()


async def test_t41_a_process_that_dies_at_a_boundary_loses_and_doubles_nothing(tmp_path: Path) -> None:
    async with open_stage(tmp_path, seed=41) as stage:
        ledger = Ledger()
        people = {person.name: person for person in at_work(stage, Random(41), ledger)}  # noqa: S311
        await people[MATRIX_PEOPLE[1]].ask()
        await live_well(stage, ledger)
        for number, boundary in enumerate(PLATFORM_BOUNDARIES):
            # By turns from Slack and from Matrix, and at the step for the one room or for the other.
            name = (SLACK_PEOPLE[0], MATRIX_PEOPLE[0])[number % 2]
            await die_at(stage, boundary, 1 + (number > 1 and number % 2), people[name])
            await live_well(stage, ledger)
        ledger.sure |= ledger.tried  # not acknowledged, but committed
        for verdict in (await rooms_of(stage, ledger)).values():
            found = (verdict.lost, verdict.doubled, verdict.inversions, verdict.standing)
            assert found == ((), (), 0, 1 + len(PLATFORM_BOUNDARIES))
        assert evidence.integrity(stage.content) == evidence.integrity(stage.vault) == "ok"
