"""Somebody is stopped: by moderators, until when, what is heard of it, and how it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.members import Role
from bot.domain.standing import State
from tests.stories.applying import moderator
from tests.stories.world import UNDO, World, bytes_below, open_world

DAY = 24 * 3600.0
BOTH = pytest.mark.parametrize("person", ["ada", "ravi"])
"""One on the platform with forms, one on the one with words."""


async def moderators(world: World) -> None:
    await moderator(world)
    await moderator(world, "maude")


async def state_of(world: World, person: str) -> State:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    assert known is not None
    return (await world.bot.stopping.standing(known.member)).state


async def case_of(world: World, person: str) -> None:
    """Post a case and leave the draft of another one."""
    await world.say(person, "case A plaque on the left shin.")
    if world.site_of(person) is world.forms:
        await world.submit(person, {"story": "A plaque on the left shin.", "question": "Biopsy?"})
    else:
        for words in ("done", "Biopsy?", "2", "skip"):
            await world.say(person, words)
    await world.post(person)
    await world.wait(UNDO + 5)


@BOTH
async def test_a_suspended_member_hears_why_until_when_and_what_next(world: World, person: str) -> None:
    await moderators(world)
    name = await world.name_of(person)

    done = await world.command("mod", f'mod suspend "{name}" 7 You named a hospital.')
    assert done == f"{name} is suspended until 8 March 2026, 09:00 UTC, and reads your words."
    for words in ("case", "open", "mine", "poll", "undo", "vote 45 2", "mod queue", "anything else"):
        told = await world.command(person, words)
        assert told.startswith("A moderator has suspended you until 8 March 2026, 09:00 UTC."), words
        assert "You named a hospital." in told
        assert "another moderator can look at it" in told
    for words in ("help", "rules"):
        assert "suspended" not in await world.command(person, words)
    me = await world.command(person, "me")
    assert f"Others see you as {name}" in me
    assert "You named a hospital." in me
    assert "You named a hospital." in await world.command(person, "verify")


@BOTH
async def test_the_news_of_it_comes_at_once_and_names_nothing_where_others_read(
    world: World, person: str
) -> None:
    await moderators(world)
    name = await world.name_of(person)
    await world.command("mod", f'mod suspend "{name}" Words.')

    told = world.home(person)[-1]
    if world.site_of(person) is world.words:
        assert told.startswith("A moderator has suspended you until further notice.")
    else:
        assert told == "Something about your membership has changed. "
    assert name not in told
    assert "moderator" not in told or world.site_of(person) is world.words


@BOTH
async def test_a_suspension_ends_by_itself_and_its_owner_is_told(world: World, person: str) -> None:
    await moderators(world)
    name = await world.name_of(person)
    await world.command("mod", f"mod suspend {name} 2 days Words.")
    world.clock.pass_(2 * DAY - 1)
    assert "suspended you" in await world.command(person, "open")
    world.clock.pass_(1)
    assert "suspended" not in await world.command(person, "open")
    world.site_of(person).admitted.clear()
    await world.bot.watch.look()
    await world.settle()
    assert world.home(person)[-1].startswith(("You are no longer suspended", "Something about your member"))
    assert world.site_of(person).admitted == {person}
    await world.bot.watch.look()
    assert [entry.what for entry in await world.bot.wall.audit.entries()][-2:] == [
        "standing_suspended",
        "suspension_ended",
    ]


@BOTH
async def test_what_was_posted_stays_drafts_wait_and_news_stops(world: World, person: str) -> None:
    await moderators(world)
    await case_of(world, person)
    await world.command(person, "comment 101 Mr. Ingvar Sandkvist had it before.")
    name = await world.name_of(person)
    await world.command("mod", f'mod suspend "{name}" 1 Words.')
    home = len(world.home(person))

    assert "#101" in await world.command("ben", "open")
    await world.command("ben", "comment 101 Look at the nails.")
    await world.wait(UNDO + 5)
    assert any("Look at the nails." in told for told in world.room(world.forms))
    assert len(world.home(person)) == home
    world.clock.pass_(DAY)
    assert "Preview of your comment" in await world.command(person, "preview")
    await world.command("ben", "comment 101 And at the scalp.")
    await world.wait(UNDO + 5)
    assert len(world.home(person)) > home


async def test_a_talk_under_way_waits_for_its_member(world: World) -> None:
    await moderators(world)
    await world.say("ravi", "case A plaque on the left shin.")
    await world.say("ravi", "done")
    await world.command("mod", f'mod suspend "{await world.name_of("ravi")}" 1 Words.')
    assert "suspended you" in await world.say("ravi", "Biopsy?")
    await world.command("mod", f'mod restore "{await world.name_of("ravi")}"')
    assert "How soon" in await world.say("ravi", "Biopsy?")


async def test_a_ban_takes_two_moderators_and_so_does_its_end(world: World) -> None:
    await moderators(world)
    name = await world.name_of("ada")
    assert "so write one" in await world.command("mod", f'mod ban "{name}"')
    assert await state_of(world, "ada") is State.ACTIVE
    assert "A second moderator has to agree" in await world.command(
        "mod", f'mod ban "{name}" You sold things.'
    )
    assert await state_of(world, "ada") is State.SUSPENDED
    assert "suspended you until a second one has looked" in await world.command("ada", "open")
    assert "nothing has changed" in await world.command("mod", f'mod ban "{name}" Again.')
    assert world.home("maude")[-1] == "Something waits for you. "
    assert f"{name} – Suspended; one moderator asks for a ban." in await world.command("maude", "mod stopped")
    assert "is banned" in await world.command("maude", f'mod ban "{name}"')
    assert await state_of(world, "ada") is State.BANNED
    assert "Two moderators have banned you" in await world.command("ada", "case")

    assert "until a second moderator" in await world.command("mod", f'mod restore "{name}"')
    assert "nothing has changed" in await world.command("mod", f'mod restore "{name}"')
    assert await state_of(world, "ada") is State.BANNED
    assert "no longer stopped" in await world.command("maude", f'mod restore "{name}"')
    assert await state_of(world, "ada") is State.ACTIVE
    assert [entry.what for entry in await world.bot.wall.audit.entries()][-4:] == [
        "standing_ban_asked",
        "standing_banned",
        "standing_lift_asked",
        "standing_restored",
    ]
    assert (await world.bot.wall.audit.verify()).problem == ""


@BOTH
async def test_an_appeal_goes_to_another_moderator_once(world: World, person: str) -> None:
    await moderators(world)
    name = await world.name_of(person)
    await world.command("mod", f'mod suspend "{name}" Words.')
    own, other = len(world.home("mod")), len(world.home("maude"))
    if world.site_of(person) is world.forms:
        await world.command(person, "open")
        await world.press(person, "Ask another moderator")
    else:
        await world.say(person, "1")
    assert "Another moderator was asked to look" in world.answer(person)
    assert "You have asked for another look" in await world.command(person, "verify appeal")
    assert (len(world.home("mod")), len(world.home("maude"))) == (own, other + 1)
    assert "Asks for another look." in await world.command("maude", "mod stopped")
    assert "was told" in await world.command("maude", f'mod restore "{name}"')
    assert "suspended" not in await world.command(person, "open")
    assert "Nobody is stopped" in await world.command("maude", "mod stopped")


async def test_moderators_words_are_written_with_a_name_and_a_reason(world: World) -> None:
    await moderators(world)
    name = await world.name_of("ada")
    for words in ("mod suspend", "mod suspend Quiet", f'mod suspend "{name}"', f'mod suspend "{name}" 7'):
        assert "Write it like this" in await world.command("mod", words), words
    assert "Write it like this" in await world.command("mod", "mod restore")
    assert "Give 1 to 365 days" in await world.command("mod", f'mod suspend "{name}" 0 Words.')
    assert "Give 1 to 365 days" in await world.command("mod", f'mod suspend "{name}" 99999 Words.')
    assert "I know no member called Nobody Here" in await world.command("mod", "mod ban Nobody Here x")
    assert "was not stopped by a moderator" in await world.command("mod", f'mod restore "{name}"')
    assert "mod suspend" in await world.command("mod", "mod words")
    assert await state_of(world, "ada") is State.ACTIVE
    told = await world.command(
        "mod",
        f"mod suspend \N{LEFT DOUBLE QUOTATION MARK}{name.lower()}\N{RIGHT DOUBLE QUOTATION MARK} Words.",
    )
    assert told.startswith(f"{name} is suspended until further notice")


async def test_nobody_acts_on_oneself_and_only_moderators_act(world: World) -> None:
    await moderators(world)
    own = await world.name_of("mod")
    for word in ("suspend", "ban", "restore"):
        assert "is you" in await world.command("mod", f'mod {word} "{own}" 3 Words.')
        assert "for moderators" in await world.command("ada", f'mod {word} "{own}" 3 Words.')
    await world.command("maude", f'mod suspend "{own}" Words.')
    assert "suspended you" in await world.command("mod", "mod queue")
    assert "suspended you" in await world.command("mod", f'mod restore "{own}"')


async def test_a_standing_survives_a_restart_and_is_not_on_disk_in_clear(tmp_path: Path) -> None:
    """T-02, and T-01 beside a register that tells whose number is deactivated: no row says who is stopped."""
    async with open_world(tmp_path) as first:
        await moderator(first)
        account = first.forms.account("ada")
        await first.bot.wall.joining.enrol(account, "Ada Planted", "Surgery", Role.PHYSICIAN, by="test")
        name = await first.name_of("ada")
        await first.command("mod", f'mod suspend "{name}" 3 Words-of-a-moderator.')
        on_disk = bytes_below(tmp_path)
        for planted in ("Words-of-a-moderator", "standing_suspended", "moderators"):
            assert planted.encode() not in on_disk
    async with open_world(tmp_path, life=2) as second:
        assert "Words-of-a-moderator" in await second.command("ada", "open")
