"""How long one page, and one look for digests, hold the loop that everybody's words wait for.

    python benchmarks/paging_load.py [--members 3000] [--json FILE]

A vault on SQLite with made-up members at two sites, one in five with two accounts, seven in ten with a row
about pages and digests. Asked for are candidates among a tenth of them and among all, and whose digest is
due while nobody's is; beside it stands how long the loop is held while nothing is asked. A second task wakes
every millisecond meanwhile: ``loop_held_ms`` is the longest that it slept too long, which other work on the
machine adds to; ``loop_cpu_ms`` the most that the loop's thread computed in between, ``loop_cpu`` all of it
in seconds. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import secrets
import tempfile
import time
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, create_engine, insert

from bot.bootstrap import SystemChance
from bot.bootstrap.system import SystemClock
from bot.chat.events import Account
from bot.domain.digest_times import Rhythm
from bot.domain.members import MemberId
from bot.identity.accounts import Accounts
from bot.identity.digests import Digests
from bot.identity.keys import MasterKey
from bot.identity.personae import Personae
from bot.identity.records import Enrolment
from bot.identity.routing import Routed, Routing, routing_index
from bot.identity.sealing import AesSealer
from storage.vault import tables
from storage.vault.vault import open_vault

Rows = dict[str, list[dict[str, bytes]]]
_BEAT: Final = 0.001


def _rows(members: list[MemberId], sealer: AesSealer, accounts: Accounts, routing: Routing) -> Rows:
    """Seal the rows of made-up members."""
    rows: Rows = {"accounts": [], "mailboxes": [], "member_accounts": [], "routing": []}
    now = SystemClock().now().isoformat()
    for number, member in enumerate(members):
        person = secrets.token_hex(16)
        mine = [Account("memory", f"site{number % 2}", f"u{number}")]
        mine += [Account("memory", "site2", f"v{number}")] if number % 5 == 0 else []
        link = Enrolment("active", member, person, "ref", "Nemo Example", "Cardiology", "physician", "test")
        for one in mine:
            index = accounts.index(one)
            rows["accounts"].append({"index": index, "sealed": accounts.seal(index, link)})
        route = accounts.route(member)
        rows["mailboxes"].append({"route": route, "sealed": accounts.seal_mailbox(route, mine[0])})
        if len(mine) > 1:
            sealed = accounts.seal_listed(member, tuple(mine))
            rows["member_accounts"].append({"route": accounts.listed(member), "sealed": sealed})
        if number % 10 < 7:
            index = routing_index(sealer, person)
            row = Routed("Europe/Berlin", 22, 7, paged=3, digest=Rhythm.DAILY, digest_at=now)
            rows["routing"].append({"index": index, "sealed": routing.seal(index, row)})
    return rows


def _fill(file: Path, rows: Rows) -> None:
    engine = create_engine(URL.create("sqlite", database=str(file)))
    with engine.begin() as connection:
        for name, found in rows.items():
            connection.execute(insert(tables.metadata.tables[name]), found)
    engine.dispose()


async def _held(work: Callable[[], Awaitable[object]]) -> dict[str, float]:
    """Do some work; gives how long it took, and the longest for which nothing else could run."""
    gaps: list[float] = []
    busy: list[float] = []

    async def beat() -> None:
        while True:
            before, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(_BEAT)
            gaps.append(time.perf_counter() - before - _BEAT)
            busy.append(time.thread_time() - used)

    gc.collect()  # Otherwise the garbage of the step before is collected within this one.
    beating = asyncio.create_task(beat())
    await asyncio.sleep(_BEAT * 10)
    gaps.clear()
    busy.clear()
    began, cpu = time.perf_counter(), time.process_time()
    await work()
    took, used = time.perf_counter() - began, time.process_time() - cpu
    await asyncio.sleep(_BEAT * 2)
    beating.cancel()
    return {
        "seconds": round(took, 3),
        "cpu": round(used, 3),
        "loop_held_ms": round(max(gaps) * 1000, 1),
        "loop_cpu_ms": round(max(busy) * 1000, 1),
        "loop_cpu": round(sum(busy), 3),
    }


async def measure(count: int) -> dict[str, Any]:
    """Make the vault and ask it."""
    chance = SystemChance()
    sealer = AesSealer(MasterKey(chance.key()), chance)
    members = [MemberId(secrets.token_hex(16)) for _ in range(count)]
    with tempfile.TemporaryDirectory() as folder:
        vault = await open_vault(Path(folder), sealer)
        accounts, personae, clock = Accounts(vault, sealer), Personae(vault, sealer), SystemClock()
        routing = Routing(vault, sealer, accounts, personae, clock, asyncio.Lock())
        digests = Digests(routing, sealer, accounts, personae, clock)
        _fill(Path(folder) / "vault.db", _rows(members, sealer, accounts, routing))
        told: dict[str, Any] = {"members": count}
        told["nothing"] = await _held(lambda: asyncio.sleep(1))
        for name, some in (("a tenth", members[::10]), ("all", members)):
            among = dict.fromkeys(some, "Cardiology")
            candidates = partial(routing.candidates, members[0], among, ())
            told[f"candidates among {name}"] = await _held(candidates)
        told["digests, none due"] = await _held(lambda: digests.due(8))
        await vault.close()
    return told


def main() -> None:
    """Measure, print, and write what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--members", type=int, default=3000)
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    told = json.dumps(asyncio.run(measure(args.members)))
    print(told)
    if args.json:
        args.json.write_text(told + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
