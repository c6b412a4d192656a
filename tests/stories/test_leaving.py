"""Leaving: `me delete` erases a member, keeps or withdraws the posts; `me data` shows everything."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

import pytest

from bot.chat.cards import Quote
from bot.commands.leaving import leave_rooms
from bot.domain.former import Posts
from bot.domain.members import Role
from bot.ports.leaving import Departure
from tests import server
from tests.stories.applying import NAMED, asked
from tests.stories.register import NEMO, licence
from tests.stories.test_case_crosses import photo
from tests.stories.world import PEOPLE, UNDO, World, enrol_everybody, open_world

THREE_DAYS = 3 * 24 * 3600
CASE = {"story": "58-year-old man with a plaque.", "question": "Biopsy?"}


async def ask(world: World, person: str, story: str, question: str) -> None:
    if world.site_of(person) is world.forms:
        await world.command(person, "case")
        await world.submit(person, {"story": story, "question": question})
    else:
        for words in (f"case {story}", "done", question, "1", "skip"):
            await world.say(person, words)
    await world.post(person)


async def post_things(world: World, person: str = "ada", other: str = "ben") -> None:
    """Post case 101 and poll 102, get an opinion on the case, and say something about another's case 103."""
    await ask(world, person, **CASE)
    await world.command(person, 'poll "Scrape it?" yes | no')
    await world.post(person)
    await ask(world, other, "A child with a rash.", "Patch test?")
    await world.wait(UNDO + 5)
    await world.command(other, "opinion 101 1) psoriasis")
    await world.command(person, "opinion 103 1) nickel allergy")
    await world.command(person, "comment 103 It looks worn in.")
    await world.wait(UNDO + 5)


def rooms(world: World) -> list[str]:
    return [words for site in (world.forms, world.words) for words in world.room(site)]


async def test_somebody_who_leaves_keeping_the_posts_is_a_former_member_from_then_on(world: World) -> None:
    name = await world.name_of("ada")
    await post_things(world)

    told = await world.command("ada", "me delete")
    assert "cannot be undone" in told
    assert "30 days" in told
    assert "for good?" in await world.press("ada", "Delete, keep my posts")
    assert await world.bot.wall.who(world.forms.account("ada")) is not None
    assert "Your account is deleted" in await world.press("ada", "Delete for good")
    await world.settle()

    assert await world.bot.wall.who(world.forms.account("ada")) is None
    assert "need to be verified" in await world.command("ada", "me")
    shown = await world.command("ben", "show 101")
    assert name not in shown
    assert "psoriasis" in shown
    assert "closed" in shown
    others = await world.command("ben", "show 103")
    assert name not in others
    labels = [block.label for block in world.card("ben").blocks if isinstance(block, Quote)]
    assert labels[-2:] == ["103.1 Former member", "Former member"]
    assert "is closed" in await world.command("ben", "comment 101 And now?")
    assert "Closed" in await world.command("cleo", "results 102")
    assert [words for words in rooms(world) if "plaque" in words and words.startswith("Former member")]
    assert [words for words in rooms(world) if "worn in" in words and words.startswith(name)]


async def test_somebody_who_leaves_withdrawing_takes_every_word_back(world: World) -> None:
    await post_things(world)
    await world.command("ada", "me delete withdraw")
    await world.press("ada", "Delete for good")
    await world.settle()

    left = "\n".join(rooms(world))
    for word in ("plaque", "psoriasis", "Scrape", "nickel", "worn in"):
        assert word not in left
    assert "rash" in left
    for asked_for in ("show 101", "results 102"):
        assert "I know no" in await world.command("ben", asked_for)
    assert "nickel" not in await world.command("ben", "show 103")
    assert (await world.bot.queue.depth())["quarantined"] == 0


async def test_a_number_typed_twice_by_text_leaves_too_and_staying_changes_nothing(world: World) -> None:
    await world.say("ravi", "me delete")
    await world.say("ravi", "3")
    assert "Others see you as" in world.answer("ravi")
    await world.say("ravi", "me delete keep")
    assert "for good?" in world.answer("ravi")
    assert "Your account is deleted" in await world.say("ravi", "me delete keep yes")
    assert "need to be verified" in await world.say("ravi", "mine")


async def test_what_had_not_left_yet_never_leaves(world: World) -> None:
    await world.command("ada", "case")
    await world.submit("ada", CASE)
    await world.post("ada")
    await world.command("ada", "case")
    await world.submit("ada", CASE, photo())
    await world.command("ada", "me delete keep yes")
    await world.wait(UNDO + 5)
    assert rooms(world) == []
    async with world.bot.house.content.work() as work:
        assert await work.cases.by_number(101) is None


async def test_what_was_said_for_a_draft_is_taken_back_in_the_home_chat(world: World) -> None:
    await world.say("ravi", "case")
    await world.say("ravi", "Mr. Ingvar Sandkvist, 58, with a plaque")
    await world.say("ravi", "done")
    await world.say("ravi", "Biopsy?")
    await world.say("ravi", "2")
    await world.say("ravi", "skip")
    assert any("Sandkvist" in said.text for said in world.words.said["ravi"])
    await world.say("ravi", "me delete keep yes")
    await world.settle()
    assert not any("Sandkvist" in said.text for said in world.words.said["ravi"])
    assert (await world.bot.queue.depth())["quarantined"] == 0


async def vote(world: World) -> None:
    await world.command("ada", 'poll "Scrape it?" yes | no')
    await world.post("ada")
    await world.wait(UNDO + 5)
    for person in ("ben", "cleo", "dara", "ravi", "sana"):
        await world.command(person, "vote 101 1")


async def test_t_18_who_leaves_and_comes_back_votes_once(world: World) -> None:
    """The ballot in an open poll goes with the account, so that voting again adds nothing twice."""
    await vote(world)
    await world.command("ben", "me delete keep yes")
    await enrol_everybody(world)
    await world.settle()
    await world.command("ben", "vote 101 2")
    await world.command("ada", "endpoll 101")
    table = await world.command("cleo", "results 101")
    assert "yes: 4 of 5" in table
    assert "no: 1 of 5" in table


async def test_a_poll_whose_author_leaves_is_closed_with_its_result(world: World) -> None:
    await vote(world)
    await world.command("ada", "me delete keep yes")
    await world.settle()
    assert "yes: 5 of 5" in await world.command("cleo", "results 101")
    assert any("yes: 5 of 5" in words and "Former member" in words for words in rooms(world))


async def test_who_comes_back_is_a_new_member_under_another_name(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        world.forms.profiles["nemo"] = NAMED
        names = []
        for _ in range(2):
            assert "Choose the name" in await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
            await world.press("nemo", world.card("nemo").buttons[0].label)
            names.append((await world.bot.wall.who(world.forms.account("nemo")), await world.name_of("nemo")))
            await world.command("nemo", "me delete keep yes")
            await world.settle()
        (first, name), (second, other) = names
        assert first is not None
        assert second is not None
        assert (first.member, first.person, name) != (second.member, second.person, other)
        assert first.member != second.member
        async with world.bot.house.content.work() as work:
            assert not await work.members.is_free(name)


async def test_nobody_hears_of_anothers_leaving_and_withdrawals_under_way_go_on(world: World) -> None:
    await post_things(world)
    await world.command("ada", "withdraw 101 yes")
    before = {person: len(world.home(person)) for person in (*PEOPLE["forms"], *PEOPLE["words"])}
    await world.command("ada", "me delete keep yes")
    await world.settle()
    after = {person: len(world.home(person)) for person in before}
    assert {person for person in before if after[person] != before[person]} <= {"ada"}
    assert (await world.bot.queue.depth())["quarantined"] == 0


Stop = Callable[[Departure], Awaitable[None]]


class Died(Exception):
    """The process ended here."""


@pytest.mark.parametrize("done", [False, True], ids=["before the content commit", "after it"])
@pytest.mark.parametrize("posts", Posts)
async def test_a_leaving_that_stops_half_way_is_finished_at_the_next_start(
    tmp_path: Path, posts: Posts, *, done: bool
) -> None:
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await before.settle()
        await post_things(before)
        account = before.forms.account("ada")

        async def rooms_that_die(departure: Departure) -> None:
            if done:
                await leave_rooms(before.bot.house, departure)
            raise Died

        with pytest.raises(Died):
            await before.bot.wall.leaving.leave(account, posts, rooms_that_die)
        assert await before.bot.wall.who(account) is None
        assert "need to be verified" in await before.command("ada", "me")

    async with open_world(tmp_path, life=2) as after:
        await after.wait(3 * UNDO)
        assert await after.bot.wall.accounts.of(account) is None
        await after.bot.wall.joining.repair()
        assert await after.bot.wall.accounts.of(account) is None
        said = [words for words in after.room(after.words) if "worn in" in words]
        assert said == []
        shown = await after.command("ben", "show 101")
        assert ("I know no case" in shown) is (posts is Posts.WITHDRAWN)
        assert (await after.bot.wall.audit.verify()).problem == ""
        assert [entry.what for entry in await after.bot.wall.audit.entries()].count("left") == 1


async def test_an_old_backup_forgets_again_who_has_left(tmp_path: Path) -> None:
    """Tombstones lie apart from the databases: whom a restore brings back goes before anybody acts."""
    async with open_world(tmp_path) as before:
        await enrol_everybody(before)
        await before.settle()
        await post_things(before)
        account = before.forms.account("ada")
    put_back = server.kept(tmp_path / "var")
    async with open_world(tmp_path, life=2) as between:
        await between.command("ada", "me delete withdraw yes")
        await between.settle()
    put_back()

    async with open_world(tmp_path, life=3) as after:
        assert await after.bot.wall.accounts.of(account) is None
        assert "I know no case" in await after.command("ben", "show 101")
        assert await after.bot.wall.who(after.forms.account("ben")) is not None


async def test_of_two_who_leave_at_once_by_one_account_one_leaves(world: World) -> None:
    rooms_of = partial(leave_rooms, world.bot.house)
    account = world.forms.account("ada")
    assert await world.bot.wall.leaving.leave(account, Posts.KEPT, rooms_of)
    assert not await world.bot.wall.leaving.leave(account, Posts.KEPT, rooms_of)
    assert not await world.bot.wall.leaving.leave(world.forms.account("nobody"), Posts.KEPT, rooms_of)


async def test_a_stranger_has_nothing_to_see_and_nothing_to_delete(world: World) -> None:
    for words in ("me data", "me data identity", "me delete", "me delete keep yes"):
        assert "need to be verified" in await world.command("nemo", words)


async def test_my_data_shows_each_side_in_an_answer_of_its_own(world: World) -> None:
    account = world.words.account("ravi")
    await post_things(world, "ravi")
    name = await world.name_of("ravi")

    await world.say("ravi", "me data")
    assert "two databases" in world.answer("ravi")
    identity = await world.say("ravi", "1")
    assert account.user in identity
    assert "Name: " in identity
    assert "became a member" in identity
    assert name not in identity
    posted = await world.say("ravi", "me data rooms")
    for words in (name, "plaque", "Scrape it?", "nickel allergy", "It looks worn in."):
        assert words in posted
    enrolled = await world.bot.wall.own_side.of(account)
    assert enrolled is not None
    assert enrolled.real_name not in posted


async def test_my_data_has_pages(world: World) -> None:
    for number in range(6):
        await world.command("ada", f"comment 101 Word number {number}.")
        if number == 0:
            await world.command("ben", "case")
            await world.submit("ben", CASE)
            await world.post("ben")
            await world.wait(UNDO + 5)
    await world.command("ada", "comment 101 The last word.")
    await world.wait(UNDO + 5)
    first = await world.command("ada", "me data rooms")
    assert "Word number 1." in first
    assert "The last word." not in first
    assert "The last word." in await world.press("ada", "More")
    assert "The last word." in await world.command("ada", "me data rooms 99")


async def test_my_data_counts_what_lies_under_keyed_hashes(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        world.forms.profiles["nemo"] = NAMED
        await asked(world, "nemo", NEMO, licence_text=licence(NEMO))
        await world.press("nemo", world.card("nemo").buttons[0].label)
        told = await world.command("nemo", "me data identity")
        assert "Nemo Vantongeren" in told
        assert "Let in by: the checks of verification" in told
        assert "Keyed hashes of number, licence, sign-on: 2" in told
        assert NEMO not in told


async def test_a_moderator_who_left_is_told_nothing_more(world: World) -> None:
    account = world.forms.account("mod")
    await world.bot.wall.joining.enrol(account, "Moda Planted", "Moderation", Role.MODERATOR, by="test")
    await world.settle()
    await world.command("mod", "me delete keep yes")
    world.workspace.names_locked.clear()
    await asked(world, "nemo", NEMO, licence_text=licence(NEMO), name="Nemo Vantongeren")
    assert len(await world.bot.review.queue()) == 1
    assert (await world.bot.queue.depth())["quarantined"] == 0


async def test_a_leaving_that_met_a_fault_is_finished_by_the_next_tidying(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def faulty(*_: object) -> None:
        raise Died

    account = world.forms.account("ada")
    with monkeypatch.context() as patch:
        patch.setattr("bot.frontdoor.oneself.leave_rooms", faulty)
        assert "Something broke" in await world.command("ada", "me delete keep yes")
    assert await world.bot.wall.accounts.of(account) is not None
    assert await world.bot.wall.leaving.repair(partial(leave_rooms, world.bot.house)) == 1
    assert await world.bot.wall.accounts.of(account) is None
    assert await world.bot.wall.leaving.repair(partial(leave_rooms, world.bot.house)) == 0


async def test_what_stood_under_an_alias_goes_at_another_time(world: World) -> None:
    await ask(world, "ada", **CASE)
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A girl with a cough.", "question": "Scan?"})
    await world.look_through("ada")
    await world.command("ada", "alias")
    await world.press("ada", "Post")
    await world.wait(UNDO + 5)
    assert len(world.room(world.words)) == 2

    await world.command("ada", "me delete withdraw yes")
    await world.settle()
    assert ["cough" in words for words in world.room(world.words)] == [True]
    await world.wait(THREE_DAYS)
    assert world.room(world.words) == world.room(world.forms) == []
