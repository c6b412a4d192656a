"""T-43: while the server is away nothing is acknowledged, and soon after its return everything goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import presence
from storage.away import ServerAway
from tests import server
from tests.reliability.test_t42_seat import presence_of, standing
from tests.stories.world import enrol_everybody, open_world
from tests.waiting import until

pytestmark = pytest.mark.skipif(bool(server.missing_postgres()), reason=server.missing_postgres() or "there")
SOON = 5.0
"""Seconds after its return within which the bot is whole again."""


@pytest.fixture
def own_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[server.Server]:
    """A server that nobody else uses, so that it can go away."""
    # A crash of it must keep what it said was committed.
    mine = server.Server(tuple(one for one in server._IN_HASTE if "commit" not in one))
    mine.start()
    monkeypatch.setattr(server, "server", lambda: mine)
    monkeypatch.setattr(server, "_MADE", set())
    monkeypatch.setattr(server, "ON_POSTGRES", True)
    monkeypatch.setattr(presence, "BEAT", 0.2)
    server.run(server._lay_out(mine))
    yield mine
    mine.remove()


@pytest.mark.timeout(120)
async def test_t43_nothing_is_acknowledged_without_a_commit_and_all_goes_on_afterwards(
    tmp_path: Path, own_server: server.Server
) -> None:
    async with open_world(tmp_path, undo=0) as world:
        await enrol_everybody(world)
        await world.settle()
        await world.command("ben", "case")
        await world.submit("ben", {"story": "It began with a soft lamp.", "question": "What next?"})
        await world.post("ben")
        await asyncio.to_thread(own_server.stop, at_once=True)
        await until(lambda: not presence_of(world).there)
        with pytest.raises(ServerAway):
            await world.forms.commands("cleo", "comment 101 the border is sharp")
        assert not world.bot.health()["database"].connected
        await asyncio.to_thread(own_server.start)
        began = asyncio.get_running_loop().time()
        await until(lambda: presence_of(world).held and world.bot._desk.open)
        await world.forms.commands("cleo", "comment 101 the border is pale")
        while standing(world, "the border is pale") != [1, 1]:
            world.clock.pass_(1)  # what insisted on the database waits by the story's clock
            await asyncio.sleep(0.05)
        assert asyncio.get_running_loop().time() - began < SOON
        assert standing(world, "the border is sharp") == [0, 0]
        await until(lambda: world.bot.health()["database"].connected)
