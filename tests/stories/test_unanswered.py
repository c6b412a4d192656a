"""What came in and was not answered for: the platform hands it in again, and it has one effect."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.chat.events import Kind
from bot.frontdoor.in_hand import AGAIN
from storage.away import ServerAway
from storage.content.inbox import InboxRows
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World

SAID = "comment 101 It itches at night."


async def hand_in(world: World) -> None:
    await world.words.does("ravi", Kind.TEXT, SAID, event="same")


async def commit_unanswered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand something in that is committed, and let nobody hear of it."""
    accept = InboxRows.accept

    async def commit_and_lose(*given: Any) -> None:
        await accept(*given)
        raise ServerAway

    with monkeypatch.context() as patch:
        patch.setattr(InboxRows, "accept", commit_and_lose)
        with pytest.raises(ServerAway):
            await hand_in(world)
    await world.settle()
    assert world.words.answers["ravi"] == []


async def test_words_whose_commit_was_not_answered_are_carried_out_when_they_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posted(world)
    await commit_unanswered(world, monkeypatch)
    for _ in range(3):
        await hand_in(world)
        await world.settle()
    await world.wait(UNDO)

    assert [len(world.room(site)) for site in (world.forms, world.words)] == [2, 2]
    assert "It itches at night." in world.room(world.forms)[1]


async def test_words_whose_commit_was_not_answered_are_carried_out_by_themselves_a_little_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posted(world)
    await commit_unanswered(world, monkeypatch)
    await world.wait(AGAIN)
    looking = world.bot.door._looking
    assert looking is not None
    await looking
    await world.settle()
    await world.wait(UNDO)

    assert [len(world.room(site)) for site in (world.forms, world.words)] == [2, 2]


async def test_words_that_come_again_while_they_are_in_hand_have_one_effect(world: World) -> None:
    await posted(world)
    await asyncio.gather(*(hand_in(world) for _ in range(8)))
    await world.settle()
    await world.wait(UNDO)

    assert [len(world.room(site)) for site in (world.forms, world.words)] == [2, 2]
