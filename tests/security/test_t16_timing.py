"""T-16: the time at which something stands in a room, and its words, do not tell who sent it from where."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest

from tests.stories.world import UNDO, World, enrol_everybody, open_world
from tests.views.test_views import words_of

DELAY: Final = (5.0, 60.0)
STORY: Final = {"story": "A man with a plaque on the shin.", "question": "Biopsy?"}
SECOND: Final = 1_000_000


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, delay=DELAY) as opened:
        await enrol_everybody(opened)
        yield opened


def waiting(folder: Path, kind: str) -> list[tuple[str, str, float, str]]:
    """Give (subject, room, seconds until it leaves, what it says) of what waits for rooms."""
    asked = (
        "SELECT subject, room, release_at, payload FROM outbox WHERE room <> '' AND what = 'post'"
        " AND ended = 0 AND subject LIKE ? ORDER BY row"
    )
    with closing(sqlite3.connect(folder / "var" / "content.db")) as database:
        found = database.execute(asked, (f"{kind}:%",)).fetchall()
    return [(subject, room, at / SECOND, payload.decode()) for subject, room, at, payload in found]


async def say_everything(world: World, urgency: str) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {**STORY, "urgency": urgency})
    await world.post("ada")
    await world.wait(UNDO + DELAY[1])
    await world.command("ben", "comment 101 How long has it been there?")
    await world.command("ravi", "opinion 101 1) psoriasis next: look at the scalp")
    await world.command("cleo", 'poll "Biopsy?" yes | no')
    await world.post("cleo")


async def test_t_16_each_posting_waits_its_undo_time_and_one_delay_for_all_rooms(
    world: World, tmp_path: Path
) -> None:
    await say_everything(world, "soon")
    delays = []
    for kind in ("comment", "opinion", "poll"):
        rows = waiting(tmp_path, kind)
        assert {room for _, room, _, _ in rows} == {"forms", "words"}
        assert len({(subject, at, payload) for subject, _, at, payload in rows}) == 1
        delays.append(rows[0][2] - world.clock.now().timestamp() - UNDO)
    assert all(DELAY[0] <= delay <= DELAY[1] for delay in delays), delays
    assert len(set(delays)) == len(delays)


async def test_t_16_delays_fill_the_promised_range(world: World) -> None:
    drawn = [world.chance.between(*DELAY) for _ in range(2000)]
    width = (DELAY[1] - DELAY[0]) / 5
    fifths = [
        sum(DELAY[0] + width * n <= one < DELAY[0] + width * (n + 1) for one in drawn) for n in range(5)
    ]
    assert min(fifths) > 330, "each fifth of the range holds a fifth of 2,000 draws, give or take"


async def test_t_16_what_is_said_first_on_a_case_stands_first_in_every_room(
    world: World, tmp_path: Path
) -> None:
    await world.command("ada", "case")
    await world.submit("ada", {**STORY, "urgency": "soon"})
    await world.post("ada")
    await world.wait(UNDO + DELAY[1])
    said = [f"Remark number {number}." for number in range(12)]
    for number, words in enumerate(said):
        await world.command(("ben", "cleo", "dara")[number % 3], f"comment 101 {words}")
    times = [at for _, room, at, _ in waiting(tmp_path, "comment") if room == "words"]
    assert len(times) == len(said)
    assert all(earlier <= later for earlier, later in pairwise(times))
    await world.wait(UNDO + DELAY[1])
    await world.wait(DELAY[1])
    for site in (world.forms, world.words):
        shown = [text for shown in site.room if (text := words_of(shown.card)) and "Remark" in text]
        assert [next(words for words in said if words in text) for text in shown] == said


async def test_t_16_a_case_that_cannot_wait_has_no_delay(world: World, tmp_path: Path) -> None:
    await say_everything(world, "today")
    for kind in ("comment", "opinion"):
        (at,) = {at for _, _, at, _ in waiting(tmp_path, kind)}
        assert at - world.clock.now().timestamp() == UNDO


async def test_t_16_nothing_in_a_room_names_a_site_or_an_account(world: World) -> None:
    await say_everything(world, "soon")
    await world.wait(UNDO + DELAY[1])
    people = ("ada", "ben", "cleo", "ravi")
    tells = {site.site for site in (world.forms, world.words)}
    tells |= {part for one in people for part in (world.site_of(one).account(one).user, one)}
    for site in (world.forms, world.words):
        assert len(site.room) >= 4
        for shown in site.room:
            text = f" {words_of(shown.card)} ".casefold()
            assert not [word for word in tells if f" {word.casefold()} " in text], text
