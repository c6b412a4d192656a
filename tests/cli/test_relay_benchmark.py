"""The measurement of the relay: figures that can be worked out by hand, and a part that fails."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession
from PIL import Image
from sqlalchemy import func, select

from benchmarks import relay
from benchmarks.peers.environments import Missing
from benchmarks.relaying import bots, goals, photo, runs
from benchmarks.relaying.bots import World
from benchmarks.relaying.grown import OPINIONS_EACH, grow
from benchmarks.relaying.house import opened
from benchmarks.relaying.sitting import Sitting, Sizes
from storage.content.tables import cases, opinion_versions, opinions

TINY = Sizes(flood=300, rounds=1, acks=5, seconds=0.5, rate=10.0, settle=0.0)
ENDS = (sys.executable, "-c", "raise SystemExit(3)")


class Idle(bots.Running):
    """A bot that computes nothing."""

    def __init__(self) -> None:
        self.began = 0.0

    @property
    def cpu_seconds(self) -> float:
        return 0.0


async def prompt(world: World, late: float = 0.0) -> runs.Say:
    """Say messages that stand in the room, and are acknowledged, when they are said; the first ones late."""
    site = world.matrix.site(1)

    async def say(number: int) -> str:
        envelope = f"e{number}"
        world.slack.sent[envelope] = 10.0
        world.slack.acked[envelope] = 10.0 + (late if number <= runs.AT_ONCE else 0.0)
        site.arrived[number] = 10.0
        site.order.append(number)
        return envelope

    return say


async def test_the_first_burst_is_told_apart() -> None:
    async with bots.stubs() as world:
        row = await runs.flood(world, await prompt(world, late=2.0), runs.Numbers(), 300, Idle())
        assert row["ack_p99_ms"] == pytest.approx(2000)
        assert row["ack_later_p99_ms"] == 0
        small = await runs.flood(world, await prompt(world), runs.Numbers(), 200, Idle())
    assert "ack_later_p99_ms" not in small


async def test_a_flood_goes_on_until_it_is_enough() -> None:
    enough, said = asyncio.Event(), 0
    async with bots.stubs() as world:
        inner = await prompt(world)

        async def say(number: int) -> str:
            nonlocal said
            said += 1
            if said == 25:
                enough.set()
            return await inner(number)

        await runs.flood(world, say, runs.Numbers(), 10, Idle(), until=enough)
    assert said == 25


async def test_computing_of_the_server_is_told_apart() -> None:
    seconds = iter((1.0, 4.0))
    async with bots.stubs(lambda: next(seconds)) as world:
        row = await runs.flood(world, await prompt(world), runs.Numbers(), 100, Idle())
    assert (row["cpu_per_1000"], row["server_cpu_per_1000"]) == (0, 30)


def test_a_hundredth_is_never_beyond_what_was_measured() -> None:
    assert runs.percentile([1.0, 2.0, 3.0], 99) == pytest.approx(2.98)


async def test_a_bot_that_ends_ends_the_wait_for_it() -> None:
    async with bots.stubs() as world:
        world.slack.connected.set()
        world.matrix.site(1).synced.set()
        with pytest.raises(ExceptionGroup) as raised:
            async with bots.started(world, ENDS):
                await asyncio.Event().wait()
    assert list(relay.reasons(raised.value)) == ["RuntimeError: the bot ended with code 3"]


async def test_a_part_that_fails_is_named_and_the_others_run(monkeypatch: pytest.MonkeyPatch) -> None:
    async def breaks(_: Sitting) -> runs.Row:
        raise ExceptionGroup("", [ValueError("the wire is cut")])

    async def works(sitting: Sitting) -> runs.Row:
        return {"growth_mb": float(sitting.sizes.rounds)}

    def no_server() -> Any:
        raise Missing("there is no PostgreSQL on this machine")

    monkeypatch.setattr(relay, "PARTS", {"start": breaks, "long": works})
    monkeypatch.setattr(relay, "postgres", no_server)
    figures = await relay.measure(TINY, ("postgresql", "sqlite"), ("start", "long"))
    assert figures["failed"] == {
        "postgresql": "there is no PostgreSQL on this machine",
        "Curbside, SQLite, start": "ValueError: the wire is cut",
    }
    assert figures["parts"] == {"Curbside, SQLite": {"long": {"growth_mb": 1.0}}}
    lines = list(goals.table(figures))
    assert "Curbside, SQLite, start failed: ValueError: the wire is cut" in lines
    (verdict,) = (line for line in lines if "a long run adds" in line)
    assert verdict.split()[-2:] == ["1.00", "met"]
    (missing,) = (line for line in lines if "with a long queue" in line)
    assert missing.endswith("not measured")


def test_ratios_count_the_server_and_leave_out_who_is_missing() -> None:
    row = {"per_second": 50.0, "cpu_per_1000": 2.0, "p50_ms": 9.0, "p99_ms": 20.0}
    systems = {"ours": {**row, "server_cpu_per_1000": 1.0}, "opsdroid": {**row, "per_second": 100.0}}
    assert relay._ratios(systems, "ours") == {"throughput_to_opsdroid": 0.5, "cpu_to_opsdroid": 1.5}
    assert relay._ratios(systems, "nobody") == {}


def test_what_several_were_measured_at_is_drawn_for_who_has_it() -> None:
    parts: Mapping[str, Any] = {"ours": {"grown": {"pace_ratio": 1.2}}, "on a server": {}}
    rows = {"ours": {"per_second": 9.0, "first_copy_s": 1.0}, "other": {"per_second": 8.0}}
    parts["on a server"]["grown"] = {"pace_ratio": 1.1}
    panels, systems = goals.drawn({"systems": rows, "parts": parts})
    assert [panel.key for panel in panels] == ["relay per_second", "grown pace_ratio"]
    assert systems["other"] == {"relay per_second": 8.0, "grown pace_ratio": None}
    assert systems["on a server"] == {"relay per_second": None, "grown pace_ratio": 1.1}


def test_every_size_is_an_option(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[Sizes] = []

    async def measure(sizes: Sizes, *_: object) -> Mapping[str, Any]:
        asked.append(sizes)
        empty: Mapping[str, Any] = {"systems": {}, "parts": {}, "failed": {}, "picture_checks": ()}
        return {**empty, "load": 0.0, "load_after": 0.0}

    monkeypatch.setattr(relay, "measure", measure)
    target = tmp_path / "figures.json"
    given = ["--long", "100000", "--calm-seconds", "3.5", "--json", str(target)]
    monkeypatch.setattr(sys, "argv", ["relay.py", *given])
    relay.main()
    assert asked == [Sizes(long=100_000, calm_seconds=3.5)]
    assert json.loads(target.read_text(encoding="utf-8"))["failed"] == {}


async def test_a_house_grows_by_so_many_as_are_asked_for() -> None:
    async with Sitting(TINY).house() as (_, house):
        row = await grow(house, 50, 90)
        assert row["members"] - 50 == row["cases"] - 5 == len(house.people)
        assert row["opinions"] == 90
        async with opened(house) as bot, bot._content._database.reading() as connection:
            grown = await connection.execute(
                select(func.count(opinions.c.member.distinct())).group_by(opinions.c.case)
            )
            assert sorted(grown.scalars()) == [10, *[OPINIONS_EACH] * 4]
            versions = await connection.execute(select(func.count()).select_from(opinion_versions))
            assert versions.scalar_one() == 90
            states = await connection.execute(select(cases.c.state).where(cases.c.opinions == OPINIONS_EACH))
            assert sorted(states.scalars()) == ["closed"] * 4 + ["open"]
    with pytest.raises(ValueError, match="need as many members"):
        await grow(house, OPINIONS_EACH - 1, 90)


async def test_the_stub_serves_what_was_attached_and_keeps_what_is_uploaded() -> None:
    async with bots.stubs() as world, ClientSession() as session:
        files = world.slack.files
        described = files.described(files.attach(b"raw"))
        assert described["size"] == 3
        async with session.get(described["url_private_download"]) as answer:
            assert (await answer.read(), answer.content_type) == (b"raw", "image/jpeg")
        place = files.answer("files.getUploadURLExternal", {})
        large = bytes(2_000_000)
        async with session.post(place["upload_url"], data=BytesIO(large)) as answer:
            assert answer.status == 200
        done = {"files": json.dumps([{"id": place["file_id"]}])}
        async with session.post(f"{world.base}/api/files.completeUploadExternal", data=done) as answer:
            assert (await answer.json())["ok"]
        assert await files.uploaded() == large
        assert files.fetched == 1


async def test_the_stub_tells_the_buttons_of_a_changed_modal() -> None:
    button = {"type": "button", "text": {"text": "Continue"}, "value": "preview on"}
    blocks = [{"type": "divider"}, {"type": "actions", "elements": [{"type": "mrkdwn"}, button]}]
    async with bots.stubs() as world, ClientSession() as session:
        changed = {"view_id": "V1", "view": {"blocks": blocks}}
        async with session.post(f"{world.base}/api/views.update", json=changed) as answer:
            assert (await answer.json())["ok"]
        assert await world.slack.shown("V1") == {"Continue": "preview on"}


def test_the_photograph_has_twelve_megapixels() -> None:
    with Image.open(BytesIO(photo.photo())) as drawn:
        assert (drawn.format, drawn.size, drawn.mode) == ("JPEG", (4000, 3000), "RGB")
