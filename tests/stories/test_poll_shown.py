"""T-19 through the real bot: four dermatologists among forty voters, and two polls that ask the same."""

from __future__ import annotations

from datetime import timedelta

from bot.commands.housekeeping import tidy
from bot.domain.members import Role
from bot.domain.overlap import SHARED_FOR
from bot.domain.polls import Ballot, Poll
from tests.security.sums import smallest_support
from tests.stories.world import PEOPLE, UNDO, World

FEW = tuple(f"derm{number}" for number in range(4))
ELSE = {"Cardiology": 14, "Pulmonology": 22}
HERE = PEOPLE["forms"]


async def enrol_dermatologists(world: World) -> None:
    for person in FEW:
        account = world.forms.account(person)
        await world.bot.wall.joining.enrol(account, "Invented Name", "Dermatology", Role.PHYSICIAN, by="test")
    await world.settle()


async def ask(world: World, person: str, line: str) -> None:
    await world.command(person, f"poll {line}")
    await world.post(person)
    await world.wait(UNDO + 5)


async def vote(world: World, poll: int, people: tuple[str, ...], choice: int) -> None:
    for person in people:
        await world.site_of(person).commands(person, f"vote {poll} {choice}")
    await world.settle()


async def fill(world: World, poll: Poll) -> None:
    """Put the ballots of other hospitals' people into the urn."""
    async with world.bot.house.content.work() as work:
        for cell, many in ELSE.items():
            for number in range(many):
                await work.polls.cast(poll, Ballot(poll.id, f"{cell} {number}", (number % 3,), cell))


async def stored(world: World, number: int) -> Poll:
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(number)
    assert poll is not None
    return poll


def everything_shown(world: World, *people: str) -> str:
    told = [world.answer(person) for person in people]
    return "\n".join([*world.room(world.forms), *world.room(world.words), *told])


async def test_t_19_four_of_forty_have_no_group_and_none_comes_out_of_the_others(world: World) -> None:
    await enrol_dermatologists(world)
    await ask(world, "ada", '"Biopsy?" yes | no')
    await vote(world, 101, FEW, 1)
    await fill(world, await stored(world, 101))
    await world.command("ada", "endpoll 101")
    await world.wait(UNDO + 5)
    await world.command("ben", "results 101")
    before = everything_shown(world, "ada", "ben")

    poll = await stored(world, 101)
    assert poll.result is not None
    groups = {group.specialties: group.counts.ballots for group in poll.result.groups}
    assert groups == {("Pulmonology",): 22, ("Cardiology", "Dermatology"): 18}
    assert poll.result.counts.ballots == 40
    people = {"Dermatology": FEW} | {
        name: [f"{name} {n}" for n in range(many)] for name, many in ELSE.items()
    }
    tables = [[person for name in names for person in people[name]] for names in (people, *groups)]
    assert smallest_support(tables, 5) is None

    await vote(world, 101, FEW, 2)
    await world.command("ben", "results 101")
    assert everything_shown(world, "ada", "ben") == before
    assert "Dermatology:" not in before


async def test_t_19_a_second_poll_of_the_same_shows_the_first_ones_result(world: World) -> None:
    await enrol_dermatologists(world)
    await ask(world, "ada", '"Would you biopsy it?" yes | no')
    await ask(world, "ben", '"Biopsy, please?" no | yes')
    await ask(world, "ben", '"Would you give steroids?" yes | no')
    first = (*HERE, FEW[0])
    await vote(world, 101, first, 1)
    await world.command("ada", "endpoll 101")
    for poll in (102, 103):
        await vote(world, poll, (*first, FEW[1]), 2)

    told = await world.command("ben", "endpoll 102")
    assert "Poll 101 asked nearly the same, and its result stands: results 101." in told
    await world.wait(UNDO + 5)
    for room in (world.room(world.forms), world.room(world.words)):
        assert sum("its result stands: results 101" in words for words in room) == 1
    assert "yes: 5 of 5" in await world.command("cleo", "results 101")
    assert "its result stands" in await world.command("cleo", "results 102")
    assert (await stored(world, 102)).result is None
    await world.command("ben", "endpoll 103")
    assert "no: 6 of 6" in await world.command("cleo", "results 103")


async def test_t_19_after_a_month_the_same_can_be_asked_again(world: World) -> None:
    people = (*HERE, "ravi")
    for number, asker in ((101, "ada"), (102, "ben")):
        await ask(world, asker, '"Would you biopsy it?" yes | no')
        await vote(world, number, people, 1)
        await world.command(asker, f"endpoll {number}")
        assert "yes: 5 of 5" in await world.command("cleo", f"results {number}")
        world.clock.pass_((SHARED_FOR + timedelta(days=1)).total_seconds())
        await tidy(world.bot.house)
