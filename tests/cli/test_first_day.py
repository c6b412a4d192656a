"""A hospital's first day, with the real program: empty folder, members, a mended refusal, an end."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.standin.people import Person as MatrixPerson
from bot.standin.slack import Channel, Person, SlackStandin, Workspace
from bot.standin.slack.accounts import Manifest
from tests.matrix.rig import missing_synapse, running_synapse
from tests.waiting import until

PASSWORD = "correct horse"


@dataclass
class Operator:
    """Types commands in a folder, the way the document for operators says."""

    folder: Path
    running: Process | None = None
    log: list[dict[str, object]] = field(default_factory=list)

    async def types(self, *words: str, code: int = 0) -> str:
        """Run one command beside whatever runs; gives its output."""
        started = await self._start(*words)
        out, err = await asyncio.wait_for(started.communicate(), 60)
        assert started.returncode == code, out.decode() + err.decode()
        return out.decode()

    async def starts(self) -> int:
        """Start the bot and wait until it says that it runs; gives its port."""
        self.log.clear()
        self.running = await self._start("run", "--log-format", "json")
        assert self.running.stderr is not None
        async for line in self.running.stderr:
            self.log.append(json.loads(line))
            if self.log[-1]["event"] == "running":
                break
        return int(str(self.log[0]["port"]))

    async def ends(self) -> str:
        """Stop the bot by SIGTERM; gives what it printed beside its log."""
        assert self.running is not None
        self.running.send_signal(signal.SIGTERM)
        out, err = await asyncio.wait_for(self.running.communicate(), 15)
        assert self.running.returncode == 0
        self.log += [json.loads(line) for line in err.splitlines()]
        return out.decode()

    def secret(self, name: str, value: str) -> None:
        path = self.folder / "secrets" / name
        assert path.stat().st_mode & 0o777 == 0o600
        path.write_text(f"{value}\n", encoding="utf-8")

    def configure(self, *lines: str, slack: str) -> None:
        """Change what `init` does not ask: where the stand-in is, and a pace for tests."""
        config = self.folder / "curbside.toml"
        written = re.sub(r"(?m)^mode = .*$", rf'\g<0>\napi_url = "{slack}"', config.read_text("utf-8"))
        config.write_text("\n".join([written, "[http]", "port = 0", *lines]), encoding="utf-8")

    async def _start(self, *words: str) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *words, cwd=self.folder, stdout=PIPE, stderr=PIPE
        )


@dataclass
class Clinic:
    """A Slack workspace with one physician; the consult room's channel is made, the app is not installed."""

    slack: SlackStandin
    workspace: Workspace
    ada: Person
    room: Channel
    ward: Channel

    @property
    def flags(self) -> tuple[str, ...]:
        return ("--slack", "st-anna", "--channel", self.room.id, "--domain", "st-anna.example")

    @property
    def account(self) -> str:
        return f"slack:{self.workspace.id}:{self.ada.id}"

    def install(self, manifest: Path) -> None:
        app = self.workspace.app
        app.manifest = Manifest(json.loads(manifest.read_text("utf-8")))
        app.scopes = set(app.manifest.bot_scopes())


OWN = {"database", "keys", "disk", "relay", "timekeeper", "watch"}
"""The parts of `/ready` that are no site."""


@pytest.fixture
async def clinic() -> AsyncIterator[Clinic]:
    async with SlackStandin(seed=7) as slack:
        workspace = slack.add_workspace("St Anna")
        ada = workspace.add_person("ada")
        room = workspace.add_channel("consults", app_is_member=True)
        yield Clinic(slack, workspace, ada, room, workspace.add_channel("ward", members=[ada]))


@pytest.fixture
async def operator(tmp_path: Path) -> AsyncIterator[Operator]:
    (tmp_path / "hospital").mkdir()
    made = Operator(tmp_path / "hospital")
    yield made
    if made.running is not None and made.running.returncode is None:
        made.running.kill()
        await made.running.communicate()


@asynccontextmanager
async def at_the_client(url: str, user: str, folder: Path) -> AsyncIterator[MatrixPerson]:
    person = MatrixPerson(url, user, PASSWORD, folder)
    await person.start()
    try:
        yield person
    finally:
        await person.stop()


@pytest.mark.matrix_real
@pytest.mark.skipif(bool(missing_synapse()), reason=missing_synapse())
async def test_from_an_empty_folder_to_two_members(
    clinic: Clinic, operator: Operator, tmp_path: Path
) -> None:
    with running_synapse(tmp_path / "synapse", name="city-hospital.example") as homeserver:
        user = homeserver.register("curbside", PASSWORD)
        bo = homeserver.register("bo", PASSWORD)
        matrix = ("--matrix", "city-hospital", "--homeserver", homeserver.url, "--user", user)
        await operator.types("init", "--key-file", "../keys/master.key", *clinic.flags, *matrix)
        clinic.install(operator.folder / "slack-manifest.json")
        assert (await operator.types("doctor", code=1)).count("which is empty") == 3
        operator.secret("st-anna.bot_token", clinic.workspace.app.bot_token)
        operator.secret("st-anna.app_token", clinic.workspace.app.app_token)
        operator.secret("city-hospital.password", PASSWORD)
        operator.configure(
            "[relay]", "undo_seconds = 0", "delay_seconds = [0, 0]", slack=clinic.slack.api_url
        )
        assert "fail" not in await operator.types("doctor")

        port = await operator.starts()
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{port}/ready") as ready:
            parts = (await ready.json())["parts"]
        assert set(parts) == OWN | {"st-anna", "city-hospital"}
        assert all(part == {"ok": True} for part in parts.values())

        async with at_the_client(homeserver.url, bo, tmp_path / "bo") as person:
            enrol = ("mod", "enrol", "--name", "Planted Person", "--specialty", "Cardiology", "--account")
            told = [await operator.types(*enrol, account) for account in (clinic.account, f"matrix:{bo}")]
            await person.hear("You are in")
            await until(lambda: any("You are in" in message["text"] for message in clinic.ada.dm()))
            await until(lambda: clinic.ada.id in clinic.room.members)
            await person.until(
                lambda: any("onsult" in room.display_name for room in person.client.rooms.values())
            )

        told.append(await operator.types("doctor"))
        assert re.search(r"ok +city-hospital consult room: !", told[-1])
        assert await operator.types("outbox", "list") == "Nothing waits, and nothing is in quarantine.\n"
        printed = await operator.ends()
        assert re.fullmatch(r'city-hospital: the consult room is (\S+); write room = "\1" .*\n', printed)
        assert "Planted" not in f"{told}{operator.log}"


async def test_a_refused_delivery_is_seen_mended_and_sent(clinic: Clinic, operator: Operator) -> None:
    await operator.types("init", "--key-file", "../keys/master.key", *clinic.flags)
    clinic.install(operator.folder / "slack-manifest.json")
    operator.secret("st-anna.bot_token", clinic.workspace.app.bot_token)
    operator.secret("st-anna.app_token", clinic.workspace.app.app_token)
    operator.configure(slack=clinic.slack.api_url)
    await operator.starts()
    scopes = set(clinic.workspace.app.scopes)
    clinic.workspace.app.scopes = {scope for scope in scopes if not scope.startswith("chat:")}
    await operator.types(
        "mod", "enrol", "--name", "Planted Person", "--specialty", "Cardiology", "--account", clinic.account
    )

    async def apart() -> list[dict[str, object]]:
        listed: dict[str, list[dict[str, object]]] = json.loads(
            await operator.types("outbox", "list", "--json")
        )
        return listed["quarantined"]

    while not (found := await apart()):
        pass
    assert [(one["to"], one["what"], one["code"]) for one in found] == [("home", "post", "missing_scope")]

    clinic.workspace.app.scopes = scopes
    assert "leaves again" in await operator.types("outbox", "retry", "all")
    await until(lambda: any("You are in" in message["text"] for message in clinic.ada.dm()))
    assert await apart() == []
    await operator.ends()


async def test_http_mode_with_signed_requests(clinic: Clinic, operator: Operator) -> None:
    address = ("--public-url", "https://curbside.st-anna.example")
    await operator.types("init", "--key-file", "../keys/master.key", *clinic.flags, *address)
    clinic.install(operator.folder / "slack-manifest.json")
    operator.secret("st-anna.bot_token", clinic.workspace.app.bot_token)
    operator.secret("st-anna.signing_secret", clinic.workspace.app.signing_secret)
    operator.configure(slack=clinic.slack.api_url)
    port = await operator.starts()
    events = f"http://127.0.0.1:{port}/slack/events"
    clinic.workspace.app.deliver_to = events

    await clinic.ada.slash("/consult", "help", channel=clinic.ward)
    await until(lambda: clinic.ada.ephemerals(clinic.ward))
    assert clinic.ada.errors == []

    async with ClientSession() as session, session.post(events, data={"command": "/consult"}) as forged:
        assert forged.status == 401
    await operator.ends()


async def test_the_first_moderator_and_then_the_moderators_room(clinic: Clinic, operator: Operator) -> None:
    """In the order of the document: init, run, mod first, the room."""
    await operator.types("init", "--key-file", "../keys/master.key", *clinic.flags)
    clinic.install(operator.folder / "slack-manifest.json")
    operator.secret("st-anna.bot_token", clinic.workspace.app.bot_token)
    operator.secret("st-anna.app_token", clinic.workspace.app.app_token)
    operator.configure(slack=clinic.slack.api_url)
    await operator.starts()
    moda = clinic.workspace.add_person("moda")
    code = (await operator.types("mod", "first")).split()[0]
    await clinic.ada.slash("/consult", "mod first AAAAA-AAAAA")
    await until(lambda: "That is for moderators." in str(clinic.ada.ephemerals()))
    await moda.slash("/consult", f"mod first {code}")
    await until(lambda: "You are the first moderator" in str(moda.modal))
    await until(lambda: "look after" in str(moda.dm()))
    await operator.ends()

    mods = clinic.workspace.add_channel("mods", app_is_member=True)
    config = operator.folder / "curbside.toml"
    as_written, section = config.read_text("utf-8"), '\n[moderators]\nsite = "st-anna"\nroom = "{}"\n'
    config.write_text(as_written + section.format(mods.id), encoding="utf-8")
    await operator.starts()
    await until(lambda: moda.id in mods.members)
    await moda.slash("/consult", "mod queue", channel=mods)
    await until(lambda: "Nobody waits." in str(moda.ephemerals(mods)))
    await operator.ends()
