"""The web server: alive, ready part by part, numbers from fixed lists; nothing sent to it comes back."""

from collections.abc import Mapping
from io import BytesIO, StringIO

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import logs
from bot.http import CannotListen, Surface, application, serving
from bot.logs import Scrubber
from bot.metrics import Metrics, UndeclaredLabel
from bot.ports.adapter import Health

WHOLE = {"database": Health(True), "keys": Health(True), "city": Health(True)}


def surface(parts: Mapping[str, Health] = WHOLE, **more: object) -> Surface:
    return Surface(health=lambda: parts, metrics=Metrics(["city"], strict=True), **more)  # type: ignore[arg-type]


async def asked(shown: Surface, method: str, path: str, **more: object) -> tuple[int, str, Mapping[str, str]]:
    async with TestClient(TestServer(application(shown))) as client:
        answer = await client.request(method, path, **more)  # type: ignore[arg-type]
        return answer.status, await answer.text(), answer.headers


async def test_live_says_that_the_process_is_up() -> None:
    status, text, headers = await asked(surface(), "GET", "/live")

    assert (status, text) == (200, '{"live": true}')
    assert headers["Server"] == "curbside"
    assert headers["Cache-Control"] == "no-store"


async def test_ready_when_every_part_is() -> None:
    status, text, _ = await asked(surface(), "GET", "/ready")

    assert status == 200
    assert '"ready": true' in text
    assert '"city": {"ok": true}' in text


@pytest.mark.parametrize("away", ["database", "keys", "city"])
async def test_not_ready_while_one_part_is_away(away: str) -> None:
    parts = {**WHOLE, away: Health(False, "It does not answer.")}

    status, text, _ = await asked(surface(parts), "GET", "/ready")

    assert status == 503
    assert f'"{away}": {{"ok": false, "problem": "It does not answer."}}' in text


async def test_not_ready_before_there_are_parts() -> None:
    assert (await asked(surface({}), "GET", "/ready"))[0] == 503


async def test_t24_ready_shows_no_secret() -> None:
    parts = {"city": Health(False, "login with canary-password failed")}

    _, text, _ = await asked(surface(parts, scrub=Scrubber(["canary-password"])), "GET", "/ready")

    assert "login with [secret] failed" in text


async def test_metrics_show_connections_and_the_outbox_as_they_are_now() -> None:
    async def refresh() -> None:
        shown.metrics.set("curbside_outbox_rows", 3, state="waiting")

    shown = surface({**WHOLE, "city": Health(False)}, refresh=refresh)
    shown.metrics.count("curbside_log_lines", level="error")

    status, text, headers = await asked(shown, "GET", "/metrics")

    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    assert 'curbside_connected{site="city"} 0.0' in text
    assert 'curbside_outbox_rows{state="waiting"} 3.0' in text
    assert 'curbside_part{part="database"} 1.0' in text
    assert 'curbside_log_lines_total{level="error"} 1.0' in text
    assert "curbside_ready 0.0" in text


async def test_a_paused_room_is_no_reason_not_to_be_ready() -> None:
    status, text, _ = await asked(surface({**WHOLE, "city": Health(True, "It is paused.")}), "GET", "/ready")
    assert status == 200
    assert "It is paused." in text


async def test_metrics_can_be_read_while_the_database_is_away() -> None:
    async def refresh() -> None:
        raise ConnectionError("Jane Canary")

    status, text, _ = await asked(surface(refresh=refresh), "GET", "/metrics")

    assert status == 200
    assert "curbside_ready 1.0" in text


def test_t23_a_label_outside_its_list_is_refused_in_tests_and_other_in_production() -> None:
    with pytest.raises(UndeclaredLabel):
        Metrics(strict=True).count("curbside_log_lines", level="Jane Canary")

    metrics = Metrics(["city"])
    metrics.count("curbside_log_lines", level="Jane Canary")
    metrics.set("curbside_connected", 1, site="Jane Canary")
    page = metrics.page().decode()

    assert "Canary" not in page
    assert 'level="other"' in page


async def test_slack_events_are_mounted_where_there_is_a_handler() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    status, text, _ = await asked(surface(slack_events=handler), "POST", "/slack/events", data=b"12345")

    assert (status, text) == (200, "5")
    assert (await asked(surface(), "POST", "/slack/events", data=b"12345"))[0] == 404


async def test_a_body_beyond_the_limit_is_refused() -> None:
    async def handler(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    shown = surface(slack_events=handler)

    assert (await asked(shown, "POST", "/slack/events", data=BytesIO(b"x" * (1024 * 1024 + 1))))[0] == 413


async def test_t23_a_bug_in_a_handler_repeats_nothing() -> None:
    async def handler(request: web.Request) -> web.Response:
        raise ValueError(f"cannot read {await request.text()}")

    log = StringIO()
    undo = logs.configure("debug", "json", stream=log)
    status, text, _ = await asked(surface(slack_events=handler), "POST", "/slack/events", data="Jane Canary")
    undo()

    assert (status, text) == (500, '{"error": "internal"}')
    assert '"event": "request_failed"' in log.getvalue()
    assert "Canary" not in log.getvalue()


async def test_serving_gives_the_port_and_refuses_a_taken_one() -> None:
    async with serving(application(surface()), "127.0.0.1", 0) as port:
        with pytest.raises(CannotListen) as caught:
            async with serving(application(surface()), "127.0.0.1", port):
                pass

    assert f"127.0.0.1:{port}" in caught.value.sentence


async def test_serving_refuses_a_host_that_is_none() -> None:
    with pytest.raises(CannotListen):
        async with serving(application(surface()), "no-such-host.invalid", 0):
            pass
