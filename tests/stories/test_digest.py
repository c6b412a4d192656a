"""Digests: one list in the reader's morning, only where something is new, and once."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands import digests
from bot.commands.context import House
from bot.commands.digests import send_digests
from bot.domain.members import MemberId, Role
from bot.identity.digests import Digests
from bot.ports.digests import Due
from tests import server
from tests.stories.test_paging import FIELDS, HOUR, enrol, released
from tests.stories.world import World, open_world

EVENING = datetime(2026, 3, 1, 20, 0, tzinfo=UTC)
"""A Sunday."""
QUIET = "Something new for you."


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[World]:
    """Two hospitals on a Sunday evening."""
    async with open_world(tmp_path, start=EVENING) as world:
        await enrol_all(world)
        yield world


async def enrol_all(world: World) -> None:
    for person, field in FIELDS.items():
        await enrol(world, world.site_of(person).account(person), person, field)
    await world.settle()


async def wait(world: World, hours: float) -> None:
    """Let time pass and the bot look."""
    await world.wait(hours * HOUR)
    await send_digests(world.bot.house)
    await world.settle()


def told(world: World, person: str) -> list[str]:
    """List the digests that somebody got."""
    return [words for words in world.home(person) if words.startswith(("Your digest", QUIET))]


async def test_a_digest_lists_what_waits_is_followed_and_ones_own(ward: World) -> None:
    await released(ward)
    await released(ward, "ben", specialties="hospital medicine")
    await ward.command("ben", "close 102")
    assert "A digest comes every morning." in await ward.command("ben", "digest daily")
    for person in ("tove", "ravi"):
        await ward.say(person, "follow 101")
        await ward.say(person, "digest daily")
    await ward.command("ada", "reveal 101")
    await wait(ward, 12.1)

    assert "1 case for cardiology waits for opinions:" in told(ward, "ravi")[0]
    assert "#101" in told(ward, "ravi")[0]
    assert "Cases that you follow:" in told(ward, "tove")[0]
    assert "(its opinions can be read now)" in told(ward, "tove")[0]
    assert not told(ward, "sana")
    assert told(ward, "ben") == [f"{QUIET} "]
    shown = ward.forms.homes["ben"][-1].card
    assert [(one.label, one.command) for one in shown.buttons] == [("Open", "digest show")]
    opened = await ward.press("ben", "Open")
    assert "1 case for cardiology waits for opinions:" in opened
    assert "Your case waits for what it was in the end:" in opened
    assert "#102" in opened


async def test_it_comes_once_a_day_and_only_with_something_new(ward: World) -> None:
    await ward.say("ravi", "digest daily")
    assert "Monday morning.\nAt 8:00 UTC." in await ward.say("sana", "digest weekly")
    await wait(ward, 12.1)
    assert not told(ward, "ravi")
    await released(ward, urgency="routine")
    await wait(ward, 1)
    assert not told(ward, "ravi")
    await wait(ward, 23)
    assert [len(told(ward, person)) for person in ("ravi", "sana")] == [1, 0]

    await wait(ward, 1)
    await wait(ward, 23)
    assert len(told(ward, "ravi")) == 1
    await released(ward)
    assert "No digest comes to you." in await ward.say("ravi", "digest off")
    await wait(ward, 5 * 24)
    assert [len(told(ward, person)) for person in ("ravi", "sana")] == [1, 1]


async def test_what_was_answered_or_is_not_ones_field_is_in_none(ward: World) -> None:
    await released(ward, urgency="routine")
    for person in ("ravi", "sana"):
        await ward.say(person, "digest daily")
    await ward.say("ravi", "opinion 101 atrial fibrillation")
    await ward.say("sana", "notmine 101")
    await wait(ward, 12.1)
    assert not told(ward, "ravi")
    assert not told(ward, "sana")
    assert "Nothing new for a digest right now." in await ward.say("sana", "digest show")


async def test_morning_is_the_readers_own_and_waits_for_quiet_hours_and_mutes(ward: World) -> None:
    await enrol(ward, ward.forms.account("dara"), "dara", "Cardiology", Role.TRAINEE)
    await released(ward, urgency="routine")
    assert "I don't know that time zone." in await ward.say("ravi", "digest daily Mars/Olympus")
    assert "Say daily, weekly or off" in await ward.say("ravi", "digest hourly")
    told_zone = await ward.say("ravi", "digest daily America/New_York")
    assert "At 8:00 in America/New_York, or when your quiet hours" in told_zone
    await ward.command("ben", "me quiet 22-10 UTC")
    assert "No digest comes to you." in ward.answer("ben")
    await ward.press("ben", "Digest")
    await ward.press("ben", "Every morning")
    await ward.command("dara", "me")
    await ward.press("dara", "Digest")
    await ward.press("dara", "Every morning")
    await ward.say("sana", "digest daily")
    await ward.say("sana", "mute 14h")

    await wait(ward, 13)
    waiting = ("ravi", "ben", "sana", "dara")
    assert [bool(told(ward, person)) for person in waiting] == [False, False, False, True]
    await wait(ward, 1.1)
    assert [bool(told(ward, person)) for person in waiting] == [False, True, True, True]
    await wait(ward, 3)
    assert told(ward, "ravi")


async def test_a_stop_between_telling_and_noting_tells_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stop(_self: Digests, _told: object) -> None:
        raise OSError("the power went")

    async with open_world(tmp_path, start=EVENING) as world:
        await enrol_all(world)
        await released(world)
        await world.say("ravi", "digest daily")
        with monkeypatch.context() as cut:
            cut.setattr(Digests, "looked", stop)
            with pytest.raises(OSError, match="power"):
                await wait(world, 12.1)
        await world.settle()
        before, then = len(told(world, "ravi")), world.clock.now()
    async with open_world(tmp_path, life=2, start=then + timedelta(minutes=5)) as world:
        for _ in range(2):
            await world.bot.watch.look()
            await world.settle()
        assert (before, len(told(world, "ravi"))) == (1, 0)


async def test_a_broken_one_keeps_no_other_away_and_the_stopped_hear_nothing(
    ward: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await released(ward)
    for person in ("ravi", "sana", "ben"):
        await ward.say(person, "digest daily")
    await ward.bot.stopping.suspend(await ward.name_of("ben"), 7, "rules", by="test")
    known = await ward.bot.wall.who(ward.words.account("ravi"))
    assert known is not None
    send = digests._send

    async def break_one(house: House, due: Due) -> bool:
        if due.member == known.member:
            raise OSError("a row is torn")
        return await send(house, due)

    with monkeypatch.context() as torn:
        torn.setattr(digests, "_send", break_one)
        with pytest.raises(ExceptionGroup, match="could not be put"):
            await wait(ward, 12.1)
        await ward.settle()
        assert [len(told(ward, person)) for person in ("ravi", "sana", "ben")] == [0, 1, 0]
    await wait(ward, 0.2)
    assert [len(told(ward, person)) for person in ("ravi", "sana", "ben")] == [1, 1, 0]


async def test_t_46_a_clock_that_jumps_doubles_none_and_keeps_none_away(ward: World) -> None:
    await released(ward, urgency="routine")
    await ward.say("ravi", "digest daily")
    await wait(ward, 12.1)
    assert len(told(ward, "ravi")) == 1
    for hours in (-3, 3, 48, -48, 24 * 365 * 4, -24 * 365 * 4):
        ward.clock.jump(hours * HOUR)
        await ward.settle()
        await send_digests(ward.bot.house)
        await ward.settle()
    assert len(told(ward, "ravi")) == 1
    await released(ward)
    await wait(ward, 24)
    assert len(told(ward, "ravi")) == 2


async def test_nothing_stored_says_whose_morning_it_is_and_nothing_outlives_its_reader(ward: World) -> None:
    await ward.say("ravi", "digest daily Antarctica/Troll")
    known = await ward.bot.wall.who(ward.words.account("ravi"))
    assert known is not None
    await released(ward, specialties="cardiology")
    await wait(ward, 12.1)
    assert told(ward, "ravi")
    put = rows(ward, "content", "SELECT * FROM outbox WHERE key LIKE '%digest%'")
    assert len(put) == 1
    assert known.member not in json.dumps(put, default=str)
    known_ids = {one for (one,) in rows(ward, "content", "SELECT id FROM members")}
    assert known.member in known_ids
    assert known_ids.isdisjoint(map(str, put[0]))
    assert "Digest: daily" in await ward.say("ravi", "me data identity")

    before, courier = kept(ward), MemberId(str(put[0][5]))
    assert await ward.bot.wall.home.all_of((courier,))
    await ward.say("ravi", "me delete keep yes")
    after = kept(ward)
    assert (before["mailboxes"] - after["mailboxes"], before["routing"] - after["routing"]) == (2, 1)
    assert not await ward.bot.wall.home.all_of((courier,))


def rows(world: World, database: str, select: str) -> list[tuple[object, ...]]:
    return server.look(world.bot._settings.data_dir, database, select)


def kept(world: World) -> dict[str, int]:
    """Count rows of the vault."""
    tables = ("mailboxes", "routing")
    return {one: len(rows(world, "vault", f"SELECT 1 FROM {one}")) for one in tables}  # noqa: S608 - fixed
