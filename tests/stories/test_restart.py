"""Nothing is lost and nothing doubled when the bot stops between two steps and starts again."""

from __future__ import annotations

from pathlib import Path

from bot.chat.events import Kind
from bot.ports.adapter import Later, Undeliverable
from tests.stories.world import UNDO, World, enrol_everybody, open_world

CASE = {"story": "58-year-old man with an itching plaque.", "question": "Would you biopsy?"}


async def post_case(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", CASE)
    await world.post("ada")


async def test_a_posting_that_waits_for_its_undo_time_survives_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await post_case(before)

    async with open_world(tmp_path, life=2) as after:
        assert after.room(after.words) == []
        await after.wait(UNDO + 5)
        assert len(after.room(after.words)) == len(after.room(after.forms)) == 1


async def test_a_draft_survives_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await before.command("ada", "case")
        await before.submit("ada", CASE)

    async with open_world(tmp_path, life=2) as after:
        assert "One last look" in await after.command("ada", "post")
        assert "#101" in await after.command("ada", "post")


async def test_a_wizard_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await before.say("ravi", "case")
        await before.say("ravi", "58-year-old man with an itching plaque")

    async with open_world(tmp_path, life=2) as after:
        assert "(2/3): Your question" in await after.say("ravi", "done")


async def test_what_was_acknowledged_but_not_handled_is_handled_at_the_next_start(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        inbox = before.bot.door.inbox
        await before.bot.door.close()
        await before.forms.does("ada", Kind.COMMAND, "me")
        assert len(await inbox.waiting()) == 1

    async with open_world(tmp_path, life=2) as after:
        await after.settle()
        assert "Others see you as" in after.answer("ada")
        assert await after.bot.door.inbox.waiting() == ()


async def test_a_lost_acknowledgement_doubles_nothing(world: World) -> None:
    world.words.faults.append(Later(1.0, unsure=True))
    await post_case(world)
    await world.wait(UNDO + 5)
    assert len(world.room(world.words)) == 1

    await world.wait(2)
    assert len(world.room(world.words)) == 1
    assert (await world.bot.queue.depth())["waiting"] == 0


async def test_a_destination_that_must_wait_keeps_its_order_and_holds_up_nobody(world: World) -> None:
    world.words.faults.append(Later(30.0))
    await post_case(world)
    await world.wait(UNDO + 5)
    assert len(world.room(world.forms)) == 1
    assert world.room(world.words) == []

    await world.command("ben", "opinion 101 gout")
    await world.wait(UNDO + 5)
    assert ["#101" in world.room(world.words)[0], "Opinion" in world.room(world.words)[1]] == [True, True]


async def test_what_can_never_be_delivered_is_set_apart_and_reported(world: World) -> None:
    await post_case(world)
    await world.wait(UNDO + 5)
    world.forms.faults.append(Undeliverable("cant_delete_message"))

    await world.command("ada", "withdraw 101 yes")
    await world.settle()

    assert "was withdrawn" in world.home("ada")[-1] or "Something new" in world.home("ada")[-1]
    assert (await world.bot.queue.depth()).get("quarantined", 0) == 1
