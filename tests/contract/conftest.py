"""Every test of the contract runs on each platform."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.standin.synapse import Synapse
from tests.contract.on_matrix import matrix_rig
from tests.contract.on_memory import memory_rig
from tests.contract.on_slack import slack_rig
from tests.contract.rig import Rig
from tests.matrix.rig import missing_synapse, running_synapse

PLATFORMS = ["memory", "slack", pytest.param("matrix", marks=pytest.mark.matrix_real)]


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Synapse]:
    """Give the session's homeserver."""
    if reason := missing_synapse():
        pytest.skip(reason)
    with running_synapse(tmp_path_factory.mktemp("synapse")) as homeserver:
        yield homeserver


@pytest.fixture(params=PLATFORMS)
async def rig(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Rig]:
    """Give each platform in turn, with its adapter started."""
    made: Rig
    if request.param == "memory":
        made = await memory_rig(tmp_path)
    elif request.param == "slack":
        made = await slack_rig(tmp_path)
    else:
        made = await matrix_rig(request.getfixturevalue("synapse"), tmp_path)
    yield made
    await made.close()
