"""What is kept of vouching: through a crash, beside other changes, sealed, and no longer than it counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.members import MemberId
from bot.domain.verification import Stage
from bot.domain.vouches import read
from bot.identity.applications import Application, Applications, Overtaken
from bot.ports.sealing import SealBroken
from tests.stories.vouching import DAY, NOTED, application_of, asks_for_a_code, given, opened, vouches
from tests.stories.world import World, bytes_below


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as one:
        yield one


async def test_the_last_vouch_before_a_crash_is_made_good(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process stops between counting the second vouch and telling the applicant."""
    code = await asks_for_a_code(world, "nemo")
    await vouches(world, "ada", code)

    async def stop(_application: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(world.bot.vouches, "_move_on", stop)
        assert "Something broke" in await vouches(world, "ben", code)
    assert await given(world, "nemo") == 2
    await world.bot.vouches.tidy()
    await world.settle()
    assert (await application_of(world, "nemo")).stage is Stage.CREDENTIAL
    assert "Your verification has moved" in world.home("nemo")[-1]


async def test_a_vouch_counts_while_the_applicant_does_something_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await asks_for_a_code(world, "nemo")
    keep, overtaken = Applications.keep, [Overtaken()]

    async def keep_second(self: Applications, application: Application) -> None:
        if overtaken:
            raise overtaken.pop()
        await keep(self, application)

    monkeypatch.setattr(Applications, "keep", keep_second)
    await vouches(world, "ada", code)
    assert await given(world, "nemo") == 1


async def test_a_vouch_that_came_too_late_is_given_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The applicant stops while a vouch is written: it may be given to somebody else."""
    code = await asks_for_a_code(world, "nemo")

    async def overtaken(_self: Applications, _application: Application) -> None:
        raise Overtaken

    with monkeypatch.context() as patched:
        patched.setattr(Applications, "keep", overtaken)
        assert await vouches(world, "ada", code) == NOTED
    for person in ("nils", "nora", "otto"):
        await vouches(world, "ada", await asks_for_a_code(world, person))
        assert await given(world, person) == 1


async def test_whoever_stops_after_the_last_vouch_is_not_brought_back(world: World) -> None:
    code = await asks_for_a_code(world, "nemo")
    await vouches(world, "ada", code)
    application = await application_of(world, "nemo")
    await world.command("nemo", "verify stop")
    told = len(world.home("nemo"))

    await world.bot.vouches._move_on(application)
    await world.settle()
    assert await world.bot.proofing.heard(world.forms.account("nemo")) is None
    assert len(world.home("nemo")) == told


async def test_t02_no_code_and_no_voucher_lies_on_the_disk_in_clear(tmp_path: Path) -> None:
    async with opened(tmp_path) as world:
        code = await asks_for_a_code(world, "nemo")
        await vouches(world, "ada", code)
        known = await world.bot.wall.who(world.forms.account("ada"))
        assert known is not None
        voucher = read((await application_of(world, "nemo")).ref).by[0]
        running = bytes_below(tmp_path)
    for planted in (
        code.encode(),
        voucher.encode(),
        bytes.fromhex(voucher),
        known.person,
        known.person.hex().encode(),
    ):
        assert planted not in running
        assert planted not in bytes_below(tmp_path)


async def test_slots_are_forgotten_once_they_are_over(world: World) -> None:
    await vouches(world, "ada", await asks_for_a_code(world, "nemo"))
    vault = world.bot.vouches._wall.vouch_slots._vault
    assert len(await vault.vouch_slots()) == 2
    await world.bot.vouches.tidy()
    assert len(await vault.vouch_slots()) == 2
    world.clock.pass_(DAY)
    await world.bot.vouches.tidy()
    assert len(await vault.vouch_slots()) == 1, (
        "the code of yesterday is forgotten, the vouch of this month is not"
    )
    world.clock.pass_(31 * DAY)
    await world.bot.vouches.tidy()
    assert await vault.vouch_slots() == []


async def test_t04_slots_that_were_swapped_are_not_served(world: World) -> None:
    await vouches(world, "ada", await asks_for_a_code(world, "nemo"))
    vault = world.bot.vouches._wall.vouch_slots._vault
    (first, sealed), (second, other) = await vault.vouch_slots()
    await vault.drop_vouch_slots((first, second))
    for index, value in ((first, other), (second, sealed)):
        assert await vault.take_vouch_slot(index, value)
    with pytest.raises(SealBroken):
        await world.bot.vouches.tidy()


async def test_who_vouched_for_two_people_cannot_be_matched(world: World) -> None:
    """The keyed hash that lies with an application is another one for every applicant."""
    hashes = set()
    for person in ("nemo", "nils"):
        await vouches(world, "ada", await asks_for_a_code(world, person))
        hashes |= set(read((await application_of(world, person)).ref).by)
    assert len(hashes) == 2
    member = MemberId((await application_of(world, "nemo")).member)
    assert not any(member in one for one in hashes)
