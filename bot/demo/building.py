"""Building: starts the whole world in an empty folder, on loopback, part after part."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.adapters.slack import manifest
from bot.bootstrap import Bot
from bot.chat.events import Account
from bot.config import load
from bot.demo import cast, words
from bot.demo.bell import Bell
from bot.demo.cast import MATRIX_HOSPITAL, SLACK_HOSPITAL
from bot.demo.matrix_half import MatrixHalf
from bot.demo.paperwork import MatrixDesk, Pace, SlackDesk, write_configuration, write_key
from bot.demo.progress import Progress
from bot.demo.slack_half import SlackHalf
from bot.demo.world import World
from bot.domain.members import Role
from bot.standin.people import Person as MatrixPerson
from bot.standin.slack import Person as SlackPerson
from bot.standin.slack import SlackStandin, Workspace
from bot.standin.synapse import Synapse

BOT_HANDLE = "curbside"
SETTLING_SECONDS = 60.0
"""How long the invitations to everybody may take on a slow machine."""


async def open_world(folder: Path, *, pace: Pace | None = None, progress: Progress | None = None) -> World:
    """Start everything; raises ``SynapseFailed`` where the homeserver does not come up."""
    stack = AsyncExitStack()
    try:
        return await _Building(folder, pace or Pace(), progress or Progress(), stack).build()
    except BaseException:
        await stack.aclose()
        raise


@dataclass(slots=True)
class _Building:
    """Starts the parts in order and hands each one's end to ``stack``."""

    folder: Path
    pace: Pace
    progress: Progress
    stack: AsyncExitStack
    bell: Bell = field(default_factory=Bell)
    password: str = field(default_factory=lambda: secrets.token_urlsafe(18), repr=False)

    async def build(self) -> World:
        """Start part after part."""
        with self.progress.step("Slack stand-in: one workspace"):
            slack = await self._slack()
        with self.progress.step("Matrix homeserver: Synapse, SQLite, on loopback"):
            synapse = await self._synapse()
        with self.progress.step(f"{len(cast.of('matrix'))} people sign in at their own Matrix clients"):
            matrix = await self._matrix(synapse)
        with self.progress.step("the bot: databases, keys, both adapters"):
            bot = await self._bot(slack, synapse)
        world = World(slack, matrix, self.pace, self.bell, bot, synapse, self.stack)
        with self.progress.step("everybody but one is enrolled and in the consult rooms"):
            await self._enrol(world)
        return world

    async def _slack(self) -> SlackHalf:
        standin = await self.stack.enter_async_context(SlackStandin())
        name = SLACK_HOSPITAL.name.removesuffix(" Hospital")
        workspace = standin.add_workspace(name, domain=SLACK_HOSPITAL.domain, manifest=manifest())
        people = [hired(workspace, person) for person in cast.of("slack")]
        consult = workspace.add_channel(words.NAMES.consult, app_is_member=True)
        ward = workspace.add_channel(words.NAMES.ward, private=False, members=people)
        await self._carry(standin)
        return SlackHalf(standin, workspace, consult, ward)

    async def _carry(self, standin: SlackStandin) -> None:
        """Ring the world's bell at each change of the stand-in."""
        feed = standin.changes()
        self.stack.callback(feed.close)

        async def carry() -> None:
            async for _ in feed:
                self.bell.ring()

        await self._beside(asyncio.create_task(carry()))

    async def _beside(self, task: asyncio.Task[None]) -> None:
        async def end() -> None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

        self.stack.push_async_callback(end)

    async def _synapse(self) -> Synapse:
        synapse = Synapse(self.folder / "synapse", name=MATRIX_HOSPITAL.domain)
        self.stack.push_async_callback(asyncio.to_thread, synapse.stop)
        await asyncio.to_thread(synapse.start)
        return synapse

    async def _matrix(self, synapse: Synapse) -> MatrixHalf:
        bot = await asyncio.to_thread(synapse.register, BOT_HANDLE, self.password)
        half = MatrixHalf({}, bot)
        for person in cast.of("matrix"):
            user = await asyncio.to_thread(synapse.register, person.handle, self.password)
            half.people[user] = MatrixPerson(
                synapse.url, user, self.password, self.folder / "clients" / person.handle
            )
        for player in half.people.values():
            self.stack.push_async_callback(player.stop)
            await player.start()
        half.listen(self.bell.ring)
        return half

    async def _bot(self, slack: SlackHalf, synapse: Synapse) -> Bot:
        app = slack.workspace.app
        desk = SlackDesk(slack.standin.api_url, app.bot_token, app.app_token, slack.consult.id)
        account = MatrixDesk(synapse.url, f"@{BOT_HANDLE}:{synapse.name}", self.password)
        write_key(self.folder)
        bot = await Bot.open(load(write_configuration(self.folder, desk, account, self.pace)))
        self.stack.push_async_callback(bot.stop)
        await bot.start()
        return bot

    async def _enrol(self, world: World) -> None:
        players = world.slack.workspace
        for person in cast.CAST:
            if person.is_enrolled:
                await self._enrol_one(world, _account(players, world.synapse, person), person)
        await self._settled(world)

    async def _enrol_one(self, world: World, account: Account, person: cast.Person) -> None:
        name = person.name.removeprefix("Dr. ")
        await world.bot.wall.joining.enrol(account, name, person.specialty, Role(person.standing), by="demo")

    async def _settled(self, world: World) -> None:
        """Wait until the bot's welcome let everybody into the consult room of the own hospital."""
        workspace = world.slack.workspace
        awaited = {workspace.person(one.handle).id for one in cast.of("slack") if one.is_enrolled}

        def met() -> bool:
            kinds = [{room["kind"] for room in world.view(user)["rooms"]} for user in world.matrix.people]
            in_slack = awaited <= set(world.slack.consult.members)
            return in_slack and all({"home", "room"} <= shown for shown in kinds)

        await self.bell.until(met, SETTLING_SECONDS)


def hired(workspace: Workspace, person: cast.Person) -> SlackPerson:
    """Give a member of the cast an account in the workspace."""
    email = f"{person.handle}@{SLACK_HOSPITAL.domain}"
    return workspace.add_person(person.handle, real_name=person.name, display_name=person.name, email=email)


def _account(workspace: Workspace, synapse: Synapse, person: cast.Person) -> Account:
    if person.platform == "slack":
        return Account("slack", workspace.id, workspace.person(person.handle).id)
    return Account("matrix", synapse.name, f"@{person.handle}:{synapse.name}")
