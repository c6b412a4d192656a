"""T-43: a bot that the vault alone does not answer leaves the seat to one that it answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

import pytest

from bot.bootstrap import parts
from storage import presence
from storage.places import Places
from tests import server
from tests.reliability.faulty import Faulty, Line, faulty_line
from tests.reliability.test_t42_seat import answered, presence_of, share
from tests.stories.world import World, enrol_everybody, open_world
from tests.waiting import until

pytestmark = pytest.mark.skipif(bool(server.missing_postgres()), reason=server.missing_postgres() or "there")


@pytest.fixture(autouse=True)
def _on_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "ON_POSTGRES", True)
    monkeypatch.setattr(presence, "BEAT", 0.1)
    monkeypatch.setattr(presence, "ANSWER", 0.5)


@dataclass
class Beside:
    """A faulty line in a thread of its own: the bots wait for some answers with their loop standing still."""

    line: Faulty
    loop: asyncio.AbstractEventLoop

    async def set(self, line: Line) -> None:
        """Let the line do this from now on."""
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self.line.set(line), self.loop))


@contextmanager
def line_to_server() -> Iterator[Beside]:
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    opening = faulty_line("127.0.0.1", server.server().port)
    try:
        line = asyncio.run_coroutine_threadsafe(opening.__aenter__(), loop).result()
        yield Beside(line, loop)
        asyncio.run_coroutine_threadsafe(opening.__aexit__(None, None, None), loop).result()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@asynccontextmanager
async def one_on_a_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[World, World, Beside]]:
    """Two bots on one installation; the first one, which has the seat, reaches the vault by a line."""
    straight = server.places
    server.places(folder / "var")
    with line_to_server() as line:

        def by_line(where: Path) -> Places:
            lies = straight(where)
            ports = (f":{line.line.port}/", f":{line.line.entry}/")
            return replace(lies, vault_url=lies.vault_url.replace(*ports))

        monkeypatch.setattr(server, "places", by_line)
        async with open_world(folder, undo=0) as first:
            monkeypatch.setattr(server, "places", straight)
            await enrol_everybody(first)
            await first.settle()
            async with open_world(folder, undo=0, life=2) as second:
                share(first.forms, second.forms)
                share(first.words, second.words)
                yield first, second, line
                await line.set(Line.PASS)


@pytest.mark.parametrize("broken", [Line.REFUSE, Line.STALL])
async def test_t43_a_bot_without_the_vault_leaves_the_seat_and_may_have_it_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: Line
) -> None:
    async with one_on_a_line(tmp_path, monkeypatch) as (first, second, line):
        assert (first.bot._desk.open, second.bot._desk.open) == (True, False)
        await line.set(broken)
        await until(lambda: second.bot._desk.settled)
        assert not first.bot._desk.open
        assert presence_of(first).there  # It is the vault alone that is away.
        health = first.bot.health()
        assert "vault" in health["database"].problem
        assert health["timekeeper"] == health["watch"] == parts.CANNOT_SIT
        before = answered(second, "ada")
        await first.forms.commands("ada", "help")
        await until(lambda: answered(second, "ada") == before + 1)

        await line.set(Line.PASS)
        await until(lambda: first.bot._vault.there)
        assert first.bot.health()["watch"] == parts.ELSEWHERE
        presence_of(second).only_while(lambda: False)
        await until(lambda: first.bot._desk.settled)
        assert not second.bot._desk.open
        before = answered(first, "ben")
        await second.forms.commands("ben", "help")
        await until(lambda: answered(first, "ben") == before + 1)


async def test_t43_the_seat_is_let_go_only_once_the_desk_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with one_on_a_line(tmp_path, monkeypatch) as (first, second, line):
        leaving, left = first.bot._desk.lose, asyncio.Event()
        begun = asyncio.Event()

        async def lose() -> None:
            begun.set()
            await left.wait()
            await leaving()

        monkeypatch.setattr(first.bot._desk, "lose", lose)
        await line.set(Line.REFUSE)
        await begun.wait()
        assert not presence_of(first).held
        assert not await presence_of(second).take()
        left.set()
        await until(lambda: second.bot._desk.settled)
