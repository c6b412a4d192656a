"""Consult rooms hold members only: others are put out, or nothing goes to that room until they are gone."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.events import Account, Event, Kind, Place
from bot.domain.members import Role
from bot.domain.pauses import Cause
from bot.frontdoor.doorkeeping import EVERY, PATIENCE, SOON
from bot.ports.adapter import Later, Undeliverable
from bot.ports.outbox import What
from tests.stories.applying import moderator
from tests.stories.world import UNDO, World, enrol_everybody, open_world

OUT = "I took you out of the consult room, because it holds verified members only."
LEAVE = "I may not take you out of it, so please leave it."
PATIENT = PATIENCE.total_seconds()


async def enters(world: World, person: str) -> None:
    await world.forms.enters(person)
    await world.settle()


async def look(world: World) -> float:
    """Let the bot look at the room of the site with forms, as it does by itself."""
    wait = await world.bot.door.doorkeeper.look("forms")
    await world.settle()
    return wait


async def posts(world: World, story: str) -> None:
    """Let ravi, at the other site, post a case."""
    await world.say("ravi", f"case {story}")
    for words in ("done", "Biopsy?", "1", "skip"):
        await world.say("ravi", words)
    await world.post("ravi")
    await world.wait(UNDO + 5)


async def pauses(world: World) -> list[tuple[str, Cause, bool]]:
    return [(one.room, one.cause, one.told) for one in await world.bot.backlog.paused()]


def stories(world: World, site: str) -> list[str]:
    """Give the first words of the cases that stand in a room, in their order."""
    room = world.room(world.forms if site == "forms" else world.words)
    return [word for text in room for word in ("First", "Second", "Third") if f"{word} plaque" in text]


async def test_a_stranger_is_put_out_and_told_once_why(world: World) -> None:
    await enters(world, "mallory")

    assert "mallory" not in world.forms.admitted
    (told,) = world.home("mallory")
    assert told.startswith(OUT)
    assert await pauses(world) == []
    await enters(world, "mallory")
    assert "mallory" not in world.forms.admitted
    assert len(world.home("mallory")) == 1


async def test_who_was_put_out_can_begin_to_be_verified_by_the_button(world: World) -> None:
    await enters(world, "nemo")

    assert "Your number" in await world.press("nemo", "Verify me")


async def test_where_buttons_are_numbers_the_number_is_understood(world: World) -> None:
    await world.words.enters("norma")
    await world.settle()

    assert "NPI" in await world.say("norma", "1")


async def test_a_member_comes_and_goes_and_comes_back(world: World) -> None:
    await enters(world, "ada")
    world.forms.leaves("ada")
    await enters(world, "ada")

    assert "ada" in world.forms.admitted
    assert await look(world) == EVERY
    assert "ada" in world.forms.admitted
    assert not any(OUT in words for words in world.home("ada"))


async def test_two_strangers_at_once_are_both_put_out(world: World) -> None:
    await asyncio.gather(world.forms.enters("mallory"), world.forms.enters("trudy"))
    await world.settle()

    assert not {"mallory", "trudy"} & world.forms.admitted
    assert len(world.home("mallory")) == len(world.home("trudy")) == 1
    assert await pauses(world) == []


async def test_where_the_bot_may_not_the_room_waits_and_moderators_know(world: World) -> None:
    await moderator(world)
    world.forms.immovable.add("owner")
    await enters(world, "owner")

    assert await pauses(world) == [("forms", Cause.STRANGER, True)]
    assert world.home("mod")[-1].startswith("Something waits for you.")
    assert "somebody is in it who may not be" in await world.press("mod", "Open")
    assert LEAVE in world.home("owner")[-1]
    await posts(world, "First plaque")
    await posts(world, "Second plaque")
    assert stories(world, "words") == ["First", "Second"]
    assert stories(world, "forms") == []

    world.forms.leaves("owner")
    await look(world)
    assert stories(world, "forms") == ["First", "Second"]
    assert await pauses(world) == []
    assert "open" in await world.press("mod", "Open")


async def test_where_chats_are_private_moderators_read_which_room_and_nobodys_name(world: World) -> None:
    account = world.words.account("norma")
    await world.bot.wall.joining.enrol(account, "Norma Planted", "Moderation", Role.MODERATOR, by="test")
    world.forms.immovable.add("owner")
    await enters(world, "owner")

    told = world.home("norma")[-1]
    assert "forms" in told
    assert "owner" not in told
    world.forms.leaves("owner")
    await look(world)
    assert "goes on: what kept it paused is over" in world.home("norma")[-1]


async def test_passing_trouble_holds_the_room_and_bothers_nobody(world: World) -> None:
    await moderator(world)
    before = len(world.home("mod"))
    world.forms.put_out_faults.append(Later(3))
    await enters(world, "mallory")

    assert await pauses(world) == [("forms", Cause.STRANGER, False)]
    await look(world)
    assert "mallory" not in world.forms.admitted
    assert await pauses(world) == []
    assert len(world.home("mod")) == before


async def test_trouble_that_lasts_is_told_within_the_minute(world: World) -> None:
    await moderator(world)
    before = len(world.home("mod"))
    world.forms.put_out_faults += [Later(None)] * 100
    await enters(world, "mallory")
    began = world.clock.monotonic()

    async with asyncio.timeout(10):
        while len(world.home("mod")) == before:
            world.clock.pass_(EVERY if world.clock.monotonic() == began else SOON)
            await look(world)
    assert PATIENT <= world.clock.monotonic() - began < 60
    assert await pauses(world) == [("forms", Cause.STRANGER, True)]
    world.forms.put_out_faults.clear()
    await look(world)
    assert await pauses(world) == []


async def test_a_look_that_cannot_be_had_changes_nothing(world: World) -> None:
    world.forms.look_faults.append(Later(None))
    assert await look(world) == SOON
    assert await pauses(world) == []


async def test_a_room_that_is_none_any_more_is_held_and_told_until_it_is_mended(world: World) -> None:
    await moderator(world)
    world.forms.look_faults += [Undeliverable("unfit")] * 100
    await look(world)
    await look(world)

    assert await pauses(world) == [("forms", Cause.UNFIT, True)]
    assert sum("Something waits for you" in words for words in world.home("mod")) == 1
    assert "may not be a consult room any more" in await world.press("mod", "Open")
    await posts(world, "First plaque")
    assert (stories(world, "forms"), stories(world, "words")) == ([], ["First"])
    world.forms.look_faults.clear()
    await look(world)
    assert stories(world, "forms") == ["First"]


async def test_the_watch_finds_whom_no_event_told(world: World) -> None:
    world.forms.admitted.add("mallory")
    async with asyncio.timeout(10):
        while "mallory" in world.forms.admitted:
            world.clock.pass_(EVERY)
            await asyncio.sleep(0)


async def test_who_came_while_the_bot_was_away_is_put_out_at_its_start(tmp_path: Path) -> None:
    async with open_world(tmp_path, inside=("mallory",)) as world:
        assert world.forms.admitted == set()
        assert len(world.home("mallory")) == 1


async def test_a_kill_between_entering_and_removal_is_made_up_for(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        came = Event("e1", Kind.ENTERED, world.forms.account("mallory"), Place.ROOM)
        await world.bot.door.inbox.accept("forms", [came], None)
        await world.bot.pausing.hold("forms", Cause.STRANGER)
    async with open_world(tmp_path, life=2, inside=("mallory",)) as world:
        await world.settle()
        assert world.forms.admitted == set()
        assert len(world.home("mallory")) == 1
        assert await pauses(world) == []


async def test_a_room_that_is_held_stays_held_until_it_was_seen_to_be_clear(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        world.forms.immovable.add("owner")
        await enters(world, "owner")
        await posts(world, "First plaque")
    async with open_world(tmp_path, life=2, blind=True) as world:
        await world.wait(3 * UNDO)
        assert stories(world, "forms") == []
        world.forms.look_faults.clear()
        await look(world)
        assert stories(world, "forms") == ["First"]


async def test_a_member_who_is_suspended_is_put_out_with_another_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(account: Account) -> bool:
        return False

    world.forms.admitted.add("ada")
    monkeypatch.setattr(world.bot.wall, "welcome", nobody)
    await look(world)
    assert "ada" not in world.forms.admitted
    assert "your membership is suspended" in world.home("ada")[-1]


async def test_an_account_that_is_just_being_let_in_stays(world: World) -> None:
    accounts = world.bot.wall.accounts
    index = accounts.index(world.forms.account("ada"))
    enrolment = await accounts.at(index)
    assert enrolment is not None
    await accounts.replace(index, replace(enrolment, state="pending"))
    await enters(world, "ada")

    assert "ada" in world.forms.admitted


async def test_the_bots_own_accounts_of_other_sites_stay(world: World) -> None:
    mallory = world.forms.account("mallory")
    world.forms.guests = [world.words.own, mallory]
    assert await look(world) == EVERY
    assert world.forms.guests == [world.words.own]


async def test_a_moderator_pauses_a_room_and_lets_it_go_on_over_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol(world)
        assert "paused" in await world.command("mod", "mod pause FORMS")
        assert "already" in await world.command("mod", "mod pause forms")
        await posts(world, "First plaque")
    async with open_world(tmp_path, life=2) as world:
        await posts(world, "Second plaque")
        assert stories(world, "words") == ["Second"]
        assert stories(world, "forms") == []
        assert world.bot.health()["forms"].connected
        assert "paused" in world.bot.health()["forms"].problem
        assert "goes on" in await world.command("mod", "mod resume forms")
        assert stories(world, "forms") == ["First", "Second"]
        assert world.bot.health()["forms"].problem == ""
        assert "was not paused" in await world.command("mod", "mod resume forms")


async def enrol(world: World) -> None:
    await enrol_everybody(world)
    await moderator(world)


async def test_no_word_lets_a_room_go_on_while_somebody_is_in_it(world: World) -> None:
    await moderator(world)
    world.forms.immovable.add("owner")
    await enters(world, "owner")
    await world.command("mod", "mod pause forms")

    assert "stays paused" in await world.command("mod", "mod resume forms")
    assert await pauses(world) == [("forms", Cause.STRANGER, True)]


async def test_pausing_is_for_moderators_and_asks_which_room(world: World) -> None:
    await moderator(world)

    assert "for moderators" in await world.command("ada", "mod pause forms")
    assert await pauses(world) == []
    asked = await world.command("mod", "mod pause nowhere")
    assert "mod pause forms" in asked
    assert "mod pause words" in asked


async def test_a_member_is_put_out_on_request_once_for_each_key(world: World) -> None:
    for key, out in (("suspended:1", True), ("suspended:1", False), ("suspended:2", True)):
        world.forms.admitted.add("ada")
        await show_out(world, "ada", key)
        assert ("ada" not in world.forms.admitted) == out


async def test_what_a_platform_refuses_of_a_request_is_shown_to_the_operator(world: World) -> None:
    world.forms.admitted.add("ada")
    world.forms.immovable.add("ada")
    await show_out(world, "ada", "suspended:1")

    (apart,) = await world.bot.backlog.quarantined()
    assert (apart.what, apart.code) == (What.SHOW_OUT, "restricted_action")


async def show_out(world: World, person: str, key: str) -> None:
    known = await world.bot.wall.who(world.forms.account(person))
    assert known is not None
    async with world.bot.house.content.work() as work:
        await work.outbox.show_out(known.member, key=key)
    await world.settle()
