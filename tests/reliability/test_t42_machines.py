"""T-42 with two machines at one real homeserver: the one with the seat is cut off in the middle of a send.

Each has a folder and a Matrix device of its own; they share a PostgreSQL and a key.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.matrix import adapter
from bot.adapters.matrix.adapter import MatrixAdapter
from bot.bootstrap import Bot
from bot.config import load
from bot.domain.members import Role
from bot.standin.people import Person
from storage import presence
from storage.presence import Presence
from tests import server
from tests.matrix.rig import missing_synapse
from tests.reliability.matrix_side import BOT, PASSWORD, MatrixSide
from tests.waiting import until

_MISSING = missing_synapse() or server.missing_postgres()
pytestmark = [
    pytest.mark.matrix_real,
    pytest.mark.skipif(bool(_MISSING), reason=_MISSING or "both are there"),
]
_CASE = re.compile(r"New case #(\d+)")
_SECONDS = 30.0


@pytest.fixture(autouse=True)
def _on_postgres(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "ON_POSTGRES", True)
    monkeypatch.setattr(presence, "BEAT", 0.2)
    monkeypatch.setattr(adapter, "_LAST_SENDS_SECONDS", 0.5)  # A send that hangs would be waited for.


@dataclass
class Machine:
    """One bot with a folder of its own."""

    bot: Bot

    @classmethod
    async def open(cls, folder: Path, name: str, matrix: MatrixSide) -> Machine:
        """Open it; it shares database and key with the others in ``folder``."""
        lies = server.places(folder / "shared")
        config = folder / f"{name}.toml"
        config.write_text(f"""
data_dir = "{name}"
key_file = "master.key"
database = {{ url = "{lies.content_url}", vault_url = "{lies.vault_url}" }}
relay = {{ undo_seconds = 0, delay_seconds = [0, 0] }}

[[matrix]]
name = "city-hospital"
homeserver = "{matrix.synapse.url}"
user = "@{BOT}:{matrix.synapse.name}"
password = "{PASSWORD}"
""")
        config.chmod(0o600)
        return cls(await Bot.open(load(config)))

    @property
    def matrix(self) -> MatrixAdapter:
        """What it has of the homeserver."""
        (only,) = self.bot.adapters
        assert isinstance(only, MatrixAdapter)
        return only

    @property
    def stands_by(self) -> bool:
        """Whether its device is ready for the seat."""
        health = self.matrix.health()
        return self.matrix._standby._tried.is_set() and health.elsewhere and not health.problem

    def hang_at_the_next_send(self, monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
        """Let one message get through and its answer never come; gives what is set then."""
        wire, through = self.matrix._session.wire, asyncio.Event()
        put = wire.put

        async def hanging(where: str, body: Mapping[str, Any]) -> dict[str, Any]:
            answer = await put(where, body)
            if "/send/" in where:
                through.set()
                await asyncio.Event().wait()
            return answer

        monkeypatch.setattr(wire, "put", hanging)
        return through

    async def cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Take the database away from it; the homeserver stays within its reach."""
        for store in (self.bot._content, self.bot._vault):
            seat = store._database.seat
            assert isinstance(seat, Presence)

            async with seat._asking:
                session = seat._session
                assert session is not None
                pid = await session.fetchval("SELECT pg_backend_pid()")
            monkeypatch.setattr(seat, "_connect", _away)
            await asyncio.to_thread(server.run, server.server().ask(f"SELECT pg_terminate_backend({pid})"))


async def _away() -> Any:
    raise ConnectionError


@asynccontextmanager
async def two_machines(folder: Path) -> AsyncIterator[tuple[Machine, Machine, Person, str]]:
    """Two bots, the second standing by, and somebody who was welcomed by the first, with the home chat."""
    (folder / "master.key").write_bytes(os.urandom(32))
    (folder / "master.key").chmod(0o600)
    matrix = await MatrixSide.start(folder, ("ravi",))
    machines: list[Machine] = []
    try:
        for name in ("one", "two"):
            machines.append(await Machine.open(folder, name, matrix))
            await machines[-1].bot.start()
            if name == "one":
                account = matrix.account("ravi")
                await machines[0].bot.wall.joining.enrol(
                    account, "ravi planted", "Dermatology", Role.PHYSICIAN, by="test"
                )
                await matrix.people["ravi"].until(lambda: matrix.is_in("ravi"), _SECONDS)
        await until(lambda: machines[1].stands_by, _SECONDS)
        yield machines[0], machines[1], matrix.people["ravi"], matrix.home("ravi")
    finally:
        for machine in machines:
            await machine.bot.stop()
        await matrix.stop()


def devices(person: Person, bot: str) -> set[str]:
    assert person.client.olm is not None
    return {device.id for device in person.client.olm.device_store.active_user_devices(bot)}


async def asked(person: Person, home: str) -> int:
    """Ask a case and give its number, once it stands in the consult room."""
    told = ("!consult case", "It began with a soft lamp.", "done", "What next?", "1", "skip")
    for words in (*told, "!consult post", "!consult post"):
        await person.say(home, words)
    await person.hear("soft lamp", seconds=_SECONDS)
    found = await person.until(lambda: _numbered(person, home), _SECONDS)
    return int(found[1])


def _numbered(person: Person, home: str) -> re.Match[str] | None:
    bodies = (message.body for message in person.read() if message.room != home)
    return next((found for body in bodies if (found := _CASE.search(body))), None)


async def test_t42_the_seat_moves_to_a_machine_with_another_device_in_the_middle_of_a_send(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with two_machines(tmp_path) as (first, second, ravi, home):
        bot, mine = first.matrix.own.user, first.matrix._session.device_id
        await ravi.until(lambda: len(devices(ravi, bot)) == 2)
        number = await asked(ravi, home)
        through = first.hang_at_the_next_send(monkeypatch)
        await ravi.say(home, f"!consult comment {number} the border is sharp")
        async with asyncio.timeout(_SECONDS):
            await through.wait()
        await first.cut_off(monkeypatch)
        await ravi.say(home, f"!consult comment {number} the border is pale")
        await until(lambda: second.bot._content.seat.held, _SECONDS)
        await ravi.hear("the border is pale", first.matrix.room, _SECONDS)
        await ravi.say(home, "!consult rules")
        await until(lambda: not second.bot.door.crowd.oldest_seconds, _SECONDS)
        said = [message.body for message in ravi.read(first.matrix.room) if "the border is" in message.body]
        assert [("sharp" in body, "pale" in body) for body in said] == [(True, False), (False, True)]
        assert ravi.unreadable == {}
        assert not any("could not read" in message.body for message in ravi.read(home))
        assert devices(ravi, bot) == {mine, second.matrix._session.device_id}  # Nobody was logged out.
