"""`curbside doctor`: one line a check, with what to do; 1 as soon as one of them fails."""

import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.anonymizer import Anonymizer
from bot.anonymizer.pictures import PicturePool
from bot.cli.checks import cleaning, machine, parts
from bot.cli.checks.clock import clock
from bot.config import MatrixSite, Settings, SlackSite
from bot.domain.pauses import Cause, Pause
from bot.ports.adapter import Check, ConfigurationRefused
from tests.cli.stage import PretendBot, PretendSite, Terminal

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def settings(folder: Path, **more: object) -> Settings:
    site = MatrixSite(name="city", homeserver="https://m.example", user="@c:m.example", password="x")
    told: dict[str, Any] = {
        "data_dir": folder / "var",
        "key_file": folder / "keys" / "master.key",
        "matrix": (site,),
        **more,
    }
    return Settings(**told)


def put_key(folder: Path, key: bytes = bytes(range(32)), mode: int = 0o600) -> None:
    (folder / "keys").mkdir(exist_ok=True)
    (folder / "keys" / "master.key").write_bytes(key)
    (folder / "keys" / "master.key").chmod(mode)


@pytest.fixture
def healthy(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal at which the slow checks of pictures are left to their own test."""

    async def cleaned() -> AsyncIterator[Check]:
        yield Check("text de-identification", "ok")

    monkeypatch.setattr("bot.cli.doctor.cleaning", cleaned)
    put_key(terminal.folder)
    return terminal


def test_all_is_well(healthy: Terminal) -> None:
    healthy.bot.adapters = (PretendSite("city", (Check("login", "ok"), Check("city room", "warn", "look"))),)

    ended = healthy.type("doctor")

    assert ended.code == 0
    assert ended.err == ""
    lines = ended.out.splitlines()
    assert lines[0] == "ok   configuration"
    assert {"ok   key file", "ok   databases", "ok   city login", "warn city room: look"} <= set(lines)
    assert healthy.bot.story == ["open", "stop"]


def test_a_paused_room_is_a_warning(healthy: Terminal) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    healthy.bot.backlog.pauses = [Pause("city", Cause.MODERATOR, since)]

    assert "warn city pause: nothing leaves for this room" in healthy.type("doctor").out


def test_json_holds_the_same(healthy: Terminal) -> None:
    healthy.bot.adapters = (PretendSite("city", (Check("login", "fail", "log in"),)),)

    ended = healthy.type("doctor", "--json")

    told = json.loads(ended.out)
    assert ended.code == 1
    assert told["ok"] is False
    assert {"name": "city login", "state": "fail", "remedy": "log in"} in told["checks"]


def test_a_configuration_that_cannot_be_read_is_told_key_by_key(terminal: Terminal) -> None:
    terminal.write("[relay]\nundo_second = 1\n[[matrix]]\nname = 'city'\n")

    ended = terminal.type("doctor")

    assert ended.code == 1
    assert "fail [relay]: has no key undo_second; did you mean undo_seconds?" in ended.out
    assert "fail [[matrix]] city homeserver: is missing" in ended.out


def test_no_configuration_at_all_points_to_init(terminal: Terminal) -> None:
    terminal.config.unlink()

    ended = terminal.type("doctor")

    assert ended.code == 1
    assert ended.out == "fail curbside.toml: does not exist; `curbside init` writes one\n"


def test_a_site_that_breaks_does_not_hide_the_others_or_say_its_words(healthy: Terminal) -> None:
    healthy.bot.adapters = (
        PretendSite("lake", breaks=RuntimeError("Jane Canary")),
        PretendSite("hill", breaks=ConfigurationRefused("slack.hill", "the token canary-password is gone")),
        PretendSite("city", (Check("login", "ok"),)),
    )

    ended = healthy.type("doctor")

    assert ended.code == 1
    assert "fail lake: could not be tried: RuntimeError at tests/cli/stage.py:" in ended.out
    assert "fail hill: slack.hill: the token [secret] is gone" in ended.out
    assert "ok   city login" in ended.out
    assert "anary" not in ended.out + ended.err


def test_a_database_that_does_not_open_is_a_failed_check(healthy: Terminal) -> None:
    healthy.bot.refuses_to_open = ConfigurationRefused("data_dir", "The folder cannot be made.")

    ended = healthy.type("doctor")

    assert ended.code == 1
    assert "fail databases and sites: data_dir: The folder cannot be made." in ended.out


def test_without_the_key_file_the_sites_are_not_blamed(healthy: Terminal) -> None:
    (healthy.folder / "keys" / "master.key").unlink()
    healthy.bot.refuses_to_open = ConfigurationRefused("key_file", "There is no key file.")

    failed = [line for line in healthy.type("doctor").out.splitlines() if line.startswith("fail")]

    assert failed[0].startswith("fail key file: ")
    assert failed[1:] == ["fail databases and sites: could not be tried without the key file"]


async def test_a_site_that_hangs_is_a_failed_check(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(parts, "SITE_SECONDS", 0)
    bot = PretendBot(adapters=(PretendSite("city", hangs=True),))

    found = [check async for check in parts.parts(settings(tmp_path), bot.open)]

    assert found[-1].state == "fail"
    assert "no answer" in found[-1].remedy
    assert bot.story[-1] == "stop"


# --- this machine ---


@pytest.mark.parametrize(
    ("key", "mode", "said"),
    [
        (bytes(range(32)), 0o600, ""),
        (bytes(range(32)), 0o644, "chmod 600"),
        (bytes(range(31)), 0o600, "exactly 32 bytes"),
        (bytes(32), 0o600, "repeats one byte"),
    ],
)
def test_the_key_file(tmp_path: Path, key: bytes, mode: int, said: str) -> None:
    put_key(tmp_path, key, mode)

    [check] = machine.key_file(settings(tmp_path))

    assert check.state == ("fail" if said else "ok")
    assert said in check.remedy


def test_a_key_that_is_not_there_points_to_init(tmp_path: Path) -> None:
    [check] = machine.key_file(settings(tmp_path))

    assert check.state == "fail"
    assert "curbside init" in check.remedy


def test_a_key_inside_the_data_folder_fails_even_through_a_link(tmp_path: Path) -> None:
    put_key(tmp_path)
    (tmp_path / "var").mkdir()
    shutil.move(tmp_path / "keys", tmp_path / "var" / "keys")
    (tmp_path / "keys").symlink_to(tmp_path / "var" / "keys")

    [check] = machine.key_file(settings(tmp_path))

    assert check.state == "fail"
    assert "inside data_dir" in check.remedy


def test_the_data_folder(tmp_path: Path) -> None:
    told = settings(tmp_path)
    [absent] = machine.data_folder(told)
    told.data_dir.mkdir(mode=0o755)
    told.data_dir.chmod(0o755)
    [open_to_all] = machine.data_folder(told)
    told.data_dir.chmod(0o700)
    [private] = machine.data_folder(told)

    assert (absent.state, open_to_all.state, private.state) == ("ok", "warn", "ok")
    assert "chmod 700" in open_to_all.remedy


def test_a_data_folder_that_is_a_file_fails(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")

    [check] = machine.data_folder(settings(tmp_path))

    assert check.state == "fail"


@pytest.mark.parametrize(
    ("free", "state"), [(50 * 1024**2, "fail"), (500 * 1024**2, "warn"), (5 * 1024**3, "ok")]
)
def test_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=free))

    [check] = machine.disk(settings(tmp_path))

    assert check.state == state


def test_choices_that_give_something_away_are_pointed_at(tmp_path: Path) -> None:
    assert list(machine.choices(settings(tmp_path))) == []

    open_room = MatrixSite(
        name="city",
        homeserver="https://m.example",
        user="@c:m.example",
        password="x",
        encryption=False,
    )
    risky = settings(
        tmp_path,
        privacy={"min_cell": 2},
        relay={"delay_seconds": (0, 0)},
        http={"host": "192.0.2.7"},
        matrix=(open_room,),
    )

    assert [check.state for check in machine.choices(risky)] == ["warn"] * 4


def test_sections_for_later_are_named_when_they_are_filled(tmp_path: Path) -> None:
    assert list(machine.later(settings(tmp_path, smtp={}))) == []

    assert list(machine.later(settings(tmp_path, retention={"drafts": 3, "pictures": 9}))) == []

    found = list(machine.later(settings(tmp_path, retention={"drafts": 3, "audit": 9})))

    assert [(check.name, check.state) for check in found] == [("[retention] audit", "warn")]


def test_an_account_that_is_not_the_owners_is_warned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_key(tmp_path)
    monkeypatch.setattr("os.geteuid", lambda: os.getuid() + 1)

    [check] = machine.key_file(settings(tmp_path))

    assert check.state == "warn"


# --- the clock ---


@pytest.mark.parametrize(
    ("seconds", "state", "said"),
    [(0, "ok", ""), (30, "warn", "30 s ahead of"), (-600, "fail", "600 s behind"), (-3, "ok", "")],
)
async def test_the_clock_is_compared_with_the_sites(
    tmp_path: Path, seconds: int, state: str, said: str
) -> None:
    async with site_at(lambda: NOW) as address:
        found = [
            check
            async for check in clock(two_sites(tmp_path, address), lambda: NOW + timedelta(seconds=seconds))
        ]

    assert [check.state for check in found] == [state]
    assert said in found[0].remedy


async def test_sites_that_are_away_leave_the_clock_unknown(tmp_path: Path) -> None:
    async with site_at(lambda: NOW) as address:
        pass

    found = [check async for check in clock(two_sites(tmp_path, address), lambda: NOW)]

    assert [check.state for check in found] == ["warn"]


def two_sites(folder: Path, address: str) -> Settings:
    matrix = MatrixSite(name="city", homeserver=address, user="@c:m.example", password="x")
    slack = SlackSite(name="anna", bot_token="x", app_token="x", channel="C1X", api_url=f"{address}/api/")
    return settings(folder, matrix=(matrix,), slack=(slack,))


class site_at:  # noqa: N801  (read as a function)
    """A server on loopback that tells the time it is given."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        async def answer(_: web.Request) -> web.Response:
            return web.json_response({}, headers={"Date": format_datetime(now(), usegmt=True)})

        app = web.Application()
        app.router.add_get("/{path:.*}", answer)
        self._server = TestServer(app)

    async def __aenter__(self) -> str:
        await self._server.start_server()
        return str(self._server.make_url("")).rstrip("/")

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()


# --- de-identification ---


async def test_the_real_anonymizer_passes_its_check() -> None:
    found = {check.name: check async for check in cleaning.cleaning()}

    assert found["text de-identification"].state == "ok"
    assert found["picture cleaning"].state in {"ok", "warn"}


async def test_an_anonymizer_that_lets_things_through_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sieve(Anonymizer):
        def __init__(self, *, pictures: PicturePool) -> None:
            super().__init__(checks=(), pictures=pictures)

    monkeypatch.setattr(cleaning, "Anonymizer", Sieve)

    found = [check async for check in cleaning.cleaning()]

    assert found[0].state == "fail"
    assert "5 of 5 made-up identifiers stayed in" in found[0].remedy
