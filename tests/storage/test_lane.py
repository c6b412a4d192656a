"""What comes in on a server: one statement beside all transactions, nothing lost where its answer is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.ports.intake import Checkpoint
from storage.away import ServerAway
from storage.connection import Values
from storage.content.store import ContentStore
from storage.lane import Lane
from storage.prepared import Prepared, Rows
from tests import server
from tests.storage.test_inbox import events, ids

pytestmark = pytest.mark.skipif(not server.ON_POSTGRES, reason="runs with CURBSIDE_TEST_DATABASE=postgresql")


async def connection_of(content: ContentStore) -> Any:
    """Give the driver's connection of the lane, which something has come in through."""
    await content.inbox.accept("north", events(0), None)
    lane = content._database.lane
    assert lane is not None
    assert lane._asking is not None
    return lane._asking._driver


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give a list that gets how many rows each statement has."""
    put: Callable[..., Awaitable[Rows]] = Lane.put
    counted: list[int] = []

    async def counting(lane: Lane, prepared: Prepared, values: Values, told: str) -> Rows:
        counted.append(len(values["key"]))
        return await put(lane, prepared, values, told)

    monkeypatch.setattr(Lane, "put", counting)
    return counted


async def test_what_comes_in_does_not_wait_for_a_unit_of_work(content: ContentStore) -> None:
    async with content.work() as work:
        number = await work.cases.next_number()
        assert ids(await content.inbox.accept("north", events(1), None)) == ["Ev-1"]
    async with content.work() as work:
        assert await work.cases.next_number() == number + 1
    assert ids(await content.inbox.waiting()) == ["Ev-1"]


async def test_calls_at_once_are_two_statements(content: ContentStore, statements: list[int]) -> None:
    accepted = await asyncio.gather(*(content.inbox.accept("north", events(n), None) for n in range(1, 33)))
    assert [ids(one) for one in accepted] == [[f"Ev-{number}"] for number in range(1, 33)]
    assert statements == [1, 31]
    assert len({one.row for took in accepted for one in took}) == 32
    assert ids(await content.inbox.waiting()) == [f"Ev-{number}" for number in range(1, 33)]


async def test_a_checkpoint_comes_with_its_events_in_a_transaction(
    content: ContentStore, statements: list[int]
) -> None:
    await content.inbox.accept("north", events(1), Checkpoint("matrix:north", "s1"))
    assert statements == []
    assert await content.inbox.checkpoint("matrix:north") == "s1"


async def test_a_new_connection_is_made_where_the_last_one_ended(content: ContentStore) -> None:
    driver = await connection_of(content)
    driver.terminate()
    assert ids(await content.inbox.accept("north", events(0, 1), None)) == ["Ev-0", "Ev-1"]
    assert ids(await content.inbox.waiting()) == ["Ev-0", "Ev-1"]


async def test_nothing_is_lost_where_a_connection_ends_before_the_statement(
    content: ContentStore, data_dir: Path
) -> None:
    driver = await connection_of(content)
    name = server.name_of(data_dir, "content")
    await server.server().ask(f"SELECT pg_terminate_backend({driver.get_server_pid()})", database=name)
    accepted = await asyncio.gather(*(content.inbox.accept("north", events(n), None) for n in (1, 2, 3)))
    assert [ids(one) for one in accepted] == [["Ev-1"], ["Ev-2"], ["Ev-3"]]
    assert content._database.pulse.answering


async def test_what_was_put_without_an_answer_is_given_to_whoever_asked_once(
    content: ContentStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    put: Callable[..., Awaitable[object]] = Lane.put

    async def put_and_lose(*given: Any) -> object:
        await put(*given)
        raise ServerAway

    monkeypatch.setattr(Lane, "put", put_and_lose)
    accepted = await asyncio.gather(*(content.inbox.accept("north", events(n), None) for n in (1, 2)))
    assert [ids(one) for one in accepted] == [["Ev-1"], ["Ev-2"]]
    assert ids(await content.inbox.waiting()) == ["Ev-1", "Ev-2"]


async def test_whoever_gives_up_takes_nobody_along(content: ContentStore) -> None:
    await connection_of(content)
    calls = [asyncio.create_task(content.inbox.accept("north", events(n), None)) for n in (1, 2, 3)]
    await asyncio.sleep(0)
    calls[0].cancel()
    calls[1].cancel()
    done = await asyncio.gather(*calls, return_exceptions=True)
    assert [isinstance(one, asyncio.CancelledError) for one in done] == [True, True, False]
    waiting = ids(await content.inbox.waiting())
    assert "Ev-3" in waiting
    assert len(waiting) == len(set(waiting))
