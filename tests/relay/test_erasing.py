"""Taking back what an author said: done where the platform lets the bot, told once where it does not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.drafts import Sent
from bot.domain.members import MemberId
from bot.ports.adapter import Later, Undeliverable
from bot.views.drafts import stays_card, stays_quiet_card
from tests.stories.world import World, enrol_everybody, open_world
from tests.views.test_views import words_of

STAYS, STAYS_QUIET = words_of(stays_card()), words_of(stays_quiet_card())


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened:
        await enrol_everybody(opened)
        await opened.settle()
        yield opened


async def member_of(world: World, person: str) -> MemberId:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    assert known is not None
    return known.member


async def tell_story(world: World, person: str) -> tuple[Sent, ...]:
    """Let a person say two things at home; gives where."""
    await world.say(person, "help")
    await world.say(person, "rules")
    adapter = world.site_of(person)
    return tuple(Sent(adapter.site, said.remote) for said in adapter.said[person])


async def erase(world: World, person: str, *sent: Sent, key: str = "draft") -> None:
    async with world.bot.house.content.work() as work:
        await work.outbox.erase(await member_of(world, person), sent, key=key)
    await world.settle()


def told(world: World, person: str, words: str) -> int:
    return world.home(person).count(words)


async def depth(world: World) -> dict[str, int]:
    return {state: rows for state, rows in (await world.bot.queue.depth()).items() if rows}


async def test_what_was_said_is_gone_and_nothing_is_told(world: World) -> None:
    sent = await tell_story(world, "ravi")
    before = world.home("ravi")
    others = await tell_story(world, "sana")
    await erase(world, "ravi", *sent)
    assert world.words.said["ravi"] == []
    assert len(world.words.said["sana"]) == len(others) == 2
    assert world.home("ravi") == before
    assert await depth(world) == {}


async def test_what_may_not_be_taken_back_is_told_once_and_is_no_matter_for_the_operator(
    world: World,
) -> None:
    sent = await tell_story(world, "ravi")
    world.words.faults.append(Undeliverable("forbidden"))
    await erase(world, "ravi", *sent)
    await erase(world, "ravi", *sent)
    assert len(world.words.said["ravi"]) == 2
    assert told(world, "ravi", STAYS) == 1
    assert await depth(world) == {}
    assert await world.bot.backlog.quarantined() == ()


async def test_where_home_chats_can_be_exported_the_quiet_words_are_told(world: World) -> None:
    sent = await tell_story(world, "ada")
    await erase(world, "ada", *sent)
    assert len(world.forms.said["ada"]) == 2
    assert (told(world, "ada", STAYS), told(world, "ada", STAYS_QUIET)) == (0, 1)
    assert await depth(world) == {}


async def test_at_a_site_that_is_no_more_it_stays_and_that_is_told(world: World) -> None:
    await erase(world, "ravi", Sent("closed-clinic", "said e1"))
    assert told(world, "ravi", STAYS) == 1
    assert await depth(world) == {}


async def test_at_two_sites_what_can_go_goes_and_one_message_tells_of_the_rest(world: World) -> None:
    sent = await tell_story(world, "ravi")
    await erase(world, "ravi", Sent("closed-clinic", "said e1"), *sent, Sent("burnt-clinic", "said e2"))
    assert world.words.said["ravi"] == []
    assert told(world, "ravi", STAYS) == 1


@pytest.mark.parametrize("unsure", [False, True])
async def test_a_platform_that_is_busy_is_asked_again(world: World, unsure: bool) -> None:
    sent = await tell_story(world, "ravi")
    world.words.faults.append(Later(30.0, unsure=unsure))
    await erase(world, "ravi", *sent)
    assert await depth(world) == {"waiting": 1}
    await world.wait(29)
    assert (len(world.words.said["ravi"]) == 0) == unsure
    await world.wait(1)
    assert world.words.said["ravi"] == []
    assert told(world, "ravi", STAYS) == 0
    assert await depth(world) == {}


async def test_after_a_restart_it_is_done_and_told_once(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await before.settle()
        sent = await tell_story(before, "ravi")
        before.words.faults.append(Later(30.0))
        await erase(before, "ravi", *sent, Sent("closed-clinic", "said e1"))
        assert await depth(before) == {"waiting": 1}

    async with open_world(tmp_path, life=2) as after:
        after.clock.pass_(3600)
        await after.settle()
        assert told(after, "ravi", STAYS) == 1
        assert await depth(after) == {}


async def test_what_was_told_before_a_crash_is_not_told_again(world: World) -> None:
    member = await member_of(world, "ravi")
    async with world.bot.house.content.work() as work:
        await work.outbox.tell(
            member,
            stays_card(),
            quiet=stays_quiet_card(),
            key="stays:erase:draft",
            release_at=world.clock.now(),
        )
    await erase(world, "ravi", Sent("closed-clinic", "said e1"))
    assert told(world, "ravi", STAYS) == 1
