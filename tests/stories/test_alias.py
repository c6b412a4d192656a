"""A case goes out under a name of its own, and all that its author does there stands under that name."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.codec import card_to_bytes
from bot.domain.members import MemberId, Persona
from tests.stories.test_case_crosses import QUESTION, STORY
from tests.stories.world import UNDO, World, enrol_everybody, open_world

TOLD = {"story": STORY, "question": QUESTION}


async def ready(world: World, person: str) -> None:
    """Bring a case before the last question, in the way of the platform."""
    if world.site_of(person) is world.forms:
        await world.command(person, "case")
        await world.submit(person, TOLD)
        await world.look_through(person)
    else:
        for words in ("case", STORY, "done", QUESTION, "2", "skip", "post"):
            await world.say(person, words)


async def posted_as_alias(world: World, person: str) -> str:
    """Post a case as an alias; gives the alias."""
    await ready(world, person)
    await world.command(person, "alias")
    await world.command(person, "post")
    await world.wait(UNDO + 5)
    speaker = world.forms.room[-1].card.speaker
    assert speaker is not None
    return speaker.name


async def id_of(world: World, person: str) -> MemberId:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    assert known is not None
    return known.member


@pytest.mark.parametrize("person", ["ada", "ravi"])
async def test_a_case_goes_out_under_a_name_of_its_own(world: World, person: str) -> None:
    await ready(world, person)
    assert "It goes out under your screen name." in world.answer(person)
    chosen = await (
        world.press(person, "Use a one-time alias") if person == "ada" else world.say(person, "alias")
    )
    assert "under a name made for this case alone" in chosen
    answer = await (world.press(person, "Post") if person == "ada" else world.say(person, "post"))
    await world.wait(UNDO + 5)

    name = await world.name_of(person)
    for room in (world.forms, world.words):
        (shown,) = room.room
        assert shown.card.speaker is not None
        alias = shown.card.speaker.name
        assert alias != name
        assert f"Posted as {alias} (one-time alias), #101." in answer
        assert "Asked under a one-time alias" in world.room(room)[0]
        said = card_to_bytes(shown.card).decode()
        assert name not in said
        assert "Internal medicine" not in said


async def test_what_was_chosen_can_be_taken_back(world: World) -> None:
    await ready(world, "ada")
    await world.press("ada", "Use a one-time alias")
    assert "under your screen name" in await world.press("ada", "Use my screen name")
    await world.press("ada", "Post")
    await world.wait(UNDO + 5)
    assert world.room(world.words)[0].startswith(await world.name_of("ada"))


async def test_chosen_early_it_is_confirmed_and_still_said_at_the_last_look(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", TOLD)
    assert "made for this case alone" in await world.command("ada", "alias")
    await world.press("ada", "Go on")
    assert "made for this case alone" in await world.look_through("ada")
    await world.command("ada", "edit")
    await world.submit("ada", TOLD)
    assert "made for this case alone" in await world.look_through("ada")


@pytest.mark.parametrize("person", ["ada", "ravi"])
async def test_all_that_the_author_does_there_stands_under_the_alias(world: World, person: str) -> None:
    alias = await posted_as_alias(world, person)
    name = await world.name_of(person)

    assert "#101" in await world.command(person, "mine")
    assert "your own case" in await world.command(person, "opinion 101 gout")
    await world.command("ben", "opinion 101 cellulitis")
    await world.wait(UNDO)
    assert "#101" in world.home(person)[-1]
    assert alias in await world.command(person, "comment 101 She is on apixaban.")
    await world.wait(UNDO)
    for room in (world.forms, world.words):
        assert room.room[-1].card.speaker is not None
        assert room.room[-1].card.speaker.name == alias
        assert "asked this case · one-time alias" in world.room(room)[-1]
    buttons = [button.label for button in world.card(person).buttons]
    assert buttons == ["Undo (60 s)"]
    await world.command(person, "show 101")
    labels = [button.label for button in world.card(person).buttons]
    assert labels == [
        "Comment",
        "Add information",
        "Change question",
        "Reveal",
        "Close",
        "Ask wider",
        "Withdraw",
    ]
    assert "is closed" in await world.command(person, "close 101")
    await world.settle()
    assert all(alias in words and name not in words for words in (world.room(world.words)[0],))

    await world.command(person, "withdraw 101 yes")
    await world.settle()
    assert world.room(world.forms) == world.room(world.words) == []
    assert "#101" in world.home(person)[-1]
    assert "removed in 2 of 2 rooms" in await world.command(person, "show 101")


async def test_to_others_it_is_somebody_elses_case(world: World) -> None:
    await posted_as_alias(world, "ada")
    for text in ("close 101", "withdraw 101 yes"):
        assert "I know no case #101" in await world.command("ben", text)
    assert "#101" not in await world.command("ben", "mine")
    await world.command("ben", "show 101")
    assert [button.label for button in world.card("ben").buttons] == [
        "Give opinion",
        "Just read",
        "Comment",
        "Follow",
        "Report",
    ]


async def test_every_case_has_another_alias(world: World) -> None:
    aliases = [await posted_as_alias(world, "ada") for _ in range(4)]
    assert len(set(aliases)) == 4
    async with world.bot.house.content.work() as work:
        everybody = await work.members.everybody()
        assert [await work.members.is_free(alias) for alias in aliases] == [False] * 4
    assert {member.persona for member in everybody} == {Persona.MEMBER}
    assert len(everybody) == 8


async def test_an_undone_comment_under_an_alias_is_taken_back_and_reported(world: World) -> None:
    await posted_as_alias(world, "ravi")
    await world.say("ravi", "comment 101 She is on apixaban.")
    await world.wait(UNDO)
    assert len(world.room(world.forms)) == 2
    await world.say("ravi", "undo")
    await world.settle()
    assert len(world.room(world.forms)) == 1
    assert "Your comment on #101 was removed in 2 of 2 rooms" in world.home("ravi")[-1]


async def test_undo_leaves_neither_case_nor_alias(world: World) -> None:
    await ready(world, "ada")
    await world.command("ada", "alias")
    answer = await world.command("ada", "post")
    alias = answer.removeprefix("Posted as ").partition(" (")[0]
    assert "nobody saw it" in await world.command("ada", "undo")
    await world.wait(3600)
    assert world.room(world.forms) == []
    async with world.bot.house.content.work() as work:
        assert await work.members.is_free(alias)


async def test_withdrawn_before_it_left_the_alias_is_forgotten_too(world: World) -> None:
    await ready(world, "ada")
    await world.command("ada", "alias")
    await world.command("ada", "post")
    ids = (await held(world, "ada"))[-1:]
    assert "nobody saw it" in await world.command("ada", "withdraw 101 yes")
    async with world.bot.house.content.work() as work:
        assert await work.members.among(ids) == {}


async def held(world: World, person: str) -> tuple[MemberId, ...]:
    known = await world.bot.wall.who(world.site_of(person).account(person))
    assert known is not None
    return known.held.ids


async def test_it_is_still_the_authors_after_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await ready(before, "ravi")
        await before.command("ravi", "alias")
        await before.command("ravi", "post")

    async with open_world(tmp_path, life=2) as after:
        await after.wait(UNDO + 5)
        (shown,) = after.forms.room
        assert shown.card.speaker is not None
        assert shown.card.speaker.name != await after.name_of("ravi")
        assert "#101" in await after.say("ravi", "mine")
        await after.command("ben", "opinion 101 cellulitis")
        await after.wait(UNDO)
        assert "answered your case #101" in after.home("ravi")[-1]
        assert "is closed" in await after.say("ravi", "close 101")


async def test_a_start_forgets_personae_under_which_nothing_stands(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await ready(before, "ada")
        await before.command("ada", "alias")
        await before.command("ada", "post")
        await before.command("ada", "undo")
        (gone,) = await held(before, "ada")
        kept = await posted_as_alias(before, "ada")

    async with open_world(tmp_path, life=2) as after:
        (left,) = await held(after, "ada")
        assert left != gone
        assert await after.bot.wall.mailbox(gone) is None
        async with after.bot.house.content.work() as work:
            assert (await work.members.among([left]))[left].screen_name == kept


async def test_a_second_account_of_the_same_person_is_the_author_too(world: World) -> None:
    await posted_as_alias(world, "ada")
    await link(world, "ada", "second")
    assert "#101" in await world.command("second", "mine")
    assert "your own case" in await world.command("second", "opinion 101 gout")
    assert "is closed" in await world.command("second", "close 101")


async def link(world: World, person: str, other: str) -> None:
    """Give a person a second account."""
    wall = world.bot.wall
    enrolment = await wall.accounts.of(world.site_of(person).account(person))
    assert enrolment is not None
    index = wall.accounts.index(world.site_of(other).account(other))
    await world.bot._vault.keep_personae({}, accounts_of={index: wall.accounts.seal(index, enrolment)})


@pytest.mark.parametrize("text", ["alias", "own name"])
async def test_only_a_case_can_be_signed_otherwise(world: World, text: str) -> None:
    await world.say("ravi", 'poll "First-line treatment?" Steroid | Antifungal')
    assert "Only a case can be signed" in await world.say("ravi", text)
    assert "You have no draft waiting" in await world.command("ada", text)
