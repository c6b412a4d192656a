"""Fixtures of the Matrix tests: one real homeserver a session, a hospital on it for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.standin.synapse import Synapse
from tests.matrix.homeserver import PretendHomeserver
from tests.matrix.pretending import Rig
from tests.matrix.rig import Hospital, hospital, missing_synapse, running_synapse


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """Give the session's homeserver; every test registers its own accounts."""
    if reason := missing_synapse():
        pytest.skip(reason)
    with running_synapse(tmp_path_factory.mktemp("synapse")) as homeserver:
        yield homeserver


@pytest.fixture
async def city(synapse: Synapse, tmp_path: Path) -> AsyncIterator[Hospital]:
    """Give a hospital with a bot account of its own."""
    async with hospital(synapse, tmp_path) as made:
        yield made


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    """Give a bot at a pretend homeserver, not started yet; it is stopped with the test."""
    server = PretendHomeserver()
    made = Rig(server, await server.start(), tmp_path)
    yield made
    for bot in made.bots:
        await bot.stop()
    await server.stop()
