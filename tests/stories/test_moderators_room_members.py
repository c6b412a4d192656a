"""The moderators' room holds moderators only: others are put out, or nobody is told anything there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.members import Role
from bot.domain.pauses import Cause
from bot.frontdoor.doorkeeping import EVERY
from bot.ports.adapter import Room
from bot.ports.outbox import room_name
from tests.stories.applying import asked, moderator
from tests.stories.register import NEMO, licence
from tests.stories.world import World, open_world
from tests.views.test_views import words_of

ROOM = room_name("words", Room.MODERATORS)
OUT = "I took you out of the moderators' room, because it holds moderators only."
APPROVE = "1 approval needed"


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[World]:
    """Open a world whose moderators have an encrypted room: what they ask there is answered there."""
    async with open_world(tmp_path, moderators="words") as world:
        await moderator(world, "udo")
        await world.bot.wall.joining.enrol(
            world.words.account("ravi"), "Planted Physician", "Dermatology", Role.PHYSICIAN, by="test"
        )
        await world.settle()
        yield world


async def look(world: World) -> float:
    wait = await world.bot.door.doorkeeper.look(ROOM)
    await world.settle()
    return wait


async def apply(world: World) -> None:
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")


def shown(world: World) -> str:
    return " ".join(words_of(one.card) for one in world.words.moderators)


@pytest.mark.parametrize("person", ["ravi", "norma"])
async def test_who_is_no_moderator_is_put_out_and_told_once(ward: World, person: str) -> None:
    for _ in range(2):
        ward.words.moderating.add(person)
        assert await look(ward) == EVERY
    assert ward.words.moderating == {"udo"}
    assert sum(OUT in words for words in ward.home(person)) == 1
    assert await ward.bot.backlog.paused() == ()


async def test_a_suspended_moderator_is_put_out_and_asked_in_again_afterwards(ward: World) -> None:
    await moderator(ward, "tove")
    name = await ward.name_of("tove")
    await ward.bot.stopping.suspend(name, 2, "Words.", by="shell")
    await ward.settle()
    await look(ward)
    assert ward.words.moderating == {"udo"}

    await ward.bot.stopping.restore(name, by="shell")
    await ward.settle()
    await look(ward)
    assert ward.words.moderating == {"udo", "tove"}


async def test_while_somebody_else_stays_moderators_read_and_act_at_home(ward: World) -> None:
    await apply(ward)
    ward.words.moderating.add("norma")
    ward.words.immovable.add("norma")
    await look(ward)
    [pause] = await ward.bot.backlog.paused()
    assert (pause.room, pause.cause, pause.told) == (ROOM, Cause.STRANGER, True)
    assert "Somebody who is no moderator is in the moderators' room" in ward.home("udo")[-1]
    assert "please leave it" in ward.home("norma")[-1]

    stands = shown(ward)
    await ward.press_among("udo", "Look")
    assert "Nemo Vantongeren" in ward.home("udo")[-1]
    assert shown(ward) == stands


async def test_once_they_are_gone_the_room_goes_on(ward: World) -> None:
    ward.words.moderating.add("norma")
    ward.words.immovable.add("norma")
    await look(ward)
    await apply(ward)
    assert APPROVE in ward.home("udo")[-1]
    assert APPROVE not in shown(ward)

    ward.words.moderating.discard("norma")
    await look(ward)
    assert "The moderators' room goes on" in shown(ward)
    assert await ward.bot.backlog.paused() == ()
