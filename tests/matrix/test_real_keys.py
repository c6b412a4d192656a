"""Keys on a real homeserver: late ones, lost ones, claims that fail, and what a stolen store tells."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientConnectionError
from nio import Api, KeysClaimError

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.old_keys import drop_old_keys
from bot.chat.cards import note
from bot.chat.events import Kind
from bot.ports.adapter import Delivery, Later, Post
from bot.standin.people import Person
from bot.standin.synapse import Synapse
from tests.matrix.fakes import Parts, SteppedClock
from tests.matrix.rig import Hospital, hospital

pytestmark = pytest.mark.matrix_real


async def raw(person: Person, room: str, content: dict[str, Any]) -> str:
    """Send an event that is encrypted already."""
    client = person.client
    _, path, body = Api.room_send(client.access_token, room, "m.room.encrypted", content, "t1")
    async with await client.send("PUT", path, body) as answer:
        return str((await answer.json())["event_id"])


async def written_without_its_key(person: Person, room: str, words: str) -> Callable[[], Any]:
    """Send words, and give a step that sends their key afterwards."""
    await person.say(room, "to make sure that there is a channel for keys")
    client, olm = person.client, person.client.olm
    assert olm is not None
    olm.outbound_group_sessions.pop(room)
    olm.create_outbound_group_session(room)
    shares = list(olm.share_group_session_parallel(room, list(client.rooms[room].users), True))
    olm.outbound_group_sessions[room].shared = True
    _, content = client.encrypt(room, "m.room.message", {"msgtype": "m.text", "body": words})
    await raw(person, room, content)
    olm.outbound_group_sessions.pop(room)

    async def share() -> None:
        for number, (_, messages) in enumerate(shares):
            _, path, body = Api.to_device(client.access_token, "m.room.encrypted", messages, f"k{number}")
            async with await client.send("PUT", path, body) as answer:
                assert answer.status == 200

    return share


@pytest.fixture
async def patient(synapse: Synapse, tmp_path: Path) -> Any:
    """Give a hospital whose clock moves when the test says so."""
    async with hospital(synapse, tmp_path, clock=SteppedClock()) as made:
        yield made


def waiting(city: Hospital) -> bytes:
    return city.cabinet.values.get("matrix/city-hospital/unread", b"[]")


async def opened(city: Hospital) -> tuple[MatrixAdapter, Person, str]:
    bot = await city.adapter()
    person, _ = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.until(1)
    return bot, person, home


async def test_a_message_whose_key_comes_late_is_read_then(patient: Hospital) -> None:
    _, person, home = await opened(patient)
    share = await written_without_its_key(person, home, "read me later")
    await person.say(home, "!consult help")
    await patient.intake.hear("help")
    assert waiting(patient) != b"[]"
    await share()
    event = await patient.intake.hear("read me later")
    assert event.kind is Kind.TEXT
    assert waiting(patient) == b"[]"


async def test_a_message_without_a_key_survives_a_restart_and_is_given_up_after_ten_seconds(
    patient: Hospital,
) -> None:
    bot, person, home = await opened(patient)
    await written_without_its_key(person, home, "never readable")
    await person.say(home, "!consult help")
    await patient.intake.hear("help")
    await bot.stop()
    assert isinstance(patient.clock, SteppedClock)
    patient.clock.slept.clear()
    await patient.adapter()
    await patient.clock.until_asleep(10.0)
    patient.clock.pass_time(9.9)
    assert [event.kind for event in patient.intake.events].count(Kind.UNREADABLE) == 0
    patient.clock.pass_time(0.2)
    given_up = (await patient.intake.until(4))[-1]
    assert (given_up.kind, given_up.text, given_up.values) == (Kind.UNREADABLE, "", {"why": "key"})
    assert waiting(patient) == b"[]"


@pytest.mark.parametrize("failure", ["raise", "answer"])
async def test_a_failed_key_claim_asks_for_another_try_and_does_not_block_the_room(
    city: Hospital, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.admit(account)
    await person.until(lambda: bot.room in person.client.rooms)
    client = bot._session.client
    claim, tried = client.keys_claim, []

    async def failing(users: Any) -> Any:
        tried.append(users)
        if len(tried) > 1:
            return await claim(users)
        if failure == "raise":
            raise ClientConnectionError
        return KeysClaimError("no", "M_UNKNOWN")

    monkeypatch.setattr(client, "keys_claim", failing)
    delivery = Delivery("d", None, Post(note("After all.")))
    with pytest.raises(Later):
        await bot.deliver(delivery, Parts())
    await bot.deliver(delivery, Parts())
    assert (await person.hear("After all.")).encrypted
    assert person.unreadable == {}


async def test_a_key_share_that_was_lost_is_noticed_before_anything_is_sent(
    city: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.admit(account)
    await person.until(lambda: bot.room in person.client.rooms)
    client = bot._session.client
    send = client._send
    tried: list[str] = []

    async def losing(response_class: type, method: str, path: str, *rest: Any, **more: Any) -> Any:
        if "sendToDevice" in path and not tried:
            tried.append(path)
            raise ClientConnectionError
        return await send(response_class, method, path, *rest, **more)

    monkeypatch.setattr(client, "_send", losing)
    delivery = Delivery("d", None, Post(note("Readable.")))
    with pytest.raises(Later):
        await bot.deliver(delivery, Parts())
    assert person.unreadable == {}
    await bot.deliver(delivery, Parts())
    await person.hear("Readable.")
    assert person.unreadable == {}


async def test_a_new_device_of_a_person_reads_on_and_the_key_rotates(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.deliver(Delivery("d1", account, Post(note("To one device."))), Parts())
    await person.hear("To one device.")
    second = Person(person.homeserver, person.user, person.password, city.folder / "second")
    await second.start()
    try:
        await bot._stream._arrivals.until(lambda: _knows_devices(bot, person.user, 2))
        await bot.deliver(Delivery("d2", account, Post(note("To both."))), Parts())
        await second.hear("To both.")
        await person.hear("To both.")
    finally:
        await second.stop()


async def test_message_keys_are_dropped_after_a_week_from_memory_and_store(patient: Hospital) -> None:
    bot, person, home = await opened(patient)
    await person.say(home, "in the first week")
    await patient.intake.hear("in the first week")
    client = bot._session.client
    assert client.olm is not None
    held = {key.id for key in client.olm.inbound_group_store}
    today = patient.clock.now().toordinal()
    assert drop_old_keys(client, today) == 0
    assert drop_old_keys(client, today + 7) == 0
    assert drop_old_keys(client, today + 8) == len(held) > 0
    assert list(client.olm.inbound_group_store) == []
    assert client.store is not None
    rows = client.store.database.execute_sql("SELECT count(*) FROM megolminboundsessions").fetchone()
    assert rows == (0,)
    person.client.invalidate_outbound_session(home)
    await person.say(home, "in the second week")
    assert (await patient.intake.hear("in the second week")).kind is Kind.TEXT


async def test_the_store_holds_no_name_of_anybody(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.deliver(Delivery("d", account, Post(note("Hello."))), Parts())
    await person.hear("Hello.")
    await bot.stop()
    files = list(city.site.store.rglob("*"))
    name = person.user.split(":")[0].encode()
    assert sorted(file.suffix for file in files) == [".db", ".lock"]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    assert city.site.store.stat().st_mode & 0o777 == 0o700
    assert not any(name in file.read_bytes() or name.decode() in file.name for file in files)
    again = await city.adapter()
    await again.deliver(Delivery("d2", account, Post(note("And again."))), Parts())
    await person.hear("And again.")


def _knows_devices(bot: MatrixAdapter, user: str, count: int) -> bool:
    olm = bot._session.client.olm
    return olm is not None and len(list(olm.device_store.active_user_devices(user))) == count
