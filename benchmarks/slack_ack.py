"""How long Slack waits for an acknowledgement with the inbox row committed first, and without a database.

``python benchmarks/slack_ack.py [--commands 3000] [--in-flight 32] [--json FILE]``
Stand-in, adapter and SQLite (WAL, synchronous=FULL) share this process; milliseconds, as Slack sees them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.adapters.slack import Secret, SlackAdapter, SlackSite, handle_for
from bot.bootstrap import SystemChance, SystemClock
from bot.chat.events import Event
from bot.identity.keys import create_key_file, load_master_key
from bot.identity.sealing import AesSealer
from bot.ports.intake import Checkpoint, Intake
from bot.standin.slack import Person, SlackStandin
from storage.content.store import ContentStore, open_content

Row = dict[str, Any]


class Nowhere:
    """An intake that keeps nothing: what the transport alone costs."""

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        """Forget the events."""

    async def checkpoint(self, stream: str) -> str:
        """Nothing was ever read."""
        return ""


class Kept(Nowhere):
    """An intake that commits to the real inbox."""

    def __init__(self, content: ContentStore) -> None:
        self._content = content

    async def accept(self, events: Sequence[Event], checkpoint: Checkpoint | None = None) -> None:
        """Commit, as the front door does."""
        await self._content.inbox.accept("bench", events, checkpoint)


async def _measure(eva: Person, commands: int, in_flight: int) -> Row:
    waits: list[float] = []
    failed = 0
    left = iter(range(commands))

    async def ask() -> None:
        nonlocal failed
        for _ in left:
            begun = time.perf_counter()
            outcome = await eva.slash("/consult", "help")
            waits.append((time.perf_counter() - begun) * 1000)
            failed += not outcome.ok

    begun = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(in_flight)))
    seconds = time.perf_counter() - begun
    cuts = statistics.quantiles(waits, n=100)
    return {
        "commands": commands,
        "in_flight": in_flight,
        "failed": failed,
        "per_second": round(commands / seconds),
        "p50_ms": round(cuts[49], 1),
        "p99_ms": round(cuts[98], 1),
        "max_ms": round(max(waits), 1),
    }


async def _run(mode: str, intake: Intake, commands: int, in_flight: int) -> Row:
    async with SlackStandin(seed=1) as slack:
        site = slack.add_workspace("bench")
        eva = site.add_person("eva")
        room = site.add_channel("consult", private=True, members=[eva], app_is_member=True)
        adapter = SlackAdapter(
            SlackSite(
                "bench",
                Secret(site.app.bot_token),
                room.id,
                mode="http" if mode == "http" else "socket",
                app_token=Secret(site.app.app_token),
                signing_secret=Secret(site.app.signing_secret),
                api_url=slack.api_url,
            ),
            SystemClock(),
        )
        runner = await _listen(adapter)
        if mode == "http":
            site.app.deliver_to = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        await adapter.start(intake)
        try:
            await _measure(eva, min(200, commands), in_flight)
            return await _measure(eva, commands, in_flight)
        finally:
            await adapter.stop()
            await runner.cleanup()


async def _listen(adapter: SlackAdapter) -> web.AppRunner:
    app = web.Application()
    app.router.add_post("/slack/events", handle_for([adapter]))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


async def _with_inbox(mode: str, commands: int, in_flight: int) -> Row:
    with tempfile.TemporaryDirectory() as folder:
        chance, clock = SystemChance(), SystemClock()
        create_key_file(Path(folder) / "key", chance)
        sealer = AesSealer(load_master_key(Path(folder) / "key"), chance)
        content = await open_content(
            Path(folder) / "var", sealer, rooms=("bench",), clock=clock, chance=chance
        )
        try:
            return await _run(mode, Kept(content), commands, in_flight)
        finally:
            await content.close()


async def measure(commands: int, in_flight: int) -> list[Row]:
    """Run both transports, each with the inbox and without, alternating."""
    rows: list[Row] = []
    for mode in ("socket", "http"):
        kept = await _with_inbox(mode, commands, in_flight)
        bare = await _run(mode, Nowhere(), commands, in_flight)
        ratio = round(kept["p99_ms"] / bare["p99_ms"], 2)
        rows.append({"transport": mode, "inbox": True, **kept, "p99_ratio_to_bare": ratio})
        rows.append({"transport": mode, "inbox": False, **bare})
    return rows


def main() -> None:
    """Measure, print a table, write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--commands", type=int, default=3000)
    parser.add_argument("--in-flight", type=int, default=32)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = asyncio.run(measure(asked.commands, asked.in_flight))
    print("transport  inbox  per s    p50    p99    max  failed")
    for row in rows:
        print(
            f"{row['transport']:9}  {'yes' if row['inbox'] else 'no ':5} {row['per_second']:6}"
            f" {row['p50_ms']:6} {row['p99_ms']:6} {row['max_ms']:6} {row['failed']:7}"
        )
    if asked.json:
        asked.json.write_text(json.dumps({"benchmark": "slack_ack", "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
