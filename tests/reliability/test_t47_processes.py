"""T-47 with real processes: a backup beside a bot at work, restored on another machine, which goes on.

Everything happens in one Slack workspace. ``CURBSIDE_TEST_DATABASE=postgresql`` takes the backup of a server.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import pytest

from bot.bootstrap import Bot
from bot.config import load
from bot.domain.members import Role
from tests import server
from tests.reliability import evidence
from tests.reliability.ledger import Ledger
from tests.reliability.machine import Machine
from tests.reliability.physicians import AtSlack
from tests.reliability.program import PLAIN, Program
from tests.reliability.slack_side import SlackSide
from tests.reliability.stage import SLACK_SITE
from tests.reliability.words import phrases
from tests.waiting import until

STAFF = ("eva", "otto", "lena", "nils", "rosa")
BUSY = 12
"""Comments that are there before the backup begins, and again so many after it."""


@dataclass
class AtTheShell(Machine):
    """A machine where an operator gives commands."""

    async def does(self, *words: str) -> tuple[int, str]:
        """Give a command at this machine's shell."""
        command = (*PLAIN, *words, "--config", str(self.config))
        out, both = asyncio.subprocess.PIPE, asyncio.subprocess.STDOUT
        root = Path(__file__).parents[2]
        process = await asyncio.create_subprocess_exec(*command, cwd=root, stdout=out, stderr=both)
        told, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, told.decode()


@dataclass
class Ward:
    """A workspace, its physicians, and what became of their words."""

    folder: Path
    slack: SlackSide
    ledger: Ledger = field(default_factory=Ledger)
    people: list[AtSlack] = field(default_factory=list)

    def machine(self, name: str, key: bytes) -> AtTheShell:
        """Set a machine up for a bot."""
        made = AtTheShell(self.folder / name)
        made.folder.mkdir()
        (made.folder / "master.key").write_bytes(key)
        lies = server.places(made.folder / "var")
        database = f'[database]\nurl = "{lies.content_url}"\nvault_url = "{lies.vault_url}"'
        app = self.slack.workspace["app"]
        made.config.write_text(f"""
data_dir = "var"
key_file = "master.key"

{database if lies.shared else ""}

[[slack]]
name = "{SLACK_SITE}"
bot_token = "{app["bot_token"]}"
app_token = "{app["app_token"]}"
api_url = "{self.slack.setup["api_url"]}"
channel = "{self.slack.room}"
posts_per_minute = 60000

[relay]
undo_seconds = 0
delay_seconds = [1, 1]

[opinions]
blind_first = false
reveal_at = 1000
close_at = 10000

[http]
port = 0
""")
        for file in (made.config, made.folder / "master.key"):
            file.chmod(0o600)
        return made

    async def enrol(self, machine: Machine) -> None:
        bot = await Bot.open(load(machine.config))
        for name in STAFF:
            await bot.wall.joining.enrol(
                self.slack.account(name), f"{name} planted", "Dermatology", Role.PHYSICIAN, by="test"
            )
        await bot.stop()

    async def shown(self) -> Counter[str]:
        """Count how often each phrase stands in the room."""
        seen = await self.slack.room_as_seen(STAFF[0])
        known = self.ledger.sure | self.ledger.tried
        found = (evidence.phrase_of(f"{one['text']} {one.get('blocks')}", known) for one in seen)
        return Counter(phrase for phrase in found if phrase)


@asynccontextmanager
async def open_ward(folder: Path, seed: int) -> AsyncIterator[Ward]:
    slack = await SlackSide.start(folder, STAFF, seed)
    try:
        ward, chance = Ward(folder, slack), Random(seed)  # noqa: S311 - no secret is drawn
        said = phrases(chance)
        for name in STAFF:
            own = Random(chance.random())  # noqa: S311 - as above
            ward.people.append(AtSlack(name, own, said, ward.ledger, side=slack))
        yield ward
    finally:
        await slack.stop()


def comments(content: Path) -> list[str]:
    """List the comments of an installation in the order in which they were committed."""
    with evidence.opened(content) as connection:
        return [row[0] for row in connection.execute('SELECT text FROM comments ORDER BY "row"')]


def in_backup(backup: Path, question: str) -> list[str]:
    """Ask the content database of a backup, which is a file whatever it was taken of."""
    with closing(sqlite3.connect(f"{(backup / 'content.db').as_uri()}?mode=ro", uri=True)) as connection:
        return [row[0] for row in connection.execute(question)]


async def talk(person: AtSlack, over: asyncio.Event) -> None:
    while not over.is_set():
        await person.say("comment", 101)


async def load_and_lose(ward: Ward, machine: AtTheShell, backup: Path) -> tuple[list[str], list[str]]:
    """Take a backup while everybody talks, then lose the machine; gives the comments before and after it."""
    program = await machine_runs(machine)
    over = asyncio.Event()
    try:
        await ward.people[0].ask()
        await until(lambda: _asked(machine), 30)
        talking = [asyncio.create_task(talk(person, over)) for person in ward.people[1:]]
        await until(lambda: len(comments(machine.content)) >= BUSY, 60)
        before = comments(machine.content)
        code, told = await machine.does("backup", str(backup))
        assert (code, "read back and compared" in told) == (0, True), told
        after = comments(machine.content)
        await until(lambda: len(comments(machine.content)) >= len(after) + BUSY, 60)
        over.set()
        await asyncio.gather(*talking)
        return before, after
    finally:
        over.set()
        await program.kill()


def _asked(machine: Machine) -> bool:
    with evidence.opened(machine.content) as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM cases")
    return bool(count)


async def machine_runs(machine: Machine) -> Program:
    program = await Program.start(machine.config)
    await program.until_running()
    return program


async def goes_on(ward: Ward, machine: Machine) -> None:
    """Let the bot of another machine come to rest, hear one more comment, and end in good order."""
    program = await machine_runs(machine)
    try:
        await until(lambda: not evidence.at_rest(machine.content), 60)
        count = len(comments(machine.content))
        ward.people[1].chance = Random(0)  # noqa: S311 - types it as a command
        await ward.people[1].say("comment", 101)
        await until(lambda: len(comments(machine.content)) == count + 1, 30)
        await until(lambda: not evidence.at_rest(machine.content), 60)
        assert await program.stop() == 0
    finally:
        await program.kill()


@pytest.mark.timeout(240)
async def test_t47_a_backup_beside_a_busy_bot_loses_nothing_committed(tmp_path: Path) -> None:
    async with open_ward(tmp_path, seed=47) as ward:
        key, backup = os.urandom(32), tmp_path / "backup"
        first, second = ward.machine("first", key), ward.machine("second", key)
        await ward.enrol(first)
        before, after = await load_and_lose(ward, first, backup)
        everything = comments(first.content)

        kept = in_backup(backup, "SELECT text FROM comments ORDER BY row")
        assert kept == everything[: len(kept)]
        assert len(before) <= len(kept) <= len(after) < len(everything)
        assert len(after) > len(before)  # Nobody stood still meanwhile.
        flying = len(in_backup(backup, "SELECT id FROM outbox WHERE ended = 0"))
        assert flying > 0  # Each waits for a second before it may leave.
        shown = await ward.shown()
        code, told = await second.does("restore", str(backup))
        assert code == 0, told
        assert "is as it was on" in told

        await goes_on(ward, second)
        assert comments(second.content)[:-1] == kept
        again = await ward.shown()
        known = ward.ledger.sure | ward.ledger.tried
        assert all(again[evidence.phrase_of(text, known)] for text in comments(second.content))
        assert all(again[phrase] for phrase in shown)
        doubled = sum(count - 1 for count in again.values())
        counts = f"{len(kept)} of {len(everything)} comments, {flying} in flight, {doubled} doubled"
        sys.stdout.write(f"{counts}\n")
        assert doubled <= flying
        for file in (second.content, second.vault):
            assert evidence.integrity(file) == "ok"
        shutil.rmtree(first.folder)
