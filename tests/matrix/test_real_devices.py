"""A device for each machine, on a real homeserver: the seat moves, nothing is lost, doubled or unreadable."""

from __future__ import annotations

import errno
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.matrix import streaming
from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.left_over import SILENT
from bot.adapters.matrix.login import Login
from bot.adapters.matrix.signing import SigningKeys
from bot.adapters.matrix.wire import Wire
from bot.chat.cards import note
from bot.chat.events import Account, Kind
from bot.ports.adapter import ConfigurationRefused, Delivery, Post
from bot.standin.people import Person
from bot.standin.synapse import Synapse
from tests.matrix.fakes import HastyClock, Parts, RealClock, SteppedClock
from tests.matrix.rig import PASSWORD, Hospital, hospital
from tests.waiting import until

pytestmark = pytest.mark.matrix_real


class LateClock(RealClock):
    """The machine's time, and some more."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead


async def at_home(city: Hospital, bot: MatrixAdapter) -> tuple[Person, Account, str]:
    """Start the bot of the first machine; somebody opens a home chat and is heard there."""
    await bot.start(city.intake)
    person, account = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.of(Kind.HELLO)
    await person.until(lambda: home in person.client.rooms and len(person.client.rooms[home].users) == 2)
    await person.say(home, "to one device")
    await city.intake.hear("to one device")
    return person, account, home


async def known(person: Person, bot: str, count: int) -> None:
    """Wait until somebody's client knows so many devices of the bot."""
    olm = person.client.olm
    assert olm is not None
    await person.until(lambda: len(list(olm.device_store.active_user_devices(bot))) == count)


async def one_serves_and_one_stands_by(
    city: Hospital,
) -> tuple[MatrixAdapter, MatrixAdapter, Person, str]:
    """Have two machines, both known to the client of somebody who has a home chat."""
    first, second = city.machine("first"), city.machine("second")
    person, _, home = await at_home(city, first)
    await second.stand_by()
    await known(person, city.site.user, 2)
    return first, second, person, home


def texts(city: Hospital) -> list[str]:
    return [event.text for event in city.intake.events if event.kind is Kind.TEXT]


def kinds(city: Hospital) -> list[Kind]:
    return [event.kind for event in city.intake.events]


async def test_the_seat_moves_there_and_back_and_everything_is_heard_once(city: Hospital) -> None:
    first, second, person, home = await one_serves_and_one_stands_by(city)
    said = await person.say(home, "to both devices")
    await city.intake.hear("to both devices")

    await first.stop()
    await person.say(home, "to nobody")
    await person.edit(home, said, "to both machines")
    await person.client.room_redact(home, said)
    await second.start(city.intake)
    await city.intake.of(Kind.DELETED)
    await city.intake.of(Kind.EDITED)
    assert second._session.device_id != first._session.device_id

    await first.stand_by()
    await person.say(home, "to the second machine")
    await city.intake.hear("to the second machine")
    await second.stop()
    await person.say(home, "and back again")
    await first.start(city.intake)
    await city.intake.hear("and back again")
    assert texts(city) == [
        "to one device",
        "to both devices",
        "to nobody",
        "to the second machine",
        "and back again",
    ]
    assert (kinds(city).count(Kind.EDITED), kinds(city).count(Kind.DELETED)) == (1, 1)
    assert Kind.UNREADABLE not in kinds(city)


async def test_keys_that_came_to_a_bot_that_stands_by_are_read_with_after_a_restart(city: Hospital) -> None:
    first, second, person, home = await one_serves_and_one_stands_by(city)
    await first.stop()
    for number in range(3):
        person.client.invalidate_outbound_session(home)
        await person.say(home, f"under key {number}")
        if number == 1:  # what comes now waits at the homeserver
            await second.stop()
    third = city.machine("second")
    await third.start(city.intake)
    await city.intake.hear("under key 2")
    assert texts(city) == ["to one device", "under key 0", "under key 1", "under key 2"]
    assert Kind.UNREADABLE not in kinds(city)


async def test_a_key_that_waits_for_a_device_is_not_thrown_away_by_the_token_of_another(
    city: Hospital,
) -> None:
    first, second, person, home = await one_serves_and_one_stands_by(city)
    await second.stop()
    person.client.invalidate_outbound_session(home)
    await person.say(home, "the key comes with this")
    await city.intake.hear("the key comes with this")
    token = city.intake.tokens["matrix/city-hospital/stream"]
    await until(lambda: first._stream.token == token)
    await first.stop()
    await person.say(home, "and is good for this")
    await second.start(city.intake)
    await city.intake.hear("and is good for this")


async def test_a_phone_that_is_new_since_a_device_last_had_the_seat_is_given_keys(city: Hospital) -> None:
    first, second = city.machine("first"), city.machine("second")
    person, account, _ = await at_home(city, second)
    await second.deliver(Delivery("d1", account, Post(note("To one phone."))), Parts())
    await person.hear("To one phone.")
    await second.stop()
    await first.start(city.intake)
    await second.stand_by()
    phone = Person(person.homeserver, person.user, person.password, city.folder / "phone")
    await phone.start()
    try:
        await first.stop()
        await second.start(city.intake)
        await second.deliver(Delivery("d2", account, Post(note("To both phones."))), Parts())
        assert (await phone.hear("To both phones.")).encrypted
    finally:
        await phone.stop()


async def test_more_keys_than_one_answer_holds_are_all_there_before_any_room_is_looked_at(
    city: Hospital,
) -> None:
    first, second, person, home = await one_serves_and_one_stands_by(city)
    await first.stop()
    await second.stop()
    for number in range(105):
        person.client.invalidate_outbound_session(home)
        await person.say(home, f"number {number}")
    await second.start(city.intake)
    await city.intake.hear("number 104")
    assert texts(city)[1:] == [f"number {number}" for number in range(105)]
    assert "matrix/city-hospital/unread" not in city.cabinet.values  # Nothing ever waited for its key.


async def test_what_was_said_before_a_device_was_there_is_asked_for_again(
    synapse: Synapse, tmp_path: Path
) -> None:
    clock = SteppedClock()
    async with hospital(synapse, tmp_path, clock=clock) as city:
        first, second = city.machine("first"), city.machine("second")
        person, _, home = await at_home(city, first)
        await first.stop()
        await person.say(home, "only the first machine could read this")
        await second.start(city.intake)
        await clock.until_asleep(10.0)
        clock.pass_time(10.1)
        event = await city.intake.of(Kind.UNREADABLE)
        assert event.values == {"why": "key"}
        await known(person, city.site.user, 2)
        await person.say(home, "once more")
        await city.intake.hear("once more")
        assert texts(city) == ["to one device", "once more"]


async def test_one_time_keys_of_a_bot_that_stands_by_are_made_up_for(
    city: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "_LONG_POLL_SECONDS", 1.0)
    first, second = city.machine("first"), city.machine("second")
    person, _, _ = await at_home(city, first)
    await second.stand_by()
    wire = Wire(city.homeserver.url)
    wire.token = person.client.access_token
    user, device = city.site.user, second._session.device_id

    async def left() -> int:
        counts = (await second._session.wire.post("/keys/upload", {}))["one_time_key_counts"]
        return int(counts["signed_curve25519"])

    begun = await left()
    for _ in range(begun):
        claimed = await wire.post("/keys/claim", {"one_time_keys": {user: {device: "signed_curve25519"}}})
        assert claimed["one_time_keys"][user][device]
    await wire.close()
    await until(lambda: _is_above(left, begun // 2))


async def _is_above(count: Any, least: int) -> bool:
    return bool(await count() >= least)


async def signed(city: Hospital, bot: MatrixAdapter) -> bool:
    keys = SigningKeys.read(city.cabinet.values["matrix/city-hospital/signing"])
    published = await bot._session.published_device()
    return published is not None and keys.has_signed(city.site.user, "self_signing", published)


async def test_a_device_that_stands_by_is_signed_and_waits_for_who_makes_the_identity(city: Hospital) -> None:
    first, second = city.machine("first"), city.machine("second")
    await second.stand_by()
    assert "matrix/city-hospital/signing" not in city.cabinet.values
    await first.start(city.intake)
    await until(lambda: signed(city, second))
    third = city.machine("third")
    await third.stand_by()
    assert await signed(city, third)
    assert third.health().elsewhere
    assert third.health().problem == ""


async def test_the_doctor_lists_the_devices_of_all_bots_and_warns_of_any_other(city: Hospital) -> None:
    first, second = city.machine("first"), city.machine("second")
    await first.start(city.intake)
    await second.stand_by()
    doctor = city.machine("first")

    async def told() -> tuple[str, str]:
        (line,) = [check for check in await doctor.checks() if check.name == "matrix devices"]
        return line.state, line.remedy

    state, remedy = await told()
    assert (state, remedy.partition(" ")[0]) == ("ok", f"{first._session.device_id},")
    assert f"{second._session.device_id} (another bot's" in remedy
    stranger = Person(city.homeserver.url, city.site.user, PASSWORD, city.folder / "stranger")
    await stranger.start()
    try:
        device = stranger.client.device_id
        assert await told() == ("warn", f"No bot is logged in as {device}; log that out.")
    finally:
        await stranger.stop()


async def test_why_a_bot_cannot_stand_by_is_told_and_tried_again(synapse: Synapse, tmp_path: Path) -> None:
    async with hospital(synapse, tmp_path, clock=HastyClock()) as city:
        bot = city.machine("first")
        object.__setattr__(bot._session.site, "password", "wrong")
        await bot.stand_by()
        health = bot.health()
        assert (health.elsewhere, health.waiting) == (True, True)
        assert "does not accept the bot's user and password" in health.problem
        object.__setattr__(bot._session.site, "password", PASSWORD)
        await until(lambda: not bot.health().problem)
        await bot.start(city.intake)
        assert bot.health().connected


async def test_a_folder_without_locks_is_refused(city: Hospital, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("bot.adapters.matrix.devices.fcntl.flock", no_locks)
    with pytest.raises(ConfigurationRefused, match="cannot be locked"):
        await city.machine("first").start(city.intake)


async def test_two_bots_on_one_folder_have_a_device_each_and_keep_it(city: Hospital) -> None:
    first, second = city.machine("same"), city.machine("same")
    await first.start(city.intake)
    await second.stand_by()
    names = {bot._session.device_id for bot in (first, second)}
    assert len(names) == 2
    for bot in (first, second):
        await bot.stop()
    again = city.machine("same")
    await again.start(city.intake)
    assert again._session.device_id in names


async def test_the_only_device_of_an_earlier_version_goes_on(city: Hospital) -> None:
    first = city.machine("first")
    person, _, home = await at_home(city, first)
    await first.stop()
    name = f"matrix/city-hospital/login/{first._session.device_id}"
    city.cabinet.values["matrix/city-hospital/login"] = city.cabinet.values.pop(name)
    await person.say(home, "while it was changed")
    again = city.machine("first")
    await again.start(city.intake)
    await city.intake.hear("while it was changed")
    assert again._session.device_id == first._session.device_id
    assert "matrix/city-hospital/login" not in city.cabinet.values
    assert Login.read(city.cabinet.values[name]).device_id == first._session.device_id


async def test_a_token_whose_keys_lie_on_another_machine_is_refused_and_not_ended(city: Hospital) -> None:
    first, second = city.machine("first"), city.machine("second")
    await first.start(city.intake)
    token, device = first._session.wire.token, first._session.device_id
    object.__setattr__(second._session.site, "access_token", token)
    object.__setattr__(second._session.site, "device_id", device)
    with pytest.raises(ConfigurationRefused, match="on another machine"):
        await second.start(city.intake)
    assert (await first._session.wire.get("/account/whoami"))["device_id"] == device


async def test_a_machine_that_is_silent_for_a_month_loses_its_device_and_gets_another(
    synapse: Synapse, tmp_path: Path
) -> None:
    clock = LateClock()
    async with hospital(synapse, tmp_path, clock=clock) as city:
        gone, there = city.machine("gone"), city.machine("there")
        await gone.start(city.intake)
        old = gone._session.device_id
        await gone.stop()
        clock.ahead = SILENT - timedelta(days=1)
        await there.start(city.intake)
        assert await devices(city, there) == {old, there._session.device_id}
        await there.stop()
        clock.ahead = SILENT + timedelta(days=1)
        again = city.machine("there")
        await again.start(city.intake)
        assert await devices(city, again) == {again._session.device_id}
        back = city.machine("gone")
        await back.stand_by()
        assert await devices(city, again) == {again._session.device_id, back._session.device_id}
        assert back._session.device_id != old


async def devices(city: Hospital, bot: MatrixAdapter) -> set[str]:
    return set((await bot._session.keys_of(city.site.user))["device_keys"][city.site.user])
