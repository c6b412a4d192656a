"""T-13: files come from Slack's own hosts, whatever an address pretends to be."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.adapters.slack import Secret, SlackSite
from bot.adapters.slack.files import Files, PublicResolver, is_public
from bot.adapters.slack.wire import Wire
from bot.chat.events import FileRef, Kind
from bot.ports.adapter import FileUnavailable

REAL = SlackSite("real", Secret("xoxb-1"), "C0ROOM", app_token=Secret("xapp-1"))
LOCAL = dataclasses.replace(REAL, api_url="http://127.0.0.1:8123/api/")

FOREIGN = [
    *("http://files.slack.com/x", "https://files.slack.com:8443/x", "https://files.slack.com.evil.example/x"),
    *(
        "https://evil.example/files.slack.com",
        "https://files.slack.com@evil.example/x",
        "ftp://files.slack.com/x",
    ),
    *(
        "https://user:pw@files.slack.com/x",
        "https://xfiles.slack.com/x",
        "https://slack.com/x",
        "//files.slack.com/x",
    ),
    *(
        "https://a.files.slack.com/x",
        "https://files.slack.com./x",
        "https://files%2eslack.com/x",
        "file:///etc/passwd",
    ),
    *("https://127.0.0.1/x", "http://127.0.0.1:8123/x", "https://[::1]/x", "https://[::ffff:127.0.0.1]/x"),
    *(
        "https://169.254.169.254/latest/meta-data",
        "https://2130706433/x",
        "https://0x7f000001/x",
        "https://0/x",
    ),
    *(
        "https://localhost/x",
        "https://10.0.0.1/x",
        "gopher://files.slack.com/x",
        "https://files.slack.com\\@evil/x",
    ),
    *(
        "https://\uff46iles.slack.com.evil.example/",
        "https://files.slack.com%00.evil.example/",
        "",
        "x",
        "https:///x",
    ),
    *(
        "https://files.slack.com#@evil.example:444",
        "javascript:alert(1)",
        "data:,x",
        "https://files-slack.com/x",
    ),
    *("https://hooks.slack.com/x", "https://slack-files.com.evil.example", "https://evilslack-files.com/x"),
]


def url_of(text: str) -> URL | None:
    try:
        return URL(text)
    except ValueError:
        return None


@pytest.mark.parametrize("text", FOREIGN)
def test_t13_foreign_addresses_hold_no_files(text: str) -> None:
    url = url_of(text)
    assert url is None or not REAL.holds_file(url) or url.host == "files.slack.com"
    if url is not None and REAL.holds_file(url):
        assert (url.scheme, url.port, url.user) == ("https", 443, None)


@pytest.mark.parametrize(
    "text", ["http://127.0.0.1:9/x", "http://127.0.0.2:8123/x", "https://files.slack.com/x"]
)
def test_t13_a_local_slack_holds_its_own_files_only(text: str) -> None:
    assert not LOCAL.holds_file(URL(text))
    assert LOCAL.holds_file(URL("http://127.0.0.1:8123/files-pri/x"))


def test_slacks_own_file_hosts_are_known() -> None:
    assert REAL.holds_file(URL("https://files.slack.com/files-pri/T1-F1/x.png"))
    assert REAL.holds_file(URL("https://slack-files.com/x"))
    assert not REAL.local
    assert REAL.takes_answer(URL("https://hooks.slack.com/commands/1/2/3"))
    assert REAL.takes_socket(URL("wss://wss-primary.slack.com/link/?ticket=1"))
    assert not REAL.takes_socket(URL("ws://wss-primary.slack.com/link/?ticket=1"))
    assert not REAL.takes_socket(URL("wss://slack.com.evil.example/link"))


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.1", "169.254.169.254", "0.1.2.3", "100.64.0.1"),
        *(
            "::1",
            "fe80::1%eth0",
            "fc00::1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "224.0.0.1",
            "ff02::1",
            "nonsense",
        ),
    ],
)
def test_t13_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


class Rebinding(AbstractResolver):
    """A name server that answers with whatever it was told."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(self, host: str, port: int = 0, family: Any = 0) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


async def test_t13_a_name_that_points_inside_is_not_followed() -> None:
    resolver = PublicResolver(Rebinding("127.0.0.1", "93.184.216.34", "10.0.0.1"))
    assert [each["host"] for each in await resolver.resolve("files.slack.com", 443)] == ["93.184.216.34"]
    wire = Wire(REAL)
    files = Files(REAL, wire, Rebinding("127.0.0.1", "::1"))
    with pytest.raises(FileUnavailable):
        await files.fetch(FileRef({"id": "F0AAAA", "url": "https://files.slack.com/files-pri/T1-F1/x"}), 100)
    await wire.close()


class FileHost:
    """A file server on loopback that misbehaves as asked by the path."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.base = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        what = request.match_info["what"]
        if what == "endless":
            return await self._endless(request)
        moved = {"away": "http://127.0.0.2:9/x", "loop": "loop", "near": "good"}
        if what in moved:
            return web.Response(status=302, headers={"Location": moved[what]})
        answers = {
            "login": web.Response(text="<!DOCTYPE html><html>Sign in</html>", content_type="text/html"),
            "disguised": web.Response(body=b"\n <!doctype HTML><html>", content_type="image/png"),
            "gone": web.Response(status=404),
            "squeezed": web.Response(body=b"\x1f\x8b", headers={"Content-Encoding": "gzip"}),
            "good": web.Response(body=b"\x89PNG" + b"x" * 96, content_type="image/png"),
        }
        return answers[what]

    async def _endless(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        except (ConnectionError, OSError):
            return response


@pytest.fixture
async def host() -> Any:
    host = FileHost()
    application = web.Application()
    application.router.add_get("/{what}", host.answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield host
    await runner.cleanup()


async def fetch(host: Any, what: str, most: int = 100, size: int = 0) -> bytes:
    site = dataclasses.replace(REAL, api_url=f"{host.base}/api/")
    wire = Wire(site)
    try:
        return await Files(site, wire).fetch(
            FileRef({"id": "F0AAAA", "url": f"{host.base}/{what}"}, size), most
        )
    finally:
        await wire.close()


@pytest.mark.parametrize("what", ["good", "near"])
async def test_a_file_of_the_allowed_size_is_fetched(host: Any, what: str) -> None:
    assert len(await fetch(host, what)) == 100


@pytest.mark.parametrize("what", ["login", "disguised", "away", "loop", "gone", "squeezed"])
async def test_t13_what_is_no_file_is_named_so(host: Any, what: str) -> None:
    with pytest.raises(FileUnavailable) as caught:
        await fetch(host, what)
    assert "attach it again" in caught.value.sentence
    assert len(host.asked) <= 4


async def test_t12_nothing_larger_than_asked_for_is_read(host: Any) -> None:
    for what, size in (("endless", 0), ("good", 10**9)):
        with pytest.raises(FileUnavailable) as caught:
            await fetch(host, what, most=2 * 1024 * 1024 if what == "endless" else 99, size=size)
        assert "larger than" in caught.value.sentence
    with pytest.raises(FileUnavailable):
        await fetch(host, "good", most=99)


async def test_a_file_known_by_its_id_only_is_looked_up(connected: Any) -> None:
    await connected.eva.say_dm("", files=[("x.png", b"data")])
    (file,) = (await connected.event(Kind.TEXT)).files
    only_id = FileRef({"id": file.locator["id"]})
    assert await connected.adapter.fetch(only_id, 100) == b"data"
    for locator in ({"id": "F0NOTHERE"}, {"id": "../x"}, {}):
        with pytest.raises(FileUnavailable):
            await connected.adapter.fetch(FileRef(locator), 100)
