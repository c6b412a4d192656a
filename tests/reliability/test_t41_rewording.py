"""T-41: an edit or a deletion of an own message takes effect once, wherever a crash comes."""

from __future__ import annotations

from pathlib import Path

from tests.reliability.mortal import settled_house
from tests.reliability.test_t41_boundaries import SAID, assert_at_rest, calm, standing, told

BETTER = "the border is blurred"


async def test_t41_an_edit_takes_effect_once(tmp_path: Path) -> None:
    async with settled_house(tmp_path) as house:
        async with house.last_hours("own message tagged") as world:
            await world.say("ravi", f"comment 101 {SAID}")
        async with house.life() as world:
            await calm(world)
            assert standing(world, SAID) == [1, 1]
            message = world.words.said["ravi"][-1].remote
        async with house.last_hours("command committed") as world:
            await world.words.edits("ravi", message, f"comment 101 {BETTER}", event="again")
            await world.settle()
        async with house.life() as world:
            await world.words.edits("ravi", message, f"comment 101 {BETTER}", event="again")
            await calm(world)
            assert standing(world, BETTER) == [1, 1]
            assert standing(world, SAID) == [0, 0]
            assert told(house, "ada", "Something new in #101") == 1
            await world.command("ravi", "undo")
            await calm(world)
            assert standing(world, SAID) == [1, 1]
        assert_at_rest(house)


async def test_t41_a_deletion_takes_effect_once(tmp_path: Path) -> None:
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            await world.say("ravi", f"comment 101 {SAID}")
            await world.wait(1)
            message = world.words.said["ravi"][-1].remote
        async with house.last_hours("sent but not recorded") as world:
            await world.words.deletes("ravi", message, event="again")
            await world.settle()
        async with house.life() as world:
            await world.words.deletes("ravi", message, event="again")
            await calm(world)
            assert standing(world, SAID) == [0, 0]
            assert told(house, "ada", "Something new in #101") == 0
            assert told(house, "ravi", "was removed in 2 of 2 rooms") == 1
        assert_at_rest(house)
