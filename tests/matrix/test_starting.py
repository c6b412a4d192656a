"""A start when the homeserver does not answer, or refuses the bot: parked if it worked once."""

from __future__ import annotations

import pytest

from bot.adapters.matrix.site import account_of
from bot.chat.cards import note
from bot.domain.pauses import Flaw
from bot.ports.adapter import ConfigurationRefused, Delivery, Health, Later, Post, Unfit
from tests.matrix.fakes import Parts
from tests.matrix.homeserver import CONSULT_STATE, ROOM, USER, dropped, failing
from tests.matrix.pretending import Rig

FORBIDDEN = {"errcode": "M_FORBIDDEN", "error": "no"}
OPENED = [
    {**event, "content": {"join_rule": "public"}} if event["type"] == "m.room.join_rules" else event
    for event in CONSULT_STATE
]
"""The state of a consult room that anybody may enter."""


async def test_a_homeserver_that_is_down_at_the_start_is_tried_again(rig: Rig) -> None:
    rig.server.fail("login", dropped, failing(502), failing(503))
    bot = await rig.bot()
    assert not bot.health().connected
    with pytest.raises(Later):
        await bot.deliver(rig.say(1), Parts())
    await rig.until(lambda: bot.health().connected)
    await bot.deliver(rig.say(1), Parts())


async def test_a_wrong_password_is_a_configuration_error(rig: Rig) -> None:
    rig.server.fail("login", failing(403, FORBIDDEN))
    with pytest.raises(ConfigurationRefused) as refused:
        await rig.bot()
    assert refused.value.key == "password"


async def test_a_room_that_is_found_unfit_after_a_homeserver_was_away_is_waited_for(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Health] = []

    def look() -> None:
        seen.append(rig.bots[0].health())
        if len(seen) == 3:
            monkeypatch.undo()

    monkeypatch.setattr("tests.matrix.homeserver.CONSULT_STATE", OPENED)
    rig.server.fail("login", failing(502))
    rig.clock.look = look
    bot = await rig.bot()
    await rig.until(lambda: bot.health().connected)
    away, unfit, still = (health.problem for health in seen[:3])
    assert away == "The homeserver does not answer."
    assert "invite" in unfit
    assert still == unfit
    assert all(40 < seconds <= 60 for seconds in rig.clock.slept[1:3])


@pytest.mark.parametrize(
    ("step", "answer", "problem"),
    [
        ("login", FORBIDDEN, "The homeserver does not accept the bot's user and password."),
        ("keys", FORBIDDEN, "The homeserver refuses the bot (403 M_FORBIDDEN)."),
    ],
)
async def test_a_proven_homeserver_that_takes_the_bot_no_more_is_tried_now_and_then(
    rig: Rig, step: str, answer: dict[str, str], problem: str
) -> None:
    seen: list[Health] = []
    rig.server.fail(step, *[failing(403, answer)] * 3)
    rig.clock.look = lambda: seen.append(rig.bots[0].health())
    bot = await rig.bot(proven=True)
    with pytest.raises(Later):
        await bot.occupants()
    await rig.until(lambda: bot.health().connected)
    assert seen[:3] == [Health(False, problem, refused=True)] * 3
    assert all(40 < seconds <= 60 for seconds in rig.clock.slept[:3])
    assert not bot.health().refused
    await bot.deliver(rig.say(1), Parts())


async def test_nothing_goes_into_a_proven_room_that_is_open_at_the_start_until_it_is_closed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.matrix.homeserver.CONSULT_STATE", OPENED)
    bot = await rig.bot(proven=True)
    assert bot.health().connected
    said = Delivery("r1", None, Post(note("Hello.")))
    with pytest.raises(Unfit) as unfit:
        await bot.occupants()
    with pytest.raises(Later):
        await bot.deliver(said, Parts())
    await bot.deliver(rig.say(1), Parts())

    assert unfit.value.flaw is Flaw.OPEN
    bot._session.client.rooms[ROOM].join_rule = "invite"
    assert account_of(USER) in await bot.occupants()
    await bot.deliver(said, Parts())


async def test_a_mistake_in_the_file_is_refused_of_a_proven_homeserver_too(rig: Rig) -> None:
    await (await rig.bot()).stop()
    name = "matrix/pretend/login/DEVICE"
    rig.cabinet.values[name] = rig.cabinet.values[name].replace(b'"pickle_key": "', b'"pickle_key": "00')
    with pytest.raises(ConfigurationRefused, match="does not open"):
        await rig.bot(proven=True)
