"""T-41: a crash at each named commit boundary loses nothing and doubles nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.chat.cards import note
from bot.chat.events import Kind
from bot.ports.adapter import Undeliverable
from tests.reliability import evidence
from tests.reliability.boundaries import PLATFORM_BOUNDARIES
from tests.reliability.mortal import House, settled_house
from tests.stories.applying import moderator
from tests.stories.test_case_crosses import photo
from tests.stories.world import World, enrol_everybody
from tests.views.test_views import words_of

SAID = "the border is sharp"
CROSSINGS = [
    *((boundary, 1) for boundary in PLATFORM_BOUNDARIES),
    *((boundary, 2) for boundary in PLATFORM_BOUNDARIES[2:]),
    ("direct message claimed", 1),
    ("direct message sent but not recorded", 1),
]
"""Two rooms: at the second crossing one of them has the posting already."""


def standing(world: World, words: str) -> list[int]:
    """Count in both rooms how often words stand there."""
    return [sum(words in shown for shown in world.room(room)) for room in (world.forms, world.words)]


def told(house: House, person: str, words: str) -> int:
    """Count the messages in a home chat that hold some words, answers left aside."""
    site = house.forms if person in ("ada", "ben") else house.words
    return sum(words in words_of(shown.card) and bool(shown.delivery) for shown in site.homes[person])


async def calm(world: World) -> None:
    """Let time pass until nothing waits any more."""
    async with asyncio.timeout(10):
        await world.wait(120)
        while await waits(world) or await world.bot.door.inbox.waiting():
            await world.wait(5)


async def waits(world: World) -> bool:
    """Say whether anything is to be delivered, or to be told of what was; a report may put out more."""
    queue = world.bot.queue
    before, unreported, after = await queue.depth(), await queue.unreported(), await queue.depth()
    return any((*before.values(), *unreported, *after.values()))


def assert_at_rest(house: House) -> None:
    content = house.folder / "var" / "content.db"
    assert evidence.at_rest(content) == ""
    assert evidence.integrity(content) == evidence.integrity(house.folder / "var" / "vault.db") == "ok"
    assert evidence.inbox_states(content).keys() == {"handled"}


@pytest.mark.parametrize(("boundary", "time"), CROSSINGS)
async def test_t41_a_comment_stands_once_and_is_told_once(tmp_path: Path, boundary: str, time: int) -> None:
    async with settled_house(tmp_path) as house:
        async with house.last_hours(boundary, time=time) as world:
            await world.say("ravi", f"comment 101 {SAID}")
            await world.wait(1)
        async with house.life() as world:
            await calm(world)
            assert standing(world, SAID) == [1, 1]
            assert told(house, "ada", "Something new in #101") == 1
        assert_at_rest(house)


@pytest.mark.parametrize("boundary", PLATFORM_BOUNDARIES)
async def test_t41_a_repeated_event_after_the_crash_changes_nothing(tmp_path: Path, boundary: str) -> None:
    async with settled_house(tmp_path) as house:
        async with house.last_hours(boundary) as world:
            await world.words.does("ravi", Kind.TEXT, f"comment 101 {SAID}", event="again")
            await world.settle()
            await world.wait(1)
        async with house.life() as world:
            await world.words.does("ravi", Kind.TEXT, f"comment 101 {SAID}", event="again")
            await calm(world)
            assert standing(world, SAID) == [1, 1]


@pytest.mark.parametrize("step", range(1, 9))
async def test_t41_a_case_asked_in_turn_is_posted_once_wherever_the_crash_comes(
    tmp_path: Path, step: int
) -> None:
    words = ["case", "It began with a soft lamp.", "done", "What would you do?", "2", "skip", "post", "post"]
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            for said in words[: step - 1]:
                await world.say("ravi", said)
        async with house.last_hours("inbox committed") as world:
            await world.say("ravi", words[step - 1])
        async with house.life() as world:
            for said in words[step:]:
                await world.say("ravi", said)
            await calm(world)
            assert standing(world, "soft lamp") == [1, 1]
        assert_at_rest(house)


async def test_t41_the_last_answer_is_not_asked_for_again(tmp_path: Path) -> None:
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            for said in ("case", "It began with a soft lamp.", "done", "What would you do?", "2"):
                await world.say("ravi", said)
        async with house.last_hours("command committed") as world:
            await world.say("ravi", "skip")
        async with house.life() as world:
            await world.say("ravi", "post")
            await world.say("ravi", "post")
            await calm(world)
            assert standing(world, "soft lamp") == [1, 1]


@pytest.mark.parametrize("boundary", ["command committed", "delivery claimed", "sent but not recorded"])
async def test_t41_a_form_is_posted_once(tmp_path: Path, boundary: str) -> None:
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            await world.command("ben", "case")
            await world.submit("ben", {"story": "It began with a soft lamp.", "question": "What next?"})
            await world.look_through("ben")
        async with house.last_hours(boundary) as world:
            await world.command("ben", "post")
            await world.wait(1)
        async with house.life() as world:
            await world.command("ben", "post")
            await calm(world)
            assert standing(world, "soft lamp") == [1, 1]


@pytest.mark.parametrize("boundary", ["delivery claimed", "sent but not recorded"])
@pytest.mark.parametrize("time", [1, 2, 3, 4])
async def test_t41_a_withdrawal_is_finished_and_reported_once(
    tmp_path: Path, boundary: str, time: int
) -> None:
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            await world.say("ravi", f"comment 101 {SAID}")
            await world.wait(1)
        async with house.last_hours(boundary, time=time) as world:
            await world.command("ada", "withdraw 101 yes")
            await world.wait(1)
        async with house.life() as world:
            await calm(world)
            assert world.room(world.forms) == world.room(world.words) == []
            assert "messages and pictures removed" in await world.command("ada", "show 101")
        assert_at_rest(house)
        assert told(house, "ada", "Something new in #101") == 2


async def test_t41_what_was_claimed_as_the_one_before_it_ended_stands_once(tmp_path: Path) -> None:
    async with settled_house(tmp_path) as house:
        async with house.last_hours("ended and the next one claimed") as world:
            async with world.bot.house.content.work() as work:
                for said in (SAID, "it is not raised"):
                    await work.outbox.post(f"memo:{said}", note(said), release_at=world.clock.now())
            await world.wait(1)
        async with house.life() as world:
            await calm(world)
            for room in (world.forms, world.words):
                assert [SAID in shown for shown in world.room(room)[-2:]] == [True, False]
            assert standing(world, SAID) == standing(world, "it is not raised") == [1, 1]
        assert_at_rest(house)


@pytest.mark.parametrize("time", [1, 2])
async def test_t41_a_case_with_a_picture_is_posted_once(tmp_path: Path, time: int) -> None:
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            await world.command("ben", "case")
            await world.submit("ben", {"story": "It began with a soft lamp.", "question": "Next?"}, photo())
            await world.command("ben", "hide all")
            await world.press("ben", "Continue")
            await world.press("ben", "Looks clean")
        async with house.last_hours("part recorded but not ended", time=time) as world:
            await world.post("ben")
            await world.wait(1)
        async with house.life() as world:
            await calm(world)
            assert standing(world, "soft lamp") == [1, 1]
        assert_at_rest(house)


async def test_t41_the_report_of_a_withdrawal_survives(tmp_path: Path) -> None:
    async with settled_house(tmp_path) as house:
        async with house.last_hours("group ended but not reported") as world:
            await world.command("ada", "withdraw 101 yes")
            await world.wait(1)
        async with house.life() as world:
            await calm(world)
        assert told(house, "ada", "Something new in #101") == 1
        assert_at_rest(house)


async def test_t41_moderators_hear_once_of_what_was_set_apart(tmp_path: Path) -> None:
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            await moderator(world, "norma")
        async with house.last_hours("quarantined, moderators not yet told") as world:
            world.forms.room_faults.append(Undeliverable("msg_too_long"))
            await world.say("ravi", f"comment 101 {SAID}")
            await world.wait(1)
        async with house.life() as world:
            await world.wait(120)
            assert standing(world, SAID) == [0, 1]
            assert await world.bot.queue.depth() == {"waiting": 0, "claimed": 0, "quarantined": 1}
            assert len([words for words in world.home("norma") if words.startswith("A message to ")]) == 1


@pytest.mark.parametrize("time", [1, 2, 5])
@pytest.mark.parametrize(
    "boundary", ["account pending in the vault", "member in the content but not active in the vault"]
)
async def test_t41_an_enrolment_is_finished_at_the_next_start(
    tmp_path: Path, boundary: str, time: int
) -> None:
    house = House(tmp_path)
    async with house.last_hours(boundary, time=time) as world:
        await enrol_everybody(world)
    async with house.life() as world:
        await enrol_everybody(world)
        await world.wait(1)
        names = {await world.name_of(person) for person in ("ada", "ben", "cleo", "dara", "ravi", "sana")}
        assert len(names) == 6
        chain = await world.bot.wall.audit.verify()
        assert chain.problem == ""
        assert chain.entries in (8, 9)  # written twice if the end came in between, but never not at all
        for site in (world.forms, world.words):
            assert sorted(len(shown) for shown in site.homes.values()) == [1, 1, 1, 1]
