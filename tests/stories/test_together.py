"""Where features meet: two accounts, a past name, an alias and an own name, and then their owner goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.cases import CaseState
from bot.domain.members import MemberId
from bot.domain.standing import State
from bot.ports.adapter import Profile
from tests import server
from tests.stories.applying import moderator
from tests.stories.linked import code_of, link
from tests.stories.test_alias import posted_as_alias, ready
from tests.stories.test_names import post_case, renamed
from tests.stories.test_own_name import signed
from tests.stories.test_standing import state_of
from tests.stories.world import UNDO, World, enrol_everybody, open_world

HERE, THERE = "ada", "norma"
"""The two accounts of one person: the first has forms, and is the home chat."""
THREE_DAYS, THIRTY_DAYS = 3 * 24 * 3600, 30 * 24 * 3600
ALIASED, OWN, OLD, NEW, OTHERS = 101, 102, 103, 104, 105
"""Cases under an alias, the own name, the past and the present screen name, and somebody else's."""


async def live(world: World) -> tuple[str, str, str]:
    """Let somebody do what a member can do, from two accounts; gives alias, past and present screen name."""
    await link(world, HERE, THERE)
    alias = await posted_as_alias(world, HERE)
    await ready(world, HERE)
    await signed(world, HERE)
    await world.command(HERE, "post")
    await world.wait(UNDO + 5)
    await post_case(world, HERE)
    old, new = await renamed(world, THERE)
    await post_case(world, HERE)
    await post_case(world, "ben")
    await world.command(HERE, f"opinion {OTHERS} 1) scabies")
    for number in (ALIASED, OWN, OLD, NEW):
        for person in ("ravi", "sana", "cleo"):
            await world.say(person, f"opinion {number} 1) gout")
    await world.wait(UNDO + 5)
    return alias, old, new


async def author_of(world: World, number: int) -> MemberId:
    async with world.bot.house.content.work() as work:
        case = await work.cases.by_number(number)
    assert case is not None
    return case.author


def rooms(world: World) -> str:
    return "\n".join(words for site in (world.forms, world.words) for words in world.room(site))


async def quarantined(world: World) -> int:
    return (await world.bot.queue.depth())["quarantined"]


@pytest.fixture
async def lived(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await moderator(world)
        yield world


@pytest.mark.parametrize("leaving", [HERE, THERE])
async def test_who_leaves_is_a_stranger_in_every_account_and_another_nobody_under_each_name(
    lived: World, leaving: str
) -> None:
    world = lived
    alias, old, new = await live(world)
    await code_of(world, HERE)
    home = {person: len(world.home(person)) for person in ("ravi", "dara", "udo")}

    assert "Your account is deleted" in await world.say(leaving, "me delete keep yes")
    await world.settle()

    for person in (HERE, THERE):
        assert await world.bot.wall.who(world.site_of(person).account(person)) is None
        assert "need to be verified" in await world.say(person, "mine")
    authors = {number: await author_of(world, number) for number in (ALIASED, OWN, OLD, NEW)}
    assert len(set(authors.values())) == 4
    assert "scabies" not in rooms(world), "a case of somebody else stays covered"
    async with world.bot.house.content.work() as work:
        found = [await work.cases.by_number(number) for number in authors]
    closed = [case.number for case in found if case is not None and case.state is CaseState.CLOSED]
    assert closed == [NEW], "what stands under other names ends by its own clock"
    await world.wait(THIRTY_DAYS)
    async with world.bot.house.content.work() as work:
        for number in authors:
            case = await work.cases.by_number(number)
            assert case is not None
            assert case.state is CaseState.CLOSED
            assert case.look_at is None
        assert not [name for name in (alias, old, new) if await work.members.named(name)]
        assert not [name for name in (alias, old, new) if await work.members.is_free(name)]
    for site in (world.forms, world.words):
        said = world.room(site)
        assert len([words for words in said if "gout" in words.casefold() and "Opinion" in words]) == 4 * 3, (
            said
        )
        assert len([words for words in said if "3 independent opinions" in words]) == 4
    assert len(world.home("ravi")) == home["ravi"] + 4, "who answered hears of each summary"
    assert [len(world.home(person)) for person in ("dara", "udo")] == [home["dara"], home["udo"]]
    assert await quarantined(world) == 0


async def test_withdrawing_takes_back_what_stands_under_every_name(lived: World) -> None:
    world = lived
    names = await live(world)
    await world.say(THERE, "me delete withdraw yes")
    await world.settle()
    assert names[-1] not in rooms(world)
    await world.wait(THREE_DAYS)
    await world.settle()  # The rooms were held until whoever left was out of them.

    left = rooms(world)
    assert not [name for name in names if name in left]
    assert "gout" not in left
    assert "Ada Planted" not in left
    for number in (ALIASED, OWN, OLD, NEW):
        assert "I know no" in await world.say("ravi", f"show {number}")
    shown = await world.command("ben", f"show {OTHERS}")
    assert "scabies" not in shown
    assert await quarantined(world) == 0


async def test_an_old_backup_with_linked_accounts_forgets_both_again(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await moderator(world)
        names = await live(world)
    put_back = server.kept(tmp_path / "var")
    async with open_world(tmp_path, life=2) as world:
        await world.say(THERE, "me delete keep yes")
    put_back()
    async with open_world(tmp_path, life=3) as world:
        for person in (HERE, THERE):
            assert await world.bot.wall.who(world.site_of(person).account(person)) is None
        authors = {await author_of(world, number) for number in (ALIASED, OWN, OLD, NEW)}
        assert len(authors) == 4
        async with world.bot.house.content.work() as work:
            assert not [name for name in names if await work.members.named(name)]


@pytest.mark.parametrize("spoken", ["alias", "past"])
async def test_a_moderator_stops_a_person_by_any_name_and_learns_no_other(lived: World, spoken: str) -> None:
    world = lived
    alias, old, new = await live(world)
    name, other = (alias, old) if spoken == "alias" else (old, alias)
    admitted = (world.forms.admitted, world.words.admitted)
    assert [person in site for person, site in zip((HERE, THERE), admitted, strict=True)] == [True, True]

    done = await world.command("mod", f'mod suspend "{name}" 7 You named a hospital.')
    assert done.startswith(f"{name} is suspended")
    await world.settle()
    for person, site in zip((HERE, THERE), admitted, strict=True):
        assert await state_of(world, person) is State.SUSPENDED
        assert person not in site
        for words in ("case", "name", "name 1", "unlink", "me home"):
            assert "You named a hospital." in await world.say(person, words), words
    shown = await world.command("mod", "mod stopped")
    assert name in shown
    assert not [one for one in (other, new) if one in shown]

    for one in (other, new):
        assert f"{one} was not stopped" in await world.command("mod", f'mod restore "{one}"')
        assert await state_of(world, HERE) is State.SUSPENDED
    assert name in await world.command("mod", f'mod restore "{name}"')
    await world.settle()
    for person, site in zip((HERE, THERE), admitted, strict=True):
        assert await state_of(world, person) is State.ACTIVE
        assert person in site
    assert await quarantined(world) == 0


async def test_what_is_done_under_one_name_tells_nothing_of_another(lived: World) -> None:
    """Two moderators meet one person under two names, and neither learns that it is one."""
    world = lived
    await moderator(world, "maude")
    alias, name = await posted_as_alias(world, HERE), await world.name_of(HERE)
    assert "A second moderator has to agree" in await world.command(
        "mod", f'mod ban "{alias}" You sold things.'
    )
    told = await world.command("maude", f'mod ban "{name}" You named a hospital.')
    assert "A second moderator has to agree" in told
    assert await state_of(world, HERE) is State.SUSPENDED
    shown = await world.command("maude", "mod stopped")
    assert shown.count("one moderator asks for a ban") == 2
    assert (shown.count(alias), shown.count(name)) == (1, 1)

    assert "is suspended until" in await world.command("maude", f'mod suspend "{name}" 3 Words.')
    assert f"{alias} is no longer stopped" in await world.command("maude", f'mod restore "{alias}"')
    assert f"{alias} was not stopped" in await world.command("mod", f'mod restore "{alias}"')
    assert await state_of(world, HERE) is State.SUSPENDED
    assert "is banned" in await world.command("mod", f'mod ban "{name}"')
    assert await state_of(world, HERE) is State.BANNED
    for one in ("mod", "maude"):
        await world.command(one, f'mod restore "{name}"')
    assert await state_of(world, HERE) is State.ACTIVE
    assert "Nobody is stopped" in await world.command("mod", "mod stopped")


async def test_an_appeal_speaks_of_one_name_at_a_time(lived: World) -> None:
    world = lived
    alias, name = await posted_as_alias(world, HERE), await world.name_of(HERE)
    for one in (alias, name):
        await world.command("mod", f'mod suspend "{one}" Words.')
    for asked in (1, 2):
        assert "Another moderator was asked to look" in await world.say(HERE, "verify appeal")
        assert (await world.command("mod", "mod stopped")).count("Asks for another look.") == asked
    assert "You have asked for another look" in await world.say(HERE, "verify appeal")


async def test_a_stopped_author_hears_nothing_of_any_of_the_cases(lived: World) -> None:
    world = lived
    alias, _, _ = await live(world)
    await world.command("mod", f'mod suspend "{alias}" Words.')
    home = [len(world.home(person)) for person in (HERE, THERE)]
    for number in (ALIASED, OWN, OLD, NEW):
        await world.say("udo", f"opinion {number} 1) cellulitis")
        await world.say("udo", f"comment {number} Look at the nails.")
    await world.wait(UNDO + 5)
    await world.wait(THIRTY_DAYS)
    async with world.bot.house.content.work() as work:
        found = [await work.cases.by_number(number) for number in (ALIASED, OWN, OLD, NEW)]
    assert [case.state for case in found if case is not None] == [CaseState.CLOSED] * 4
    assert [len(world.home(person)) for person in (HERE, THERE)] == home
    assert await quarantined(world) == 0


async def test_a_case_that_nobody_answers_ends_no_silence_of_a_stopped_author(lived: World) -> None:
    world = lived
    alias = await posted_as_alias(world, "ada")
    await world.command("mod", f'mod suspend "{alias}" Words.')
    home = len(world.home("ada"))
    await world.wait(10 * 24 * 3600)
    assert len(world.home("ada")) == home
    await world.command("mod", f'mod restore "{alias}"')
    await world.wait(10 * 24 * 3600)
    assert len(world.home("ada")) > home + 1, "let go again, the author hears of it and of the case"
    assert await quarantined(world) == 0


async def test_a_standing_is_as_long_as_the_name_that_was_there_first(lived: World) -> None:
    """A past suspension does not come back, and a warning's owner can be stopped under the new name."""
    world = lived
    old, new = await renamed(world, "ada")
    await world.command("mod", f'mod suspend "{old}" Words.')
    assert await state_of(world, "ada") is State.SUSPENDED
    assert f"{new} was not stopped" in await world.command("mod", f'mod restore "{new}"')
    await world.command("mod", f'mod restore "{old}"')
    assert await state_of(world, "ada") is State.ACTIVE
    assert "Nobody is stopped" in await world.command("mod", "mod stopped")


async def test_after_a_change_of_name_everything_still_finds_its_way(lived: World) -> None:
    """The home chat is the second account; a delivery waits while the name changes."""
    world = lived
    await link(world, HERE, THERE)
    await posted_as_alias(world, HERE)
    await world.say(THERE, "me home")
    await world.command("ben", 'poll "Biopsy?" yes | no')
    await world.post("ben")
    await world.wait(UNDO + 5)
    await world.command(HERE, "vote 102 1")
    await world.command("cleo", "opinion 101 1) gout")
    home = len(world.home(THERE))
    await renamed(world, HERE)
    await world.wait(UNDO + 5)

    assert len(world.home(THERE)) > home
    await world.say(THERE, "vote 102 2")
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(102)
        assert poll is not None
        assert (await work.polls.urn(poll)).ballots == 1, "one person, one ballot: the later vote replaced it"
    await world.command(HERE, "me home")
    home = len(world.home(HERE))
    await world.command("dara", "opinion 101 1) gout")
    await world.wait(UNDO + 5)
    assert len(world.home(HERE)) > home
    await world.command(HERE, "unlink 2 yes")
    assert await world.bot.wall.who(world.words.account(THERE)) is None
    assert await world.bot.wall.who(world.forms.account(HERE)) is not None
    assert await quarantined(world) == 0


async def test_no_account_comes_to_a_member_while_stopped(lived: World) -> None:
    world = lived
    code = await code_of(world, HERE)
    await world.command("mod", f'mod suspend "{await world.name_of(HERE)}" 7 Words.')
    await world.say(THERE, f"link {code}")
    await world.press(THERE, "Both are mine")
    assert "Words." in await world.press(HERE, "Look")
    assert "Words." in await world.command(HERE, "link")
    assert THERE not in world.words.admitted
    assert await world.bot.wall.who(world.words.account(THERE)) is None

    await world.command("mod", f'mod restore "{await world.name_of(HERE)}"')
    assert HERE in world.forms.admitted
    assert THERE not in world.words.admitted


async def test_an_account_that_is_being_linked_is_not_put_out(lived: World) -> None:
    world = lived
    world.forms.profiles["nemo"] = Profile(member=True, name="Ada Planted")
    await link(world, HERE, "nemo")
    await world.bot.door.doorkeeper.look("forms")
    assert {HERE, "nemo"} <= world.forms.admitted
