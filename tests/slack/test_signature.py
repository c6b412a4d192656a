"""T-14: nothing gets in that Slack did not sign, and nothing that is wrong makes the door fall over."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientSession, web
from multidict import CIMultiDict, CIMultiDictProxy

from bot.adapters.slack import Secret, SlackAdapter, handle_for
from bot.adapters.slack.http_mode import Signature

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
MUTATIONS = 2000


class Fixed:
    def __init__(self) -> None:
        self.seconds = 1_767_225_600

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        raise AssertionError("nothing waits here")


def signed(body: bytes, time: str = "1767225600", secret: str = SECRET) -> list[tuple[str, str]]:
    digest = hmac.new(secret.encode(), b"v0:" + time.encode() + b":" + body, hashlib.sha256).hexdigest()
    return [("X-Slack-Request-Timestamp", time), ("X-Slack-Signature", f"v0={digest}")]


def headers(*pairs: tuple[str, str]) -> CIMultiDictProxy[str]:
    return CIMultiDictProxy(CIMultiDict(pairs))


def test_slacks_own_request_is_let_in() -> None:
    body = b"token=x&team_id=T1&command=%2Fconsult"
    assert Signature(Secret(SECRET), Fixed()).covers(headers(*signed(body)), body)


@pytest.mark.parametrize(
    "time",
    [
        "1767225299",
        "1767225901",
        "",
        "nan",
        "1e9",
        "-1767225600",
        "1767225600.0",
        " 1767225600",
        "١٧٦٧٢٢٥٦٠٠",
        "9" * 400,
    ],
)
def test_t14_old_and_odd_times_are_refused(time: str) -> None:
    assert not Signature(Secret(SECRET), Fixed()).covers(headers(*signed(b"x", time)), b"x")


def test_t46_a_clock_that_jumps_back_lets_nothing_overheard_in_again() -> None:
    clock = Fixed()
    signature = Signature(Secret(SECRET), clock)
    overheard = headers(*signed(b"x"))
    assert signature.covers(overheard, b"x")
    clock.seconds += 3600
    assert not signature.covers(overheard, b"x")
    assert signature.covers(headers(*signed(b"y", str(clock.seconds))), b"y")
    clock.seconds -= 3600
    assert not signature.covers(overheard, b"x")


def test_t46_a_forged_time_keeps_nobody_out() -> None:
    signature = Signature(Secret(SECRET), Fixed())
    forged = headers(*signed(b"x", "1767225900", "another secret"))
    assert not signature.covers(forged, b"x")
    early = headers(*signed(b"x", "1767225300"))
    assert signature.covers(early, b"x")


def test_t14_doubled_missing_and_foreign_headers_are_refused() -> None:
    door, good = Signature(Secret(SECRET), Fixed()), signed(b"x")
    for wrong in (
        [],
        good[:1],
        good[1:],
        [*good, good[0]],
        [*good, good[1]],
        [good[0], ("X-Slack-Signature", "v0=é")],
    ):
        assert not door.covers(headers(*wrong), b"x")
    assert not Signature(Secret(""), Fixed()).covers(headers(*signed(b"x", secret="")), b"x")
    assert not door.covers(headers(*signed(b"x", secret="other")), b"x")


def test_t14_no_mutation_is_accepted() -> None:
    door, chance = Signature(Secret(SECRET), Fixed()), random.Random(14)  # noqa: S311  (a repeatable game)
    body = b'{"type":"event_callback","team_id":"T1","event":{"type":"message","text":"hiccups"}}'
    (_, time), (_, signature) = signed(body)
    assert door.covers(headers(*signed(body)), body)
    for _ in range(MUTATIONS):
        changed = [bytearray(body), bytearray(time.encode()), bytearray(signature.encode())]
        which = chance.randrange(3)
        _mutate(changed[which], chance)
        if bytes(changed[which]) == (body, time.encode(), signature.encode())[which]:
            continue
        pairs = zip(
            ("X-Slack-Request-Timestamp", "X-Slack-Signature"),
            (each.decode("latin-1") for each in changed[1:]),
            strict=True,
        )
        assert not door.covers(headers(*pairs), bytes(changed[0]))


def _mutate(text: bytearray, chance: random.Random) -> None:
    place = chance.randrange(len(text))
    match chance.randrange(4):
        case 0:
            text[place] ^= 1 << chance.randrange(8)
        case 1:
            text.insert(place, chance.randrange(256))
        case 2:
            del text[place]
        case _:
            del text[place:]


@pytest.fixture
async def address(over_http: Any) -> str:
    return str(over_http.workspace.app.deliver_to)


async def post(address: str, body: bytes, pairs: list[tuple[str, str]], kind: str) -> int:
    sent = CIMultiDict([*pairs, ("Content-Type", kind)])
    async with ClientSession() as session, session.post(address, data=BytesIO(body), headers=sent) as answer:
        return answer.status


async def test_t14_unsigned_checks_and_handshakes_are_401(over_http: Any, address: str) -> None:
    kind = "application/x-www-form-urlencoded"
    for body in (b"ssl_check=1&token=x", b"", b"payload=%7B", b"\xff\xfe", b"x" * 2_000_000):
        assert await post(address, body, [], kind) == 401
    assert over_http.inbox.events == []


async def test_t14_signed_nonsense_is_never_a_server_error(over_http: Any, address: str) -> None:
    secret, time = over_http.workspace.app.signing_secret, str(int(over_http.clock.now()))
    for body in (
        b"\xff\xfe",
        b"payload=%7B",
        b"[]",
        b"payload=[]",
        b"{",
        b"null",
        b"type=x",
        b"{}",
        b'{"team":"x"}',
    ):
        for kind in ("application/json", "application/x-www-form-urlencoded"):
            status = await post(address, body, signed(body, time, secret), kind)
            assert status < 500, (body, kind, status)
    assert over_http.inbox.events == []


async def test_the_handshake_is_answered(over_http: Any, address: str) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    pairs = signed(body, str(int(over_http.clock.now())), over_http.workspace.app.signing_secret)
    sent = CIMultiDict([*pairs, ("Content-Type", "application/json")])
    async with ClientSession() as session, session.post(address, data=body, headers=sent) as answer:
        assert (answer.status, json.loads(await answer.text())) == (200, {"challenge": "3eZbrw1a"})


async def test_several_workspaces_share_one_door(hospital: Any, slack: Any) -> None:
    other = slack.add_workspace("city")
    otto = other.add_person("otto")
    room = other.add_channel("consult", members=[otto], app_is_member=True)
    sites = [
        type(hospital.site)(
            workspace.team.name,
            Secret(workspace.app.bot_token),
            channel.id,
            mode="http",
            signing_secret=Secret(workspace.app.signing_secret),
            api_url=slack.api_url,
        )
        for workspace, channel in ((hospital.workspace, hospital.room), (other, room))
    ]
    adapters = [SlackAdapter(site, hospital.adapter._clock) for site in sites]
    inboxes = [type(hospital.inbox)() for _ in adapters]
    application = web.Application()
    application.router.add_post("/slack/events", handle_for(adapters))
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        for adapter, inbox in zip(adapters, inboxes, strict=True):
            await adapter.start(inbox)
        for workspace in (hospital.workspace, other):
            workspace.app.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        assert (await otto.slash("/consult", "city", channel=room)).ok
        assert (await hospital.eva.slash("/consult", "anna", channel=hospital.room)).ok
        other.app.signing_secret = hospital.workspace.app.signing_secret  # one app in both
        adapters[1].door._signature = adapters[0].door._signature
        assert (await otto.slash("/consult", "city again", channel=room)).ok
    finally:
        await asyncio.gather(*(adapter.stop() for adapter in adapters))
        await runner.cleanup()
    assert [[event.text for event in inbox.events] for inbox in inboxes] == [["anna"], ["city", "city again"]]


def test_the_form_of_a_request_is_what_slack_sends() -> None:
    body = urlencode({"payload": json.dumps({"type": "block_actions"})}).encode()
    assert Signature(Secret(SECRET), Fixed()).covers(headers(*signed(body)), body)
