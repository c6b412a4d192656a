"""The first moderator: a code from the shell, redeemed once in the chat, and nothing to learn for others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.memory.adapter import MemoryAdapter
from bot.chat.cards import Card
from bot.domain.members import Role
from bot.identity.first_moderator import FirstModerator
from bot.ports.adapter import Later, Profile
from bot.views.verification import moderators_only_card
from tests.stories.world import World, bytes_below, enrol_everybody, open_world
from tests.views.test_views import words_of

HOLDERS = {"forms": "moda", "words": "norma"}
ONLY = words_of(moderators_only_card())
HOURS = 3600


@pytest.fixture(params=["forms", "words"])
async def world(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, moderators=request.param) as made:
        yield made


@pytest.fixture
def holder(request: pytest.FixtureRequest) -> str:
    return HOLDERS[request.node.callspec.params["world"]]


async def code_of(world: World) -> str:
    code = await world.bot.first_moderator.make()
    assert code is not None
    return code.words


async def role_of(world: World, person: str) -> Role | None:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    if known is None:
        return None
    async with world.bot.house.content.work() as work:
        member = await work.members.get(known.member)
    assert member is not None
    return member.role


async def test_the_holder_of_the_code_becomes_the_first_moderator(
    world: World, holder: str, tmp_path: Path
) -> None:
    code = await code_of(world)
    told = await world.say(holder, f"mod first {code.lower().replace('-', ' ')}")

    assert "You are the first moderator" in told
    assert await role_of(world, holder) is Role.MODERATOR
    assert holder in world.site_of(holder).admitted
    assert holder in world.site_of(holder).moderating
    assert "Nobody waits" in await world.command(holder, "mod queue")
    assert any("You are in" in words for words in world.home(holder))
    assert await world.bot.first_moderator.make() is None
    what = [entry.what for entry in await world.bot.wall.audit.entries()]
    assert what == ["first_code_made", "enrolled"]
    for word in (code, code.replace("-", "")):
        assert word.encode() not in bytes_below(tmp_path)


async def test_the_code_is_good_once(world: World, holder: str) -> None:
    code = await code_of(world)
    await world.say(holder, f"mod first {code}")
    assert await world.say("ada", f"mod first {code}") == ONLY
    assert await role_of(world, "ada") is None


async def test_the_code_is_good_for_a_day(world: World, holder: str) -> None:
    code = await code_of(world)
    await world.wait(24 * HOURS)
    assert await world.say(holder, f"mod first {code}") == ONLY
    assert "You are the first moderator" in await world.say(holder, f"mod first {await code_of(world)}")


async def test_a_newer_code_voids_the_older(world: World, holder: str) -> None:
    older, newer = await code_of(world), await code_of(world)
    assert await world.say(holder, f"mod first {older}") == ONLY
    assert "You are the first moderator" in await world.say(holder, f"mod first {newer}")


async def test_t_22_a_wrong_code_is_answered_like_any_word_of_moderators(world: World, holder: str) -> None:
    """Whether there is a code or not, right in all letters but one, or none at all: the same bytes."""
    answers: list[Card] = []
    for make in (False, True):
        code = await code_of(world) if make else "ABCDE-FGHJK"
        wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
        for words in (f"mod first {wrong}", "mod first", "mod queue", "mod approve V-1", "mod nonsense"):
            await world.command(holder, words)
            reply = world.site_of(holder).answers[holder][-1]
            assert isinstance(reply, Card)
            answers.append(reply)
    assert {repr(answer).encode() for answer in answers} == {repr(moderators_only_card()).encode()}


async def test_t_22_five_tries_are_all_that_an_account_has(world: World, holder: str) -> None:
    code = await code_of(world)
    for _ in range(5):
        assert await world.say(holder, "mod first AAAAA-AAAAA") == ONLY
    assert await world.say(holder, f"mod first {code}") == ONLY
    assert await role_of(world, holder) is None
    assert "You are the first moderator" in await world.say("nobody", f"mod first {code}")


async def test_t_22_many_accounts_together_void_the_code(world: World, holder: str) -> None:
    code = await code_of(world)
    for number in range(5):
        for _ in range(5):
            await world.command(f"guesser{number}", "mod first AAAAA-AAAAA")
    assert await world.say(holder, f"mod first {code}") == ONLY


async def test_a_code_that_comes_too_late_says_so_to_its_holder(world: World, holder: str) -> None:
    code = await code_of(world)
    await world.bot.wall.joining.enrol(
        world.forms.account("mod"), "Moda Planted", "Moderation", Role.MODERATOR, by="shell"
    )
    assert "There is a moderator already" in await world.say(holder, f"mod first {code}")
    assert await role_of(world, holder) is None


async def test_a_member_keeps_the_role_and_the_code_stays_good(world: World, holder: str) -> None:
    await enrol_everybody(world)
    await world.settle()
    code = await code_of(world)
    assert "an account has one role" in await world.say("ada", f"mod first {code}")
    assert await role_of(world, "ada") is Role.PHYSICIAN
    assert "You are the first moderator" in await world.say(holder, f"mod first {code}")


async def test_a_guest_is_refused_and_the_code_stays_good(world: World, holder: str) -> None:
    code = await code_of(world)
    for profile in (Profile(member=False), None):
        world.site_of(holder).profiles[holder] = profile
        assert "A guest's account" in await world.say(holder, f"mod first {code}")
    world.site_of(holder).profiles[holder] = Profile(member=True, name="Moda Planted")
    assert "You are the first moderator" in await world.say(holder, f"mod first {code}")


async def test_a_platform_that_is_silent_costs_no_try(
    world: World, holder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await code_of(world)

    async def silent(*_: object) -> Profile | None:
        raise Later(None)

    with monkeypatch.context() as patched:
        patched.setattr(MemoryAdapter, "profile", silent)
        assert "The code is still good" in await world.say(holder, f"mod first {code}")
    assert "You are the first moderator" in await world.say(holder, f"mod first {code}")


async def test_the_code_of_another_process_is_known_at_once(world: World, holder: str) -> None:
    """The shell makes it beside the bot that runs: nothing of it is in this process's memory."""
    house = world.bot.house
    beside = FirstModerator(
        world.bot.wall, house.content, world.bot.wall._sealer, clock=house.clock, chance=house.chance
    )
    code = await beside.make()
    assert code is not None
    assert "You are the first moderator" in await world.say(holder, f"mod first {code.words}")
