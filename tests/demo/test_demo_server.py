"""The page's server: whom it lets in, what it sends, what it takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.demo.server import NoPortFree, PageNotBuilt, PageServer
from bot.demo.stage import Media
from tests.demo.painted import PNG, Painted


@pytest.fixture
def page(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<!doctype html><title>a page</title>")
    return tmp_path


@pytest.fixture
def stage() -> Painted:
    return Painted()


@pytest.fixture
async def server(page: Path, stage: Painted) -> AsyncIterator[PageServer]:
    server = PageServer(stage, page=page)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def browser(server: PageServer) -> AsyncIterator[aiohttp.ClientSession]:
    """A browser that shows this very page."""
    headers = {"Origin": server.url.rstrip("/")}
    async with aiohttp.ClientSession(server.url, headers=headers) as session:
        yield session


async def hear(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    while True:
        message: dict[str, Any] = await socket.receive_json(timeout=5)
        if message["type"] == kind:
            return message


async def test_the_page_comes_with_a_policy_that_runs_only_its_own_script(
    browser: aiohttp.ClientSession,
) -> None:
    async with browser.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "a page" in await answer.text()
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http:" not in policy
    assert "https:" not in policy


@pytest.mark.parametrize("path", ["/", "/socket", "/media/U1/F1"])
async def test_another_origin_is_refused(server: PageServer, path: str) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    async with aiohttp.ClientSession(server.url) as session, session.get(path, headers=headers) as answer:
        assert answer.status == 403
        assert "Content-Security-Policy" in answer.headers


async def test_a_name_that_only_resolves_to_this_machine_is_refused(server: PageServer) -> None:
    headers = {"Host": "rebound.example"}
    async with aiohttp.ClientSession(server.url) as session, session.get("/", headers=headers) as answer:
        assert answer.status == 403


async def test_a_picture_asked_for_by_another_page_is_refused(server: PageServer) -> None:
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with (
        aiohttp.ClientSession(server.url) as session,
        session.get("/media/U1/F1", headers=headers) as answer,
    ):
        assert answer.status == 403


async def test_an_upload_without_an_origin_is_refused(server: PageServer) -> None:
    async with (
        aiohttp.ClientSession(server.url) as session,
        session.post("/upload?name=a.png", data=b"x") as answer,
    ):
        assert answer.status == 403


async def test_a_socket_without_an_origin_is_refused(server: PageServer) -> None:
    async with aiohttp.ClientSession(server.url) as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect("/socket")


async def test_a_watched_person_is_shown_now_and_after_each_change(browser: aiohttp.ClientSession) -> None:
    async with browser.ws_connect("/socket") as socket:
        assert (await hear(socket, "about"))["about"]["product"] == "Curbside"
        await socket.send_json({"type": "watch", "pane": "slack", "person": "U1"})
        assert (await hear(socket, "view"))["view"]["lines"] == []
        await socket.send_json(
            {"type": "act", "id": 7, "person": "U2", "act": {"do": "say", "text": "hello"}}
        )
        shown = await hear(socket, "view")
        assert shown["pane"] == "slack"
        assert shown["view"]["lines"] == ["U2: hello"]


async def test_an_act_is_answered_under_its_own_number(browser: aiohttp.ClientSession) -> None:
    async with browser.ws_connect("/socket") as socket:
        await socket.send_json({"type": "act", "id": 41, "person": "U1", "act": {"do": "say", "text": "a"}})
        done = await hear(socket, "done")
    assert (done["id"], done["result"]["ok"]) == (41, True)


async def test_what_a_client_would_not_do_comes_back_as_its_sentence(
    browser: aiohttp.ClientSession, stage: Painted
) -> None:
    stage.refuse = "Slack says: not a member of this channel."
    async with browser.ws_connect("/socket") as socket:
        await socket.send_json({"type": "act", "id": 1, "person": "U1", "act": {"do": "say", "text": "a"}})
        result = (await hear(socket, "done"))["result"]
    assert result == {"ok": False, "error": "Slack says: not a member of this channel."}


async def test_a_file_goes_ahead_and_is_used_once(browser: aiohttp.ClientSession, stage: Painted) -> None:
    headers = {"Content-Type": "image/png"}
    async with browser.post("/upload?name=scan.png", data=PNG, headers=headers) as answer:
        word = (await answer.json())["upload"]
    act = {"type": "act", "person": "U1", "act": {"do": "say", "text": "look"}, "uploads": [word]}
    async with browser.ws_connect("/socket") as socket:
        await socket.send_json({**act, "id": 1})
        assert (await hear(socket, "done"))["result"]["ok"]
        await socket.send_json({**act, "id": 2})
        again = (await hear(socket, "done"))["result"]
    assert [(one.name, one.mime, one.content) for one in stage.uploads] == [("scan.png", "image/png", PNG)]
    assert not again["ok"]


async def test_only_pictures_are_shown_and_everything_else_is_a_download(
    browser: aiohttp.ClientSession, stage: Painted
) -> None:
    stage.pictures["F2"] = Media("image/svg+xml", b"<svg onload='x'/>")
    async with browser.get("/media/U1/F1") as picture:
        assert picture.content_type == "image/png"
    async with browser.get("/media/U1/F2") as drawing:
        assert drawing.content_type == "application/octet-stream"
        assert drawing.headers["Content-Disposition"] == "attachment"


async def test_a_picture_that_this_person_has_not_is_not_found(browser: aiohttp.ClientSession) -> None:
    async with browser.get("/media/U1/F9") as answer:
        assert answer.status == 404


async def test_closing_the_server_closes_open_pages(
    server: PageServer, browser: aiohttp.ClientSession
) -> None:
    async with browser.ws_connect("/socket") as socket:
        await hear(socket, "about")
        await server.stop()
        closing = await socket.receive(timeout=5)
    assert closing.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING}


async def test_a_missing_bundle_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(PageNotBuilt, match="make install"):
        await PageServer(Painted(), page=tmp_path).start()


async def test_a_taken_port_is_named(server: PageServer, page: Path) -> None:
    port = int(server.url.rstrip("/").rpartition(":")[2])
    with pytest.raises(NoPortFree, match=str(port)):
        await PageServer(Painted(), page=page, port=port).start()
