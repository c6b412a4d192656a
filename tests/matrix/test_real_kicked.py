"""A whole bot with an encrypted room that it is put out of, and with a login that its homeserver ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import unused_port

from bot.adapters.matrix.site import account_of
from bot.adapters.slack import manifest
from bot.chat.events import Account
from bot.domain.members import Role
from bot.domain.pauses import Cause
from bot.identity.keys import create_key_file
from bot.ports.adapter import Check
from bot.standin.people import Message
from bot.standin.people import Person as MatrixPerson
from bot.standin.slack import Channel, Person, SlackStandin, Workspace
from bot.standin.synapse import Synapse
from tests.matrix.rig import PASSWORD, Hospital, hospital, room_by_hand
from tests.storage.templates import lay_out
from tests.stories.at_slack import post_a_case, said, stands
from tests.stories.clock import StoryChance
from tests.stories.whole import HastyClock, Whole, running
from tests.waiting import until

pytestmark = pytest.mark.matrix_real
CONFIG = """
data_dir = "var"
key_file = "{folder}/master.key"

[[slack]]
name = "st-anna"
bot_token = "{token}"
app_token = "{app}"
api_url = "{api}"
channel = "{channel}"

[[matrix]]
name = "city"
homeserver = "{homeserver}"
user = "{user}"
password = "{password}"
room = "{room}"

[moderators]
site = "st-anna"
room = "{moderators}"

[http]
port = {port}

[relay]
undo_seconds = 0
delay_seconds = [0, 0]
"""
WORDS = ("zero", "first", "second", "third")
WELL = {"st-anna": {"ok": True}, "city": {"ok": True}}
NOT_IN_IT = (
    "I am not in the consult room of city any more: I was taken out of it, or it was deleted. Invite me "
    "again, or ask the operator for another room; until then what is for it waits in its order, and all "
    "else goes on."
)
NOT_IN_IT_OPERATOR = (
    "The bot is not in the consult room any more, or the room was deleted. Invite it again, or name another "
    "room; what is for the room waits."
)
LOCKED_OUT = (
    "I am locked out of city: the platform does not take my login any more. What is for that room and for "
    "people there waits in its order; other sites go on. The operator sees with curbside doctor what to "
    "renew."
)
ENDED = "The homeserver ended the bot's login; restart the bot, which logs in again by its password."
GOES_ON = "The consult room of city goes on: what kept it paused is over."


@dataclass(repr=False)
class Region:
    """St Anna on Slack with the moderators' room, and a homeserver where somebody else made the room."""

    folder: Path
    slack: SlackStandin
    anna: Workspace
    eva: Person
    maud: Person
    anna_room: Channel
    moderators: Channel
    city: Hospital
    ravi: MatrixPerson
    mona: MatrixPerson
    room: str
    clock: HastyClock = field(default_factory=HastyClock)

    def configure(self) -> Path:
        """Write the operator's file."""
        config = self.folder / "curbside.toml"
        written = CONFIG.format(
            folder=self.folder,
            token=self.anna.app.bot_token,
            app=self.anna.app.app_token,
            api=self.slack.api_url,
            channel=self.anna_room.id,
            moderators=self.moderators.id,
            homeserver=self.city.homeserver.url,
            user=self.bot,
            password=PASSWORD,
            room=self.room,
            port=unused_port(),
        )
        config.write_text(written, encoding="utf-8")
        return config

    @property
    def bot(self) -> str:
        return self.city.site.user

    def running(self) -> AbstractAsyncContextManager[Whole]:
        """Run the bot with the operator's file as things are now."""
        return running(self.configure(), self.members, clock=self.clock)

    def again(self) -> AbstractAsyncContextManager[Whole]:
        """Run the bot once more with the operator's file as it is."""
        return running(self.folder / "curbside.toml", self.members, clock=self.clock)

    @property
    def members(self) -> Mapping[Account, Role]:
        """Whoever is in the room when the bot starts has to be one."""
        return {
            Account("slack", self.anna.id, self.eva.id): Role.PHYSICIAN,
            Account("slack", self.anna.id, self.maud.id): Role.MODERATOR,
            account_of(self.ravi.user): Role.PHYSICIAN,
            account_of(self.mona.user): Role.MODERATOR,
        }

    async def settle_in(self) -> None:
        """Wait until everybody was let in, and let somebody post a case."""
        await self.slack.until(self.eva.dm)
        for person in (self.ravi, self.mona):
            await person.hear("You are in")
            await person.until(lambda: self.room in person.client.rooms)  # noqa: B023 - it is awaited here
        await self.post("zero")
        await self.ravi.hear("zero", self.room)

    async def post(self, *words: str) -> None:
        """Post cases from Slack, and wait until each stands there."""
        for one in words:
            await post_a_case(self.slack, self.eva, one)
            await self.slack.until(lambda: stands(one, self.anna_room))  # noqa: B023 - it is awaited here

    @property
    def home(self) -> str:
        """The room in which the bot welcomed somebody."""
        return next(message.room for message in self.ravi.read() if "You are in" in message.body)

    async def answer_at_home(self) -> None:
        """Give an opinion in the own chat, which its answer and the author's news show to go on."""
        await self.ravi.say(self.home, "!consult opinion 101 1) gout")
        await self.ravi.hear("gout", self.home)
        await self.slack.until(lambda: any("Something new" in one["text"] for one in self.eva.dm()))

    def told(self) -> list[str]:
        """Give what moderators read of the homeserver."""
        return [words for words in said(self.moderators) if "city" in words]

    def stands(self, reader: MatrixPerson) -> list[str]:
        """Give the cases that somebody can read in the room, in their order."""
        shown: list[Message] = reader.read(self.room)
        return [word for message in shown for word in WORDS if f"two weeks, {word}" in message.body]

    async def act(self, verb: str) -> None:
        """Do something to the bot's membership, as the room's admin."""
        act: Any = getattr(self.mona.client, f"room_{verb}")
        await act(self.room, self.bot)


@pytest.fixture
async def region(synapse: Synapse, tmp_path: Path) -> AsyncIterator[Region]:
    async with SlackStandin(seed=5, rate_limits=False) as slack, hospital(synapse, tmp_path) as city:
        anna = slack.add_workspace("st-anna", manifest=manifest())
        eva, maud = anna.add_person("eva"), anna.add_person("maud")
        anna_room = anna.add_channel("consult", members=[eva, maud], app_is_member=True)
        moderators = anna.add_channel("mods", members=[maud], app_is_member=True)
        ravi, mona = (await city.person())[0], (await city.person())[0]
        room = await room_by_hand(mona, city.site.user)
        create_key_file(tmp_path / "master.key", StoryChance(seed=1))
        await asyncio.to_thread(lay_out, tmp_path / "var")
        yield Region(tmp_path, slack, anna, eva, maud, anna_room, moderators, city, ravi, mona, room)


@pytest.mark.parametrize("verbs", [("kick", "invite"), ("ban", "unban", "invite")], ids=["kicked", "banned"])
async def test_what_is_for_a_room_that_the_bot_is_put_out_of_waits_and_leaves_in_order(
    region: Region, verbs: tuple[str, ...]
) -> None:
    async with region.running() as whole:
        await region.settle_in()
        out, *back = verbs
        await region.act(out)
        await region.post("first", "second")
        await until(partial(whole.is_paused, "city", Cause.UNFIT))
        await region.post("third")
        await region.answer_at_home()

        assert region.stands(region.ravi) == ["zero"]
        assert (await whole.waiting())["city"] >= 3
        assert await whole.ready() == (200, {**WELL, "city": {"ok": True, "problem": NOT_IN_IT_OPERATOR}})
        assert [await whole.number("curbside_paused", site) for site in ("city", "st-anna")] == [1, 0]
        assert await whole.number("curbside_connected", "city") == 1
        doctor = await whole.doctor()
        assert doctor["city consult room"].remedy == "room: The bot is not in this room; invite it."
        assert doctor["running city"] == Check("running city", "warn", NOT_IN_IT_OPERATOR)

        for verb in back:
            await region.act(verb)
        await all_arrived(region, whole, NOT_IN_IT)


@pytest.mark.parametrize("verbs", [("kick", "invite"), ("ban", "unban", "invite")], ids=["kicked", "banned"])
async def test_a_bot_that_was_put_out_while_it_was_away_starts_without_its_room(
    region: Region, verbs: tuple[str, ...]
) -> None:
    async with region.running():
        await region.settle_in()
    out, *back = verbs
    await region.act(out)
    async with region.again() as whole:
        await until(partial(whole.is_paused, "city", Cause.UNFIT))
        await region.post("first", "second", "third")
        await region.answer_at_home()
        assert region.stands(region.ravi) == ["zero"]
        assert await whole.ready() == (200, {**WELL, "city": {"ok": True, "problem": NOT_IN_IT_OPERATOR}})

        for verb in back:
            await region.act(verb)
        await all_arrived(region, whole, NOT_IN_IT)


async def all_arrived(region: Region, whole: Whole, told: str) -> None:
    """Wait until the room goes on, and see that all that was for it stands there once and in order."""
    await until(whole.goes_on)
    await region.slack.until(lambda: len(region.told()) > 1)
    for reader in (region.ravi, region.mona):
        await reader.hear("two weeks, third", region.room)
        assert region.stands(reader) == list(WORDS)
        assert reader.unreadable == {}
    assert region.told() == [told, GOES_ON]
    assert await whole.ready() == (200, WELL)
    assert await whole.set_apart() == []


async def test_a_login_that_the_homeserver_ends_holds_up_its_site_until_the_next_start(
    region: Region,
) -> None:
    async with region.running() as whole:
        await region.settle_in()
        await asyncio.to_thread(region.city.homeserver.log_out_everywhere, region.bot)
        # The question that is under way is answered first; something has to come in for that.
        await region.ravi.say(region.home, "!consult help")
        await until(partial(whole.is_paused, "city", Cause.LOGIN))
        await region.post("first", "second")
        await region.slack.until(region.told)

        assert await whole.ready() == (503, {**WELL, "city": {"ok": False, "problem": ENDED}})
        assert [await whole.number("curbside_connected", site) for site in ("city", "st-anna")] == [0, 1]
        assert await whole.number("curbside_paused", "city") == 1
        doctor = await whole.doctor()
        assert doctor["city login"] == Check(
            "city login", "warn", "The homeserver ended the bot's login; the next start logs in again."
        )
        assert doctor["running city"] == Check("running city", "fail", ENDED)
        assert not [check for check in doctor.values() if "M_UNKNOWN_TOKEN" in check.remedy]
        assert region.told() == [LOCKED_OUT]
        assert region.stands(region.ravi) == ["zero"]
        assert await whole.set_apart() == []

    async with region.running() as whole:
        await region.post("third")
        await all_arrived(region, whole, LOCKED_OUT)
