"""A Slack workspace, a Matrix homeserver and a bot's folder on one machine, each in processes of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from bot.bootstrap import Bot
from bot.config import load
from bot.domain.members import Role
from tests import server
from tests.reliability.machine import Machine
from tests.reliability.matrix_side import BOT, PASSWORD, MatrixSide
from tests.reliability.program import PLAIN, Program
from tests.reliability.slack_side import SlackSide

SLACK_SITE, MATRIX_SITE = "st-anna", "city-hospital"
SLACK_PEOPLE = ("eva", "otto")
MATRIX_PEOPLE = ("ravi", "sana")


@dataclass
class Stage(Machine):
    """Everything but the bot's process, which comes and goes."""

    slack: SlackSide
    matrix: MatrixSide
    slack_people: Sequence[str] = SLACK_PEOPLE
    matrix_people: Sequence[str] = MATRIX_PEOPLE
    programs: list[Program] = field(default_factory=list)
    """All lives of the bot."""

    async def enrol(self) -> None:
        """Make everybody a physician, as a moderator does at the shell; welcomes wait in the outbox."""
        bot = await Bot.open(load(self.config))
        for side, names in ((self.slack, self.slack_people), (self.matrix, self.matrix_people)):
            for name in names:
                account = side.account(name)
                await bot.wall.joining.enrol(
                    account, f"{name} planted", "Dermatology", Role.PHYSICIAN, by="test"
                )
        await bot.stop()

    async def settled(self) -> None:
        """Wait until everybody was welcomed and is in the consult room."""
        for name, person in self.matrix.people.items():
            await person.until(partial(self.matrix.is_in, name), seconds=60)
        for name in self.slack_people:
            await self.slack.remote.until(self.slack.person(name).dm, timeout=60)

    async def run(self, *, command: Sequence[str] = PLAIN, machine: str = "") -> Program:
        """Start the bot, or on a server another one beside it; each ``machine`` has a folder of its own."""
        self.programs.append(await Program.start(self._config_of(machine), command=command))
        return self.programs[-1]

    def _config_of(self, machine: str) -> Path:
        if not machine:
            return self.config
        own = self.folder / f"{machine}.toml"
        own.write_text(self.config.read_text().replace('data_dir = "var"', f'data_dir = "{machine}"'))
        own.chmod(0o600)
        return own


@asynccontextmanager
async def open_stage(
    folder: Path,
    *,
    seed: int,
    slack_people: tuple[str, ...] = SLACK_PEOPLE,
    matrix_people: tuple[str, ...] = MATRIX_PEOPLE,
) -> AsyncIterator[Stage]:
    """Start both platforms, enrol everybody and let the bot welcome them; the bot is down afterwards."""
    async with AsyncExitStack() as stack:
        slack = await SlackSide.start(folder, slack_people, seed)
        stack.push_async_callback(slack.stop)
        matrix = await MatrixSide.start(folder, matrix_people)
        stack.push_async_callback(matrix.stop)
        stage = Stage(folder, slack, matrix, slack_people, matrix_people)
        _write_configuration(stage)
        await stage.enrol()
        program = await stage.run()
        try:
            await program.until_running()
            await stage.settled()
        finally:
            await asyncio.shield(program.kill())
        yield stage


def _write_configuration(stage: Stage) -> None:
    key = stage.folder / "master.key"
    key.write_bytes(os.urandom(32))
    key.chmod(0o600)
    app = stage.slack.workspace["app"]
    lies = server.places(stage.folder / "var")
    addresses = (
        f'[database]\nurl = "{lies.content_url}"\nvault_url = "{lies.vault_url}"' if lies.shared else ""
    )
    written = f"""
data_dir = "var"
key_file = "master.key"

{addresses}

[[slack]]
name = "{SLACK_SITE}"
bot_token = "{app["bot_token"]}"
app_token = "{app["app_token"]}"
api_url = "{stage.slack.setup["api_url"]}"
channel = "{stage.slack.room}"
posts_per_minute = 60000

[[matrix]]
name = "{MATRIX_SITE}"
homeserver = "{stage.matrix.synapse.url}"
user = "@{BOT}:{stage.matrix.synapse.name}"
password = "{PASSWORD}"

[relay]
undo_seconds = 0
delay_seconds = [0, 0]

[opinions]
blind_first = false
reveal_at = 1000
close_at = 10000

[http]
port = 0
"""
    stage.config.write_text(written)
    stage.config.chmod(0o600)
