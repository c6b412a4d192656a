"""The bot on a real homeserver: rooms, invitations, and who may read along."""

from dataclasses import replace

import pytest
from nio import RoomPreset

from bot.adapters.matrix.adapter import MatrixAdapter
from bot.adapters.matrix.consult_room import RoomState
from bot.adapters.matrix.wire import path
from bot.adapters.matrix.wording import ELSEWHERE, THIRD_PERSON
from bot.chat.cards import note
from bot.chat.events import Kind, Place
from bot.domain.pauses import Flaw
from bot.ports.adapter import ConfigurationRefused, Delivery, Later, Post, Undeliverable, Unfit
from tests.matrix.fakes import MemoryCabinet, Parts, RealChance, RealClock
from tests.matrix.rig import Hospital

pytestmark = pytest.mark.matrix_real


async def state_of(bot: MatrixAdapter, room: str) -> RoomState:
    return RoomState.read(await bot._session.wire.get_list(path("rooms", room, "state")))


async def test_the_bot_makes_a_room_in_which_only_it_can_speak(city: Hospital) -> None:
    bot = await city.adapter()
    state = await state_of(bot, bot.room)
    powers = state.content("m.room.power_levels")

    assert state.encrypted
    assert not state.federates
    assert not state.people_can_speak
    assert state.can_speak(city.site.user)
    assert state.value("m.room.join_rules", "join_rule") == "invite"
    assert state.value("m.room.guest_access", "guest_access") == "forbidden"
    assert state.value("m.room.history_visibility", "history_visibility") == "joined"
    assert (powers["events"]["m.reaction"], powers["events"]["m.room.redaction"]) == (50, 100)
    assert (powers["state_default"], powers["invite"], powers["notifications"]["room"]) == (100, 50, 101)


async def test_a_restart_finds_the_same_room_and_device(city: Hospital) -> None:
    first = await city.adapter()
    await first.stop()
    second = await city.adapter()
    assert (second.room, second._session.device_id) == (first.room, first._session.device_id)


async def test_a_lost_key_store_makes_a_new_device_and_says_nothing_twice(city: Hospital) -> None:
    first = await city.adapter()
    await first.stop()
    for file in city.site.store.iterdir():
        file.unlink()
    second = await city.adapter()
    assert second._session.device_id != first._session.device_id
    published = await second._session.keys_of(city.site.user)
    assert list(published["device_keys"][city.site.user]) == [second._session.device_id]
    assert [check.state for check in await second.checks()] == ["ok"] * 6


async def test_a_key_store_under_another_key_is_refused_in_plain_words(city: Hospital) -> None:
    bot = await city.adapter()
    device = bot._session.device_id
    await bot.stop()
    name = f"matrix/city-hospital/login/{device}"
    kept = city.cabinet.values[name]
    city.cabinet.values[name] = kept.replace(b'"pickle_key": "', b'"pickle_key": "00')
    with pytest.raises(ConfigurationRefused, match="does not open"):
        await city.adapter()


@pytest.mark.parametrize(
    ("preset", "federates", "words"),
    [
        ("public_chat", True, "invited people"),
        ("private_chat", True, "Other homeservers"),
        ("private_chat", False, "not encrypted"),
    ],
)
async def test_an_unfit_consult_room_is_refused(
    city: Hospital, preset: str, federates: bool, words: str
) -> None:
    owner, _ = await city.person()
    made = await owner.client.room_create(
        invite=[city.site.user], preset=RoomPreset(preset), initial_state=(), federate=federates
    )
    bot = MatrixAdapter(replace(city.site, room=made.room_id), MemoryCabinet(), RealClock(), RealChance())
    with pytest.raises(ConfigurationRefused, match=words) as refused:
        await bot.start(city.intake)
    assert refused.value.key == "room"
    await bot.stop()


async def test_the_wrong_password_is_named_by_its_key(city: Hospital) -> None:
    bot = MatrixAdapter(replace(city.site, password="wrong"), MemoryCabinet(), RealClock(), RealChance())
    with pytest.raises(ConfigurationRefused) as refused:
        await bot.start(city.intake)
    assert refused.value.key == "password"
    assert [check.state for check in await bot.checks()] == ["ok", "fail"]
    await bot.stop()


async def test_a_person_opens_the_home_chat_by_inviting_the_bot(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.until(1)
    await person.say(home, "!c open")
    event = await city.intake.hear("open")
    assert city.intake.events[0].kind is Kind.HELLO
    assert (event.kind, event.place, event.account) == (Kind.COMMAND, Place.HOME, account)
    answered = await city.answer(bot, event, note("Three cases are open."))
    heard = await person.hear("Three cases")
    assert answered == f"{home} {heard.id}"
    assert heard.encrypted


async def test_words_sent_together_with_the_invitation_are_heard(city: Hospital) -> None:
    await city.adapter()
    person, _ = await city.person()
    home = await person.open_chat(city.site.user)
    await person.say(home, "said at once")
    event = await city.intake.hear("said at once")
    assert [one.kind for one in city.intake.events] == [Kind.HELLO, Kind.TEXT]
    assert event.place is Place.HOME


async def test_words_in_an_unencrypted_chat_are_refused_and_answered_in_an_encrypted_one(
    city: Hospital,
) -> None:
    bot = await city.adapter()
    person, _ = await city.person()
    room = await person.open_chat(city.site.user, encrypted=False)
    await city.intake.until(1)
    await person.say(room, "a story")
    event = (await city.intake.until(2))[1]
    assert (event.kind, event.text, event.values) == (Kind.UNREADABLE, "", {"why": "plain"})
    await city.answer(bot, event, note("This chat is not encrypted."))
    heard = await person.hear("not encrypted")
    assert heard.encrypted
    assert heard.room != room


async def test_the_bot_leaves_a_home_chat_that_a_third_person_enters(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    third, _ = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.until(1)
    await person.client.room_invite(home, third.client.user_id)
    await person.hear(THIRD_PERSON, home)
    await person.until(lambda: city.site.user not in person.client.rooms[home].users)
    await bot.deliver(Delivery("d", account, Post(note("For you alone."))), Parts())
    heard = await person.hear("For you alone.")
    assert heard.room != home
    assert third.client.user_id not in person.client.rooms[heard.room].users


async def test_a_person_who_left_the_home_chat_gets_a_new_one(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    home = await person.open_chat(city.site.user)
    await city.intake.until(1)
    await person.leave(home)
    await bot._stream._arrivals.until(lambda: person.user not in bot._session.client.rooms[home].users)
    await bot.deliver(Delivery("d", account, Post(note("Are you there?"))), Parts())
    assert (await person.hear("Are you there?")).encrypted


async def test_in_a_ward_room_only_harmless_words_are_answered(city: Hospital) -> None:
    bot = await city.adapter()
    person, _ = await city.person()
    made = await person.client.room_create(invite=[city.site.user])
    await person.until(lambda: len(person.client.rooms[made.room_id].users) == 2)
    await person.until(lambda: not person.client.rooms[made.room_id].invited_users)
    await person.say(made.room_id, "talk among us")
    await person.say(made.room_id, "!consult help opinion")
    await person.say(made.room_id, "!consult opinion 123 1) a name and a story")
    asked, wanted = await city.intake.until(2)
    assert (asked.text, asked.place) == ("help opinion", Place.ELSEWHERE)
    assert wanted.text == "opinion 123"

    assert await city.answer(bot, asked, note("Help is here.")) == ""
    assert (await person.hear("Help is here.")).room == made.room_id
    await city.answer(bot, wanted, note("Which diagnosis first?"))
    assert (await person.hear(ELSEWHERE)).room == made.room_id
    assert (await person.hear("Which diagnosis first?")).room != made.room_id


async def test_invitations_from_other_servers_are_declined(city: Hospital) -> None:
    city.site = replace(city.site, allow_servers=("elsewhere.example",))
    bot = await city.adapter()
    person, account = await city.person()
    room = await person.open_chat(city.site.user)
    await person.until(lambda: city.site.user not in person.client.rooms[room].users)
    assert not bot.serves(account)
    assert city.intake.events == []


async def test_nothing_is_delivered_before_the_bot_is_connected(city: Hospital) -> None:
    bot = MatrixAdapter(city.site, city.cabinet, RealClock(), RealChance())
    with pytest.raises(Later):
        await bot.deliver(Delivery("d", None, Post(note("x"))), Parts())


async def test_a_room_that_the_bot_is_not_in_is_undeliverable(city: Hospital) -> None:
    bot = await city.adapter()
    person, account = await city.person()
    await bot.admit(account)
    await person.until(lambda: bot.room in person.client.rooms)
    await bot.deliver(Delivery("d0", None, Post(note("x"))), Parts())
    await bot._session.wire.post(path("rooms", bot.room, "leave"), {})
    with pytest.raises(Undeliverable) as refused:
        await bot.deliver(Delivery("d", None, Post(note("x"))), Parts())
    assert refused.value.code == "forbidden"
    await bot._stream._arrivals.until(lambda: bot.room not in bot._session.client.rooms)
    with pytest.raises(Undeliverable):
        await bot.deliver(Delivery("d", None, Post(note("x"))), Parts())
    with pytest.raises(Unfit) as unfit:
        await bot.occupants()
    assert (unfit.value.flaw, bot.health().connected) == (Flaw.ABSENT, True)
    olm = bot._session.client.olm
    assert olm is not None
    assert bot.room not in olm.outbound_group_sessions, "who leaves meanwhile has the key of before"
