"""A member takes another screen name: once in a while, and nothing in the rooms leads from old to new."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.codec import card_to_bytes
from bot.domain.members import Member, MemberId, Persona, Role
from tests.stories.test_alias import TOLD, held, link, posted_as_alias, ready
from tests.stories.test_own_name import signs
from tests.stories.world import UNDO, World, bytes_below, enrol_everybody, open_world

DAYS = 180


async def post_case(world: World, person: str) -> None:
    await ready(world, person)
    await world.command(person, "post")
    await world.wait(UNDO + 5)


async def renamed(world: World, person: str) -> tuple[str, str]:
    """Take the first name that is proposed; gives the old and the new one."""
    old = await world.name_of(person)
    await world.command(person, "name")
    await world.command(person, "name 1")
    new = await world.name_of(person)
    assert new != old
    return old, new


def everything_in(world: World) -> str:
    return "".join(
        card_to_bytes(shown.card).decode() for site in (world.forms, world.words) for shown in site.room
    )


@pytest.mark.parametrize("person", ["ada", "ravi"])
async def test_three_are_proposed_and_one_is_taken_by_its_number(world: World, person: str) -> None:
    old = await world.name_of(person)
    told = await world.command(person, "me name")
    assert "once in 180 days" in told
    first = [button.label for button in world.card(person).buttons]
    assert first[3:] == ["Show others", "Keep my name"]
    await (world.press(person, "Show others") if person == "ada" else world.say(person, "4"))
    names = [button.label for button in world.card(person).buttons[:3]]
    assert len({old, *first[:3], *names}) == 7
    await world.command(person, "name")
    assert [button.label for button in world.card(person).buttons[:3]] == names
    answer = await (world.press(person, names[1]) if person == "ada" else world.say(person, "2"))

    assert f"From now on others see you as {names[1]}." in answer
    assert await world.name_of(person) == names[1]
    assert f"Others see you as {names[1]}, physician, Internal medicine" in await world.command(person, "me")


async def test_it_can_be_changed_once_in_a_while(world: World) -> None:
    await renamed(world, "ada")
    for text in ("name", "name 1", "me name others"):
        assert "You can from 28 August 2026." in await world.command("ada", text)
    world.clock.pass_(timedelta(days=DAYS - 1).total_seconds())
    assert "You can from 28 August 2026." in await world.command("ada", "name")
    world.clock.pass_(timedelta(days=1).total_seconds())
    await renamed(world, "ada")
    assert len(await held(world, "ada")) == 2


async def test_what_stands_keeps_its_name_and_its_owner(world: World) -> None:
    await post_case(world, "ada")
    await post_case(world, "ben")
    await world.command("ada", "opinion 102 gout")
    await world.command("ada", 'poll "Biopsy?" yes | no')
    await world.command("ada", "post")
    await world.wait(UNDO)
    old, new = await renamed(world, "ada")

    assert "#101" in await world.command("ada", "mine")
    assert "your own case" in await world.command("ada", "opinion 101 gout")
    await world.say("ravi", "opinion 101 cellulitis")
    await world.wait(UNDO)
    assert "#101" in world.home("ada")[-1]
    assert old in await world.command("ada", "comment 101 She is on apixaban.")
    assert "Your earlier list was replaced" in await world.command("ada", "opinion 102 psoriasis")
    await world.wait(UNDO)
    await world.command("ada", "endpoll 103")
    await world.command("ada", "close 101")
    await world.settle()
    assert new not in everything_in(world)
    ben = await world.name_of("ben")
    ravi = await world.name_of("ravi")
    assert signs(world.words) == [old, ben, old, old]
    assert any(f"Opinion 101.1 · {ravi}" in words for words in world.room(world.words))
    for text in ("show 101", "show 102", "results 103"):
        assert new not in await world.say("ravi", text)

    await post_case(world, "ada")
    assert signs(world.words)[-1] == new
    keys = {
        shown.card.speaker.name: shown.card.speaker.key for shown in world.words.room if shown.card.speaker
    }
    assert keys[old] != keys[new]
    await world.command("ada", "withdraw 101 yes")
    await world.settle()
    assert "removed in 2 of 2 rooms" in await world.command("ada", "show 101")


async def test_in_others_cases_one_goes_on_under_the_new_name(world: World) -> None:
    await post_case(world, "ben")
    _, new = await renamed(world, "ada")
    await world.command("ada", "comment 101 I agree.")
    await world.wait(UNDO)
    assert signs(world.words)[-1] == new


async def test_drafts_undo_and_aliases_outlive_it(world: World) -> None:
    alias = await posted_as_alias(world, "ada")
    await ready(world, "ada")
    old, new = await renamed(world, "ada")
    assert "#102" in await world.command("ada", "post")
    assert f"Posted as {new}" in world.answer("ada")
    assert "nobody saw it" in await world.command("ada", "undo")
    await world.command("ada", "comment 101 She is on apixaban.")
    await world.wait(UNDO)
    assert signs(world.words) == [alias, alias]
    assert "nobody saw it" not in await world.command("ada", "undo")
    await world.settle()
    assert signs(world.words) == [alias]
    assert old not in everything_in(world)


async def test_what_was_posted_just_before_can_still_be_undone(world: World) -> None:
    await ready(world, "ada")
    await world.command("ada", "post")
    await renamed(world, "ada")
    assert "nobody saw it" in await world.command("ada", "undo")
    await world.wait(UNDO + 5)
    assert world.room(world.words) == []


async def test_the_old_name_stays_taken_and_is_nobody_any_more(world: World) -> None:
    old, new = await renamed(world, "ada")
    async with world.bot.house.content.work() as work:
        assert not await work.members.is_free(old)
        assert not await work.members.is_free(old.upper().replace("O", "0"))
        everybody = await work.members.everybody()
    assert new in {member.screen_name for member in everybody}
    assert old not in {member.screen_name for member in everybody}
    assert {member.persona for member in everybody} == {Persona.MEMBER}


async def test_a_name_that_somebody_took_meanwhile_is_asked_for_again(world: World) -> None:
    await world.command("ada", "name")
    taken = world.card("ada").buttons[0].label
    async with world.bot.house.content.work() as work:
        assert await work.members.add(Member(MemberId("f" * 32), taken, Role.PHYSICIAN, "Surgery"))
    old = await world.name_of("ada")
    assert "Somebody took that name a moment ago" in await world.command("ada", "name 1")
    assert await world.name_of("ada") == old
    other = world.card("ada").buttons[0].label
    assert other != taken
    assert other in await world.press("ada", other)


async def test_of_two_who_take_one_name_at_the_same_moment_one_has_it(world: World) -> None:
    wanted = (await world.bot.wall.joining.free_names(1))[0]
    desks = []
    for person in ("ada", "ravi"):
        known = await world.bot.wall.who(world.site_of(person).account(person))
        assert known is not None
        desks.append(world.bot.wall.naming(known))
    came = await asyncio.gather(*(desk.change(wanted) for desk in desks))
    assert sorted(came) == ["changed", "taken"]
    names = [await world.name_of(person) for person in ("ada", "ravi")]
    assert names.count(wanted) == 1


async def test_from_two_accounts_at_the_same_moment_it_changes_once(world: World) -> None:
    await link(world, "ada", "second")
    for person in ("ada", "second"):
        await world.command(person, "name")
    await asyncio.gather(*(world.forms.commands(person, "name 1") for person in ("ada", "second")))
    await world.settle()
    assert await world.name_of("ada") == await world.name_of("second")
    assert len(await held(world, "ada")) == 1


async def test_a_persons_ballot_still_counts_once(world: World) -> None:
    await world.say("ravi", 'poll "First-line treatment?" Steroid | Antifungal')
    await world.say("ravi", "post")
    await world.wait(UNDO)
    await world.command("ada", "vote 101 1")
    await renamed(world, "ada")
    assert "Your vote was changed" in await world.command("ada", "vote 101 2")


async def test_a_moderator_needs_no_other_name(world: World) -> None:
    account = world.forms.account("mod")
    await world.bot.wall.joining.enrol(account, "Moda Planted", "Moderation", Role.MODERATOR, by="test")
    assert "Moderators keep order here" in await world.command("mod", "name")


async def test_a_change_that_broke_off_is_finished_by_the_next_try(world: World) -> None:
    known = await world.bot.wall.who(world.forms.account("ada"))
    assert known is not None
    (wanted,) = await world.bot.wall.joining.free_names(1)
    fresh = MemberId("ab" * 16)
    await world.bot.wall.personae.begin(known.member, fresh)
    assert await world.bot.wall.renaming._name(known.member, fresh, wanted)
    await world.command("ada", "name")
    assert "from elsewhere at the same moment" in await world.command("ada", "name 1")
    assert await world.name_of("ada") == wanted
    assert "Somebody" not in await world.command("ada", "name 0012")


@pytest.mark.parametrize("stopped", ["before the content", "after the content"])
async def test_stopped_half_way_it_is_finished_or_forgotten(tmp_path: Path, stopped: str) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await ready(before, "ada")
        await before.command("ada", "post")
        old = await before.name_of("ada")
        (wanted,) = await before.bot.wall.joining.free_names(1)
        known = await before.bot.wall.who(before.forms.account("ada"))
        assert known is not None
        renaming, fresh = before.bot.wall.renaming, MemberId("ab" * 16)
        await before.bot.wall.personae.begin(known.member, fresh)
        if stopped == "after the content":
            assert await renaming._name(known.member, fresh, wanted)

    async with open_world(tmp_path, life=2) as after:
        expected = wanted if stopped == "after the content" else old
        assert await after.name_of("ada") == expected
        await after.wait(UNDO + 5)
        assert signs(after.words) == [old]
        assert "#101" in await after.command("ada", "mine")
        assert "is closed" in await after.command("ada", "close 101")
        assert TOLD["question"] in "".join(after.room(after.words))
        if expected == old:
            await renamed(after, "ada")
        else:
            assert "You can from" in await after.command("ada", "name")


async def test_proposed_names_are_kept_sealed_and_forgotten(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await world.command("ada", "name")
        names = [button.label for button in world.card("ada").buttons[:3]]
        lying = bytes_below(tmp_path)
        assert not any(name.encode() in lying for name in names)
        await world.pass_a_day()
        await world.command("ada", "name 1")
        assert [button.label for button in world.card("ada").buttons[:3]] != names
