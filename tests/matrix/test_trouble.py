"""Trouble with the homeserver: nothing lost or doubled, no spinning, and a plain word for the operator."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from dataclasses import replace

import pytest
from aiohttp import web

from bot.chat.cards import note
from bot.ports.adapter import (
    ConfigurationRefused,
    Delete,
    Delivery,
    Health,
    Later,
    Part,
    Post,
    Undeliverable,
)
from tests.matrix.fakes import Parts
from tests.matrix.homeserver import (
    HOME,
    USER,
    Answer,
    dropped,
    failing,
    member,
    text,
)
from tests.matrix.pretending import Rig

LIMITED = {"errcode": "M_LIMIT_EXCEEDED", "error": "slow down", "retry_after_ms": 2500}
SOFT = {"errcode": "M_UNKNOWN_TOKEN", "error": "expired", "soft_logout": True}
ENDED = {"errcode": "M_UNKNOWN_TOKEN", "error": "gone", "soft_logout": False}


async def test_a_homeserver_answering_502_is_asked_less_and_less_and_nothing_is_lost(rig: Rig) -> None:
    bot = await rig.bot()
    rig.server.fail("sync", *[failing(502)] * 27)
    rig.server.tell(text(1))
    await rig.intake.hear("words 1")
    assert rig.clock.slept == [0.75, 1.5, 3.0, *[3.75] * 22, 45.0, 45.0]
    assert bot.health().connected


async def test_the_health_says_what_is_wrong_while_it_is(rig: Rig) -> None:
    bot = await rig.bot()
    seen: list[str] = []
    rig.clock.look = lambda: seen.append(bot.health().problem)
    rig.server.fail("sync", failing(502), dropped, dropped)
    rig.server.tell(text(1))
    await rig.intake.hear("words 1")
    assert seen == ["The homeserver does not sync: 502.", "The homeserver does not sync: no answer."]
    assert bot.health().problem == ""


async def test_the_health_tells_the_age_of_the_last_sync(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    bot = await rig.bot()
    heard = rig.clock.monotonic()
    await rig.until(lambda: bot.health().heard_seconds is not None)
    monkeypatch.setattr(rig.clock, "monotonic", lambda: heard + 1000.0)

    age = bot.health().heard_seconds
    assert age is not None
    assert 900 < age <= 1000


async def test_a_rate_limit_on_sync_is_waited_for_as_told(rig: Rig) -> None:
    await rig.bot()
    rig.server.fail("sync", failing(429, LIMITED))
    rig.server.tell(text(1))
    await rig.intake.hear("words 1")
    assert rig.clock.slept == [2.5]


async def test_whole_state_is_asked_for_until_it_came_once(rig: Rig) -> None:
    rig.server.fail("sync", failing(502), failing(502))
    await rig.bot()
    rig.server.tell(text(1))
    rig.server.tell(text(2))
    await rig.until(lambda: rig.server.count("/sync") >= 5)
    asked = [query.get("full_state") for query in rig.server.queries("/sync")]
    assert asked[:5] == ["true", "true", "true", "false", "false"]


async def test_a_soft_logout_logs_in_again_as_the_same_device(rig: Rig) -> None:
    bot = await rig.bot()
    rig.server.fail("sync", failing(401, SOFT))
    rig.server.tell(text(1))
    await rig.intake.hear("words 1")
    assert [body.get("device_id") for body in rig.server.bodies("/login")] == [None, "DEVICE"]
    assert bot._session.wire.token == "token-2"
    assert b"token-2" in rig.cabinet.values["matrix/pretend/login/DEVICE"]


async def test_a_login_that_ended_for_good_says_so_and_is_tried_now_and_then(rig: Rig) -> None:
    bot = await rig.bot()
    seen: list[Health] = []
    rig.clock.look = lambda: seen.append(bot.health())
    rig.server.fail("sync", failing(401, ENDED), failing(401, ENDED))
    rig.server.tell(text(1))
    await rig.intake.hear("words 1")
    await rig.until(lambda: bot.health().connected)
    assert [(health.connected, health.refused) for health in seen] == [(False, True)] * 2
    assert "ended the bot's login" in seen[0].problem
    assert not bot.health().refused


async def test_who_has_a_token_alone_is_told_to_write_another_one(rig: Rig) -> None:
    rig.site = replace(rig.site, password="", access_token="token", device_id="DEVICE")
    bot = await rig.bot()
    rig.server.fail("sync", *[failing(401, ENDED)] * 100)
    rig.server.tell()
    await rig.until(lambda: bot.health().refused)
    assert "write another access token, then restart" in bot.health().problem
    rig.server.fail("whoami", failing(401, ENDED))
    await bot.stop()
    with pytest.raises(ConfigurationRefused, match="write another one, or the password"):
        await rig.bot()


async def test_a_login_that_ended_for_good_is_made_anew_at_the_next_start(rig: Rig) -> None:
    await (await rig.bot()).stop()
    rig.server.fail("whoami", failing(401, ENDED))
    rig.server._device_keys = {}
    bot = await rig.bot()
    assert bot.health().connected
    assert rig.server.count("/login") == 2


async def test_gaps_are_filled_page_by_page_in_order_before_the_token_moves(rig: Rig) -> None:
    await rig.bot()
    rig.server.pages = {
        "p9": {"start": "p9", "end": "p5", "chunk": [text(8), text(7), text(6)]},
        "p5": {"start": "p5", "end": "p3", "chunk": [text(5), text(4)]},
        "p3": {"start": "p3", "chunk": []},
    }
    rig.server.fail("messages", failing(502))
    rig.server.tell(text(9), text(10), limited=True, prev_batch="p9")
    rig.server.tell(text(9), text(10), limited=True, prev_batch="p9")
    await rig.intake.hear("words 10")
    assert [event.text for event in rig.intake.events] == [f"words {number}" for number in range(4, 11)]
    assert {query["to"] for query in rig.server.queries("/messages")} == {"t1"}
    together = [token for ids, token in rig.intake.commits if "$e4" in ids and "$e10" in ids]
    assert together == ["t3"]


async def test_a_gap_ends_where_the_bot_came_in(rig: Rig) -> None:
    await rig.bot()
    rig.server.pages = {
        "p9": {
            "start": "p9",
            "end": "p5",
            "chunk": [text(8), member(USER), text(7), member(USER, "invite"), text(6)],
        }
    }
    rig.server.tell(text(9), limited=True, prev_batch="p9")
    await rig.intake.hear("words 9")
    assert [event.text for event in rig.intake.events] == ["words 7", "words 8", "words 9"]


async def test_a_database_that_fails_loses_nothing_and_the_token_waits(rig: Rig) -> None:
    await rig.bot()
    rig.intake.fail_next = 3
    rig.server.tell(text(1))
    await rig.intake.hear("words 1")
    assert rig.clock.slept == [0.75, 1.5, 3.0]
    assert rig.server.queries("/sync")[-1].get("since") in ("t1", "t2")
    assert rig.intake.tokens == {"matrix/pretend/stream": "t2"}


async def test_events_before_the_first_token_are_not_answered(rig: Rig) -> None:
    rig.server._rooms = lambda: {HOME: {"timeline": {"events": [text(1)]}}}  # type: ignore[method-assign]
    await rig.bot()
    rig.server.tell(text(2))
    await rig.intake.hear("words 2")
    assert len(rig.intake.events) == 1


@pytest.mark.parametrize(
    ("answer", "seconds", "unsure", "scope"),
    [
        (failing(429, LIMITED), 2.5, False, "site"),
        (failing(429, {}, {"Retry-After": "7"}), 7.0, False, "site"),
        (failing(429), None, False, "site"),
        (failing(502), None, True, "destination"),
        (dropped, None, True, "destination"),
        (failing(401, SOFT), None, False, "site"),
    ],
)
async def test_a_passing_trouble_of_a_send_asks_for_another_try(
    rig: Rig, answer: Answer, seconds: float | None, unsure: bool, scope: str
) -> None:
    bot = await rig.bot()
    # aiohttp tries a PUT once more on a dropped connection; the transaction id makes that harmless.
    rig.server.fail("send", *[answer] * (2 if answer is dropped else 1))
    parts = Parts()
    with pytest.raises(Later) as later:
        await bot.deliver(rig.say(1), parts)
    assert (later.value.seconds, later.value.unsure, later.value.scope) == (seconds, unsure, scope)
    assert parts.all == []
    await bot.deliver(rig.say(1), parts)
    assert list(rig.server.sent) == ["d1.0"]


@pytest.mark.parametrize(
    ("status", "code"), [(403, "forbidden"), (404, "not_found"), (413, "too_large"), (400, "bad_request")]
)
async def test_a_lasting_trouble_of_a_send_is_undeliverable(rig: Rig, status: int, code: str) -> None:
    bot = await rig.bot()
    rig.server.fail("send", failing(status, {"errcode": "M_X", "error": "no"}))
    with pytest.raises(Undeliverable) as refused:
        await bot.deliver(rig.say(1), Parts())
    assert refused.value.code == code


def _erasing(*events: str) -> Delivery:
    return Delivery("d1", None, Delete(tuple(Part("message", f"{HOME} {event}") for event in events)))


def _redactions(rig: Rig) -> list[str]:
    return [path.rpartition("/redact/")[2] for path, _, _ in rig.server.asked if "/redact/" in path]


async def test_a_deletion_that_broke_off_goes_on_under_the_same_transactions(rig: Rig) -> None:
    bot = await rig.bot()
    rig.server.fail("redact", failing(200, {}), failing(429, LIMITED))
    with pytest.raises(Later) as later:
        await bot.deliver(_erasing("$one", "$two", "$three"), Parts())
    assert (later.value.seconds, later.value.unsure, later.value.scope) == (2.5, False, "site")
    assert _redactions(rig) == ["$one/d1.$one", "$two/d1.$two"]
    await bot.deliver(_erasing("$one", "$two", "$three"), Parts())
    assert _redactions(rig)[2:] == ["$one/d1.$one", "$two/d1.$two", "$three/d1.$three"]


@pytest.mark.parametrize(
    ("looked_up", "raised"),
    [
        (failing(200, {"unsigned": {"redacted_because": {}}}), None),
        (failing(200, {"unsigned": None}), Undeliverable),
        (failing(404, {"errcode": "M_NOT_FOUND"}), Undeliverable),
        (failing(502), Later),
    ],
)
async def test_a_forbidden_deletion_is_no_refusal_if_the_words_are_gone(
    rig: Rig, looked_up: Answer, raised: type[Exception] | None
) -> None:
    bot = await rig.bot()
    rig.server.fail("redact", failing(403, {"errcode": "M_FORBIDDEN", "error": "no"}))
    rig.server.fail("event", looked_up)
    with pytest.raises(raised) if raised else nullcontext():
        await bot.deliver(_erasing("$one", "$two"), Parts())
    assert ("$two/d1.$two" in _redactions(rig)) == (raised is not Later)


async def test_a_delivery_that_waits_when_the_bot_leaves_is_left_to_the_next_one(rig: Rig) -> None:
    bot = await rig.bot()
    await bot._sender._locks[HOME].acquire()
    waiting = asyncio.create_task(bot.deliver(rig.say(1), Parts()))
    await asyncio.sleep(0)
    leaving = asyncio.create_task(bot.stop())
    await asyncio.sleep(0)
    bot._sender._locks[HOME].release()
    with pytest.raises(Later) as later:
        await waiting
    await leaving
    assert (later.value.unsure, rig.server.sent) == (False, {})
    again = await rig.bot()
    await again.deliver(rig.say(1), Parts())
    assert list(rig.server.sent) == ["d1.0"]


async def test_one_room_at_a_time_and_the_others_go_on(rig: Rig) -> None:
    bot = await rig.bot()
    held = asyncio.Event()

    async def hold(request: web.Request) -> web.StreamResponse:
        await held.wait()
        return await failing(502)(request)

    rig.server.fail("send", hold)
    slow = asyncio.create_task(bot.deliver(rig.say(1), Parts()))
    await rig.until(lambda: any("/send/" in path for path, _, _ in rig.server.asked))
    behind = asyncio.create_task(bot.deliver(rig.say(2), Parts()))
    await bot.deliver(Delivery("d3", None, Post(note("Elsewhere."))), Parts())
    assert not behind.done()
    held.set()
    with pytest.raises(Later):
        await slow
    await behind
