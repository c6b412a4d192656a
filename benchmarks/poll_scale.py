"""How a poll with very many ballots behaves beside one with ten: voting, reading the tally, closing.

    python benchmarks/poll_scale.py [--ballots 300000] [--json FILE]

A whole bot on SQLite with an adapter in memory; a vote is timed from the event to the answer, its commit on
disk included. Forty members vote in both polls in turn, first for the first time and then changing their
votes. The other ballots are written as the bot writes them, though many at once. Milliseconds where nothing
else is said; ratios are of what both polls took side by side. Bars: votes and reads 1.5, closing 5 seconds.
"""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from sqlalchemy import insert, update

from benchmarks._figures import main
from bot.adapters.memory import MemoryAdapter
from bot.bootstrap import Bot, SystemChance
from bot.config.settings import Settings
from bot.domain.members import Role
from bot.domain.poll_tally import Counts
from bot.domain.poll_terms import NO_OPINION, Terms
from bot.domain.polls import Poll, cells_of
from bot.domain.specialties import NAMES
from bot.identity.keys import create_key_file
from storage.content.poll_codec import ballot_block, tally_block
from storage.content.store import ContentStore
from storage.content.tables import ballots, polls

_ASKED: Final = datetime(2026, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 10_000
_FEW: Final = 10
_VOTERS: Final = 40
_ROUNDS: Final = 10
_OPTIONS: Final = 10


async def measure(folder: Path, count: int) -> Mapping[str, object]:
    """Fill two polls, vote in both in turn, read both tallies, close the large one."""
    async with _opened(folder) as (bot, site):
        content = bot._content  # noqa: SLF001 - ballots are written past the bot, many at once
        members = [f"voter{number}" for number in range(_VOTERS)]
        for one in members:
            await _enrol(bot, site, one)
        await _enrol(bot, site, "ada")
        known = await bot.wall.who(site.account("ada"))
        if known is None:
            raise RuntimeError("a member who was let in is not there")
        sizes = {"small": _FEW, "large": count}
        asked = {}
        for number, (name, size) in enumerate(sizes.items(), start=101):
            options = (*(f"Option {one}" for one in range(1, _OPTIONS)), NO_OPINION)
            asked[name] = Poll(
                name, number, known.member, "What first?", options, _ASKED, cells=cells_of(Terms())
            )
            await _fill(content, asked[name], size)
        votes = await _vote(bot, site, members, asked)
        reads = await _read(content, asked)
        began = time.perf_counter()
        await site.commands("ada", "endpoll 102")
        await bot.door.settle()
        closing = time.perf_counter() - began
    return {
        "ballots": count,
        **_figures("vote", votes),
        **_figures("read", reads),
        "close_seconds": round(closing, 2),
    }


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[tuple[Bot, MemoryAdapter]]:
    create_key_file(folder / "master.key", SystemChance())
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    settings = Settings.model_construct(
        data_dir=folder / "var",
        key_file=folder / "master.key",
        slack=(),
        matrix=(),
        relay=defaults["relay"],
        privacy=defaults["privacy"],
    )
    site = MemoryAdapter("here")
    bot = await Bot.open(settings, adapters=(site,))
    await bot.start()
    try:
        yield bot, site
    finally:
        await bot.stop()


async def _enrol(bot: Bot, site: MemoryAdapter, person: str) -> None:
    (name,) = await bot.wall.joining.free_names(1)
    await bot.wall.joining.enrol(site.account(person), name, "Cardiology", Role.PHYSICIAN, by="shell")


async def _fill(content: ContentStore, poll: Poll, size: int) -> None:
    """Keep a poll with so many ballots in its urn, and the tally that they add up to."""
    async with content.work() as work:
        await work.polls.add(poll, bytes(32))
    sealer, database = content._sealer, content._database  # noqa: SLF001 - as above
    slots: dict[int, list[int]] = defaultdict(lambda: [0] * _OPTIONS)
    for first in range(0, size, _AT_ONCE):
        rows = []
        for number in range(first, min(first + _AT_ONCE, size)):
            voter, choice, cell = f"{number:064x}", number % _OPTIONS, number % len(NAMES)
            slots[cell][choice] += 1
            sealed = sealer.seal(ballot_block((choice,), cell, 0), f"ballots|sealed|{poll.id}|{voter}")
            rows.append({"poll": poll.id, "voter": voter, "sealed": sealed})
        async with database.transaction() as connection:
            await connection.execute(insert(ballots), rows)
    cells = {cell: Counts(sum(counts), tuple(counts)) for cell, counts in slots.items()}
    block = tally_block(cells, size, 0, (len(poll.cells), _OPTIONS))
    async with database.transaction() as connection:
        values = {"tally": sealer.seal(block, f"polls|tally|{poll.id}"), "begun": True}
        await connection.execute(update(polls).where(polls.c.id == poll.id).values(values))


async def _vote(
    bot: Bot, site: MemoryAdapter, members: list[str], asked: Mapping[str, Poll]
) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {name: [] for name in asked}
    rng = random.Random(1)  # noqa: S311 - each run votes the same
    for _ in range(_ROUNDS):
        for member in members:
            for name in rng.sample(sorted(asked), 2):
                words = f"vote {asked[name].number} {rng.randint(1, _OPTIONS)}"
                began = time.perf_counter()
                await site.commands(member, words)
                await bot.door.settle()
                took[name].append((time.perf_counter() - began) * 1000)
    return took


async def _read(content: ContentStore, asked: Mapping[str, Poll]) -> dict[str, list[float]]:
    took: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(200):
        for name, poll in asked.items():
            began = time.perf_counter()
            async with content.work() as work:
                await work.polls.urn(poll)
            took[name].append((time.perf_counter() - began) * 1000)
    return took


def _figures(what: str, took: Mapping[str, list[float]]) -> dict[str, float]:
    return {
        **{f"{what}_{name}_p50_ms": round(median(times), 2) for name, times in took.items()},
        **{f"{what}_{name}_p99_ms": round(quantiles(times, n=100)[98], 2) for name, times in took.items()},
        f"{what}_ratio": round(median(took["large"]) / median(took["small"]), 2),
    }


if __name__ == "__main__":
    main(__doc__, measure, counted="ballots", most=300_000)
