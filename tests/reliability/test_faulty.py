"""The faulty line itself: what passes, what is cut, and what arrives though nobody hears of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from tests.reliability.faulty import Faulty, Line, faulty_line


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()
    with suppress(ConnectionError):
        await writer.wait_closed()


class Counter:
    """A server that answers each line with its number, and remembers it."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while said := await reader.readline():
                self.heard.append(said.strip())
                writer.write(b"%d\n" % len(self.heard))
                await writer.drain()
        await closed(writer)


@asynccontextmanager
async def counted_line() -> AsyncIterator[tuple[Counter, Faulty]]:
    counter = Counter()
    server = await asyncio.start_server(counter.serve, "127.0.0.1", 0)
    async with server, faulty_line("127.0.0.1", server.sockets[0].getsockname()[1]) as line:
        yield counter, line


async def ask(line: Faulty, words: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", line.entry)
    try:
        writer.write(words + b"\n")
        return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        await closed(writer)


async def test_a_line_that_passes_changes_nothing() -> None:
    async with counted_line() as (counter, line):
        assert [await ask(line, b"one"), await ask(line, b"two")] == [b"1\n", b"2\n"]
        assert counter.heard == [b"one", b"two"]
        assert (line.calls, line.lost) == (2, 0)


async def test_a_lost_answer_was_asked_for_all_the_same() -> None:
    async with counted_line() as (counter, line):
        line.loses, line.only = 1.0, b"post"
        assert await ask(line, b"post it") == b""
        assert await ask(line, b"look at it") == b"2\n"
        assert counter.heard == [b"post it", b"look at it"]
        assert line.lost == 1


async def test_nobody_listens_until_the_line_is_mended() -> None:
    async with counted_line() as (counter, line):
        await line.set(Line.REFUSE)
        with pytest.raises(ConnectionRefusedError):
            await ask(line, b"one")
        await line.set(Line.PASS)
        assert await ask(line, b"two") == b"1\n"
        assert counter.heard == [b"two"]


async def test_what_stalls_comes_through_in_the_end() -> None:
    async with counted_line() as (counter, line):
        await line.set(Line.STALL)
        asking = asyncio.create_task(ask(line, b"one"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(asking), 0.05)
        assert counter.heard == []
        await line.set(Line.PASS)
        assert await asking == b"1\n"


async def test_a_cut_ends_what_is_open() -> None:
    async with counted_line() as (_, line):
        reader, writer = await asyncio.open_connection("127.0.0.1", line.entry)
        writer.write(b"one\n")
        assert await reader.readline() == b"1\n"
        assert await line.cut() == 1
        with suppress(ConnectionError):
            assert await reader.read() == b""
        await closed(writer)


async def test_a_slow_line_is_slow() -> None:
    async with counted_line() as (_, line):
        line.rate = 10_000
        began = time.monotonic()
        assert await ask(line, b"x" * 2000) == b"1\n"
        assert time.monotonic() - began >= 0.15
