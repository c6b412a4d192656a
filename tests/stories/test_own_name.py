"""Somebody signs with the own verified name: asked twice, for one case, and nothing else is linked to it."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.adapters.memory import MemoryAdapter
from bot.chat.codec import card_to_bytes
from bot.domain.members import Role
from bot.identity.own_names import NameGone
from bot.views.names import always_on_card
from tests.stories.test_alias import held, ready
from tests.stories.world import UNDO, World, bytes_below, enrol_everybody, open_world
from tests.views.test_views import words_of

NAMES = {"ada": "Ada Planted", "ravi": "Ravi Planted"}


async def signed(world: World, person: str) -> str:
    """Let the case on the table be signed with the own name, in the way of the platform; gives the answer."""
    if world.site_of(person) is world.forms:
        await world.press(person, "Use my own name")
        await world.press(person, "Yes, show my name")
        return await world.press(person, "Sure, under my own name")
    for words in ("own name", "own name yes"):
        await world.say(person, words)
    return await world.say(person, "own name yes sure")


async def posted(world: World, person: str) -> None:
    await ready(world, person)
    await signed(world, person)
    await world.command(person, "post")
    await world.wait(UNDO + 5)


def signs(adapter: MemoryAdapter) -> list[str]:
    """Say under which names things stand in a room."""
    return [shown.card.speaker.name for shown in adapter.room if shown.card.speaker is not None]


@pytest.mark.parametrize("person", NAMES)
async def test_asked_twice_a_case_stands_under_the_own_name(world: World, person: str) -> None:
    await ready(world, person)
    first = await world.command(person, "own name")
    assert f"show your verified name, {NAMES[person]}, marked “verified name”" in first
    assert "Are you sure?" in await world.command(person, "own name yes")
    told = await world.command(person, "own name yes sure")
    assert f"Colleagues will see: {NAMES[person]}, marked “verified name”" in told
    assert f"Posted as {NAMES[person]} (verified name), #101." in await world.command(person, "post")
    await world.wait(UNDO + 5)

    for room in (world.forms, world.words):
        assert signs(room) == [NAMES[person]]
        assert "Asked under a verified name" in world.room(room)[0]
        assert await world.name_of(person) not in card_to_bytes(room.room[0].card).decode()
    reader = "sana" if person == "ada" else "ben"
    assert f"{NAMES[person]} asks." in await world.command(reader, "show 101")


@pytest.mark.parametrize(
    "words",
    [
        ("own name",),
        ("own name yes",),
        ("own name yes sure",),
        ("own name", "own name yes sure"),
        ("own name", "own name yes", "own name no"),
    ],
)
async def test_asked_once_or_not_sure_it_stays_under_the_screen_name(
    world: World, words: tuple[str, ...]
) -> None:
    await ready(world, "ada")
    for word in words:
        await world.command("ada", word)
    await world.command("ada", "post")
    await world.wait(UNDO + 5)
    assert signs(world.words) == [await world.name_of("ada")]


async def test_no_leaves_an_alias_that_was_chosen_before(world: World) -> None:
    await ready(world, "ada")
    await world.command("ada", "alias")
    await world.command("ada", "own name")
    assert "made for this case alone" in await world.press("ada", "No")
    assert "Are you sure?" not in await world.command("ada", "own name yes")
    await world.press("ada", "No")
    await world.command("ada", "post")
    await world.wait(UNDO + 5)
    assert signs(world.words) not in ([await world.name_of("ada")], ["Ada Planted"])


async def test_comments_and_later_states_still_show_it(world: World) -> None:
    await posted(world, "ada")
    await world.command("ada", "comment 101 She is on apixaban.")
    await world.wait(UNDO)
    assert signs(world.words) == ["Ada Planted"] * 2
    assert "asked this case · verified name" in world.room(world.words)[1]
    assert "Ada Planted" in await world.say("ravi", "show 101")
    await world.command("ada", "close 101")
    await world.settle()
    assert signs(world.words) == signs(world.forms) == ["Ada Planted"] * 2
    assert "closed" in world.room(world.words)[0]
    assert "your own case" in await world.command("ada", "opinion 101 gout")
    assert "#101" in await world.command("ada", "mine")


async def test_it_survives_a_restart_and_stands_nowhere_on_disk(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await ready(before, "ada")
        await signed(before, "ada")
        await before.command("ada", "post")
        assert b"Ada Planted" not in bytes_below(tmp_path)
    assert b"Ada Planted" not in bytes_below(tmp_path)

    async with open_world(tmp_path, life=2) as after:
        await after.wait(UNDO + 5)
        assert signs(after.words) == signs(after.forms) == ["Ada Planted"]
        await after.command("ada", "comment 101 She is on apixaban.")
        await after.wait(UNDO)
        assert signs(after.words) == ["Ada Planted"] * 2
        assert b"Ada Planted" not in bytes_below(tmp_path)
    assert b"Ada Planted" not in bytes_below(tmp_path)


async def test_only_who_said_so_is_named_and_only_there(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """T-02: of all names that the vault holds, the rooms have the one that was opted in."""
    caplog.set_level(logging.DEBUG)
    await posted(world, "ada")
    await world.command("ben", "opinion 101 cellulitis")
    await world.say("ravi", "comment 101 I agree.")
    await world.wait(UNDO)
    rooms = "".join(
        card_to_bytes(shown.card).decode() for site in (world.forms, world.words) for shown in site.room
    )
    assert rooms.count("Planted") == rooms.count("Ada Planted") == 2
    homes = [
        shown.card for site in (world.forms, world.words) for home in site.homes.values() for shown in home
    ]
    assert not any("Planted" in card_to_bytes(card).decode() for card in homes)
    assert "Planted" not in caplog.text


async def test_undone_or_withdrawn_it_is_gone_from_every_room(world: World) -> None:
    await ready(world, "ada")
    await signed(world, "ada")
    await world.command("ada", "post")
    assert "nobody saw it" in await world.command("ada", "undo")
    await world.wait(UNDO + 5)
    assert world.room(world.words) == []

    await posted(world, "ada")
    await world.command("ada", "withdraw 102 yes")
    await world.settle()
    assert world.room(world.forms) == world.room(world.words) == []


async def test_what_else_is_posted_stays_apart_from_it(world: World) -> None:
    await posted(world, "ada")
    name = await world.name_of("ada")
    await ready(world, "ada")
    await world.command("ada", "post")
    await world.wait(UNDO + 5)
    await posted(world, "ada")
    assert signs(world.words) == ["Ada Planted", name, "Ada Planted"]
    keys = [shown.card.speaker.key for shown in world.words.room if shown.card.speaker is not None]
    assert len(set(keys)) == 3
    for shown in world.words.room:
        said = card_to_bytes(shown.card).decode()
        assert (name in said) != ("Ada Planted" in said)


async def test_as_a_standing_choice_it_is_asked_twice_and_said_each_time(world: World) -> None:
    assert "Ada Planted" in await world.command("ada", "me own name")
    await world.press("ada", "Yes, on every case")
    assert "Your next cases show Ada Planted" in await world.press("ada", "Sure, under my own name")
    assert "Your cases show your verified name" in await world.command("ada", "me")
    await ready(world, "ada")
    assert "Colleagues will see: Ada Planted" in world.answer("ada")
    await world.press("ada", "Post")
    await world.wait(UNDO + 5)
    await ready(world, "ada")
    await world.press("ada", "Use my screen name")
    await world.press("ada", "Post")
    await world.wait(UNDO + 5)
    assert signs(world.words) == ["Ada Planted", await world.name_of("ada")]

    assert "Every case that you ask shows" in await world.command("ada", "me own name")
    await world.press("ada", "Use my screen name again")
    await ready(world, "ada")
    assert "under your screen name" in world.answer("ada")


async def test_as_a_standing_choice_it_needs_both_answers_and_survives_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        for words in ("me own name yes sure", "me own name yes"):
            await before.say("ravi", words)
        await ready(before, "ravi")
        assert "under your screen name" in before.answer("ravi")
        await before.say("ravi", "me own name yes sure")
    async with open_world(tmp_path, life=2) as after:
        await ready(after, "ravi")
        assert "Colleagues will see: Ravi Planted" in after.answer("ravi")


async def test_nobody_signs_with_a_name_that_nobody_bound(world: World) -> None:
    wall, account = world.bot.wall, world.forms.account("ada")
    enrolment = await wall.accounts.of(account)
    assert enrolment is not None
    unbound = replace(enrolment, real_name="")
    await wall.accounts.replace(wall.accounts.index(account), unbound)
    await ready(world, "ada")
    for text in ("own name", "own name yes sure", "me own name", "me own name yes sure"):
        assert "Nobody has confirmed your name here" in await world.command("ada", text)
    await world.command("ada", "post")
    await world.wait(UNDO + 5)
    assert signs(world.words) == [await world.name_of("ada")]


async def test_a_trainee_has_no_cases_to_sign(world: World) -> None:
    account = world.forms.account("petra")
    await world.bot.wall.joining.enrol(account, "Petra Planted", "Surgery", Role.TRAINEE, by="test")
    for text in ("own name", "me own name", "alias"):
        assert "asked by physicians" in await world.command("petra", text)


async def test_a_name_that_the_vault_lost_is_not_guessed(world: World) -> None:
    await ready(world, "ada")
    await signed(world, "ada")
    await world.command("ada", "post")
    (persona,) = await held(world, "ada")
    async with world.bot.house.content.work() as work:
        stands = (await work.members.among([persona]))[persona]
    assert stands.screen_name == f"⟪{persona}⟫"
    await world.bot.wall.personae.drop(persona)
    await world.wait(UNDO + 5)
    assert world.room(world.words) == []
    assert (await world.bot.queue.depth())["quarantined"] == 2


async def test_a_mark_that_a_person_types_is_no_name(world: World) -> None:
    await posted(world, "ada")
    (persona,) = await held(world, "ada")
    await world.say("ravi", f"comment 101 Ask ⟪{persona}⟫ or ⟪own name⟫.")
    await world.say("ravi", "hide all")
    await world.say("ravi", "post")
    await world.say("ravi", f'poll "Is it ⟪{persona}⟫ or ⟪own name⟫?" yes | no')
    await world.say("ravi", "hide all")
    await world.say("ravi", "post")
    await world.wait(UNDO)
    assert len(world.room(world.words)) == 3
    for words in world.room(world.words)[1:]:
        assert "Planted" not in words
        assert "⟪" not in words


async def test_a_card_for_a_reader_without_a_name_is_not_shown(world: World) -> None:
    with pytest.raises(NameGone):
        await world.bot.wall.own_names.filled(always_on_card())
    assert "Ada Planted" in words_of(await world.bot.wall.own_names.filled(always_on_card(), "Ada Planted"))
