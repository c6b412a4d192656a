"""The transcript tells only what was observed."""

from __future__ import annotations

import asyncio
from io import StringIO

import pytest

from bot.demo.bell import Bell
from bot.demo.story.telling import Missed, Telling


@pytest.fixture
def bell() -> Bell:
    return Bell()


@pytest.fixture
def paper() -> StringIO:
    return StringIO()


@pytest.fixture
def telling(bell: Bell, paper: StringIO) -> Telling:
    return Telling(bell, paper)


async def test_a_line_is_written_once_a_client_showed_it(
    telling: Telling, bell: Bell, paper: StringIO
) -> None:
    shown: list[str] = []

    async def show_later() -> None:
        await asyncio.sleep(0)
        assert "seen" not in paper.getvalue()
        shown.append("the card")
        bell.ring()

    showing = asyncio.create_task(show_later())
    found = await telling.sees("a card", lambda: shown[0] if shown else None, seconds=5)
    await showing
    assert found == "the card"
    assert "seen" in paper.getvalue()
    assert telling.observed == 1


async def test_a_line_that_does_not_come_is_missed_and_never_counted(
    telling: Telling, paper: StringIO
) -> None:
    with pytest.raises(Missed, match="a card"):
        await telling.sees("a card", lambda: None, seconds=0.01)
    assert "MISSED" in paper.getvalue()
    assert "seen" not in paper.getvalue()
    assert telling.observed == 0


def test_what_does_not_hold_is_missed(telling: Telling, paper: StringIO) -> None:
    with pytest.raises(Missed, match="no real name"):
        telling.holds("no real name", met=False)
    assert "MISSED" in paper.getvalue()


async def test_an_act_stands_before_what_came_of_it(telling: Telling, paper: StringIO) -> None:
    async def act() -> str:
        return "done"

    telling.chapter("A chapter")
    assert await telling.does("Dr. Somebody", "types", act()) == "done"
    telling.holds("it is so", met=True)
    telling.end()
    written = paper.getvalue()
    assert written.index("1. A chapter") < written.index("Dr. Somebody") < written.index("it is so")
    assert "All 1 lines were observed" in written


async def test_rings_while_a_listener_is_busy_are_not_lost(bell: Bell) -> None:
    rings = bell.rings()
    first = asyncio.ensure_future(anext(rings))
    await asyncio.sleep(0)
    bell.ring()
    await first
    bell.ring()
    bell.ring()
    await asyncio.wait_for(anext(rings), 5)
    await rings.aclose()  # type: ignore[attr-defined]
