"""What is kept of vouching: through a crash, beside other changes, sealed, and no longer than it counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.domain.members import MemberId
from bot.domain.verification import Stage
from bot.domain.vouches import A_MONTH, LIVES, read
from bot.identity.vouch_slots import Slot
from bot.ports.sealing import SealBroken
from bot.ports.vouch_slots import Counted
from storage.vault.vault import VaultStore
from tests.stories.vouching import (
    DAY,
    NOTED,
    UNKNOWN,
    application_of,
    asks_for_a_code,
    given,
    opened,
    vouches,
)
from tests.stories.world import World, bytes_below, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with opened(tmp_path) as one:
        yield one


def nothing_counts(world: World, patched: pytest.MonkeyPatch) -> None:
    """Let the process be as good as dead from the answer on."""
    patched.setattr(world.bot.vouches, "noted", [])


async def typed(world: World) -> list[str]:
    """List the codes that lie in the vault and are not counted yet."""
    return [one.code for one in await world.bot.wall.vouch_slots.waiting()]


async def test_t22_the_answer_comes_before_anything_is_looked_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await asks_for_a_code(world, "nemo")
    nothing_counts(world, monkeypatch)
    for one in (code, UNKNOWN[0]):
        assert await vouches(world, "ada", one) == NOTED
    assert sorted(await typed(world)) == sorted((code, UNKNOWN[0]))
    assert await given(world, "nemo") == 0

    await world.bot.watch.look()
    assert await typed(world) == []
    assert await given(world, "nemo") == 1


async def test_what_was_answered_before_a_crash_is_counted_once_at_the_next_start(tmp_path: Path) -> None:
    async with opened(tmp_path) as before:
        code = await asks_for_a_code(before, "nemo")
        await vouches(before, "ada", code)
        with pytest.MonkeyPatch.context() as patched:
            nothing_counts(before, patched)
            assert await vouches(before, "ben", code) == NOTED
        assert await given(before, "nemo") == 1

    for life in (2, 3):
        async with open_world(tmp_path, life=life, vouching=True) as after:
            after.clock.pass_(LIVES.total_seconds() + DAY)
            await after.bot.watch.look()
            await after.settle()
            assert await typed(after) == []
            assert (await application_of(after, "nemo")).stage is Stage.CREDENTIAL
            acts = [entry.what for entry in await after.bot.wall.audit.entries()]
            assert acts.count("vouched") == 2
            assert len(after.home("nemo")) == (life == 2), "told once"


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after it"])
async def test_a_fault_while_a_vouch_is_counted_loses_nothing_and_counts_nothing_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, *, committed: bool
) -> None:
    code = await asks_for_a_code(world, "nemo")
    count = VaultStore.count_vouch

    async def faulty(self: VaultStore, counted: Counted) -> bool:
        if committed:
            await count(self, counted)
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(VaultStore, "count_vouch", faulty)
        assert await vouches(world, "ada", code) == NOTED
    assert await given(world, "nemo") == committed
    for _ in range(2):
        await world.bot.watch.look()
    assert await given(world, "nemo") == 1
    assert await typed(world) == []
    for person in ("nils", "nora"):
        await vouches(world, "ada", await asks_for_a_code(world, person))
        assert await given(world, person) == 1, "three a month, and one was used up"


async def test_a_stop_between_the_last_vouch_and_its_news_is_made_good(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await asks_for_a_code(world, "nemo")
    await vouches(world, "ada", code)

    async def stop(_application: object) -> None:
        raise ConnectionAbortedError

    with monkeypatch.context() as patched:
        patched.setattr(world.bot.vouches, "_move_on", stop)
        assert await vouches(world, "ben", code) == NOTED
    assert await given(world, "nemo") == 2
    await world.bot.watch.look()
    await world.settle()
    assert (await application_of(world, "nemo")).stage is Stage.CREDENTIAL
    assert "Your verification has moved" in world.home("nemo")[-1]


async def test_a_vouch_counts_while_the_applicant_does_something_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen in between, once: tried again at once. Again and again: the next time."""
    count, overtaken = VaultStore.count_vouch, [True]

    async def sometimes(self: VaultStore, counted: Counted) -> bool:
        return False if overtaken and overtaken.pop() else await count(self, counted)

    with monkeypatch.context() as patched:
        patched.setattr(VaultStore, "count_vouch", sometimes)
        await vouches(world, "ada", await asks_for_a_code(world, "nemo"))
        assert await given(world, "nemo") == 1
        overtaken += [True] * 5
        await vouches(world, "ada", await asks_for_a_code(world, "nils"))
        assert await given(world, "nils") == 0
    await world.bot.watch.look()
    assert await given(world, "nils") == 1


async def test_a_change_of_the_applicants_in_the_middle_stays(world: World) -> None:
    """The row that the vouch was to replace is another one by now: the commit changes nothing at all."""
    await vouches(world, "ada", await asks_for_a_code(world, "nemo"))
    slots, application = world.bot.wall.vouch_slots, await application_of(world, "nemo")
    known = await world.bot.wall.who(world.forms.account("ben"))
    assert known is not None
    assert await slots.note(known.person, world.forms.account("ben"), UNKNOWN[0], world.clock.now())
    (waits,) = await slots.waiting()
    row = world.bot.proofing._applications.row(application)
    today = world.clock.now().date()
    assert not await slots.count(waits, known.person, row, b"another state")
    assert await slots.left(Slot.VOUCH, known.person, today) == A_MONTH
    assert await slots.waiting() == (waits,)
    assert await slots.count(waits, known.person, row, application.seen or b"")
    assert await slots.left(Slot.VOUCH, known.person, today) == A_MONTH - 1
    assert await slots.waiting() == ()


async def test_who_has_left_meanwhile_takes_the_word_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await asks_for_a_code(world, "nemo")
    nothing_counts(world, monkeypatch)
    await vouches(world, "ada", code)
    await world.command("ada", "me delete keep yes")
    assert await typed(world) == []
    await world.bot.watch.look()
    assert await given(world, "nemo") == 0


async def test_noted_means_that_a_vouch_is_left_however_fast_somebody_types(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits to be counted is counted first where it could be the last of the month."""
    people = ("nemo", "nils", "nora", "otto")
    codes = [await asks_for_a_code(world, person) for person in people]
    nothing_counts(world, monkeypatch)
    told = [await world.command("ada", f"vouch {code} yes") for code in codes]
    assert told[:3] == [NOTED] * 3
    assert "You have vouched for three colleagues this month" in told[3]
    assert [await given(world, person) for person in people] == [1, 1, 1, 0]


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
        with pytest.MonkeyPatch.context() as patched:
            nothing_counts(world, patched)
            await vouches(world, "ada", code)
        waiting = bytes_below(tmp_path)
        await world.bot.watch.look()
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
        assert planted not in waiting
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
