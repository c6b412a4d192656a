"""Parked, with Slack's adapter: a channel or a token that is gone holds up its own workspace only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest
from aiohttp.test_utils import unused_port

from bot.adapters.slack import manifest
from bot.chat.events import Account
from bot.domain.members import Role
from bot.domain.pauses import Cause
from bot.identity.keys import create_key_file
from bot.ports.adapter import Check, ConfigurationRefused
from bot.standin.slack import Channel, Person, SlackStandin, Workspace
from tests.storage.templates import lay_out
from tests.stories.at_slack import in_order, post_a_case, said, stands
from tests.stories.clock import StoryChance
from tests.stories.whole import HastyClock, Whole, running
from tests.waiting import until

SITE = """
[[slack]]
name = "{name}"
bot_token = "{token}"
app_token = "{app}"
api_url = "{api}"
channel = "{channel}"
"""
CONFIG = """
data_dir = "var"
key_file = "{folder}/master.key"
{sites}
[moderators]
site = "city"
room = "{moderators}"

[http]
port = {port}

[relay]
undo_seconds = 0
delay_seconds = [0, 0]
"""
WELL = {"st-anna": {"ok": True}, "city": {"ok": True}}
NOT_IN_IT = (
    "I am not in the consult room of st-anna any more: I was taken out of it, or it was deleted. Invite me "
    "again, or ask the operator for another room; until then what is for it waits in its order, and all "
    "else goes on."
)
NOT_IN_IT_OPERATOR = (
    "The bot is not in the consult room any more, or the room was deleted. Invite it again, or name another "
    "room; what is for the room waits."
)
UNKNOWN = "Slack knows no such channel, or the app is not in it; check the id and invite the app."
LOCKED_OUT = (
    "I am locked out of st-anna: the platform does not take my login any more. What is for that room and "
    "for people there waits in its order; other sites go on. The operator sees with curbside doctor what to "
    "renew."
)
GOES_ON = "The consult room of st-anna goes on: what kept it paused is over."
SPENT = {
    "bot_token": "Slack answers token_revoked; make a new token, or reinstall the app, and start again "
    "(site st-anna)",
    "app_token": "Slack refuses the app-level token; make a new one with connections:write.",
}
WORDS = ("zero", "first", "second", "third")


@dataclass(repr=False)
class Towns:
    """Two hospitals: something goes wrong at St Anna; the moderators' room is at the other one."""

    folder: Path
    slack: SlackStandin
    anna: Workspace
    city: Workspace
    eva: Person
    ben: Person
    mona: Person
    room: Channel
    city_room: Channel
    moderators: Channel
    clock: HastyClock = field(default_factory=HastyClock)

    def configure(self) -> Path:
        """Write the operator's file, as things are now."""
        rooms = ((self.anna, self.room), (self.city, self.city_room))
        sites = [
            SITE.format(
                name=site.team.name,
                token=site.app.bot_token,
                app=site.app.app_token,
                api=self.slack.api_url,
                channel=channel.id,
            )
            for site, channel in rooms
        ]
        config = self.folder / "curbside.toml"
        written = CONFIG.format(
            folder=self.folder, sites="".join(sites), moderators=self.moderators.id, port=unused_port()
        )
        config.write_text(written, encoding="utf-8")
        return config

    def running(self) -> AbstractAsyncContextManager[Whole]:
        """Run the bot with the operator's file as things are now."""
        return running(self.configure(), self.members, clock=self.clock)

    def again(self) -> AbstractAsyncContextManager[Whole]:
        """Run the bot once more with the operator's file as it is."""
        return running(self.folder / "curbside.toml", self.members, clock=self.clock)

    @property
    def members(self) -> Mapping[Account, Role]:
        people = {self.eva: Role.PHYSICIAN, self.ben: Role.PHYSICIAN, self.mona: Role.MODERATOR}
        return {Account("slack", one.account.team, one.id): role for one, role in people.items()}

    async def settle_in(self) -> None:
        """Wait until everybody was welcomed, and let somebody at St Anna post a case."""
        await self.slack.until(lambda: all(person.dm() for person in (self.eva, self.ben, self.mona)))
        await post_a_case(self.slack, self.eva, "zero")
        await self.slack.until(lambda: stands("zero", self.room) and stands("zero", self.city_room))

    async def post(self, *words: str) -> None:
        """Post cases from the hospital where all is well, and wait until each stands there."""
        for one in words:
            await post_a_case(self.slack, self.ben, one)
            await self.slack.until(lambda: stands(one, self.city_room))  # noqa: B023 - it is awaited here

    async def tell_eva(self) -> None:
        """Give an opinion on the case that was posted at St Anna."""
        await self.ben.slash("/consult", "opinion 101 1) gout")

    @property
    def bot(self) -> str:
        return self.anna.app.bot_user_id

    def told(self) -> list[str]:
        """Give what moderators read of St Anna."""
        return [words for words in said(self.moderators) if "st-anna" in words]

    def tries(self) -> int:
        """Count the posts into the room that were refused."""
        calls = self.slack.calls_of("chat.postMessage")
        return sum(call.args.get("channel") == self.room.id and not call.ok for call in calls)

    def heard(self) -> bool:
        """Say whether the author at St Anna was told of the opinion."""
        return any("Something new" in message["text"] for message in self.eva.dm())

    def everything(self) -> list[str]:
        return in_order(self.room, *WORDS)


@pytest.fixture
async def towns(tmp_path: Path) -> AsyncIterator[Towns]:
    async with SlackStandin(seed=5, rate_limits=False) as slack:
        anna = slack.add_workspace("st-anna", manifest=manifest())
        city = slack.add_workspace("city", manifest=manifest())
        eva, ben, mona = anna.add_person("eva"), city.add_person("ben"), city.add_person("mona")
        room = anna.add_channel("consult", members=[eva], app_is_member=True)
        city_room = city.add_channel("consult", members=[ben, mona], app_is_member=True)
        moderators = city.add_channel("mods", members=[mona], app_is_member=True)
        create_key_file(tmp_path / "master.key", StoryChance(seed=1))
        await asyncio.to_thread(lay_out, tmp_path / "var")
        yield Towns(tmp_path, slack, anna, city, eva, ben, mona, room, city_room, moderators)


@dataclass(frozen=True)
class Trouble:
    """What somebody does to the channel, how that is mended, and what moderators and the operator read."""

    does: Callable[[Towns], object]
    mends: Callable[[Towns], object]
    told: str
    listed: str
    ready: str
    doctor: str


TROUBLES = {
    "archived": Trouble(
        lambda towns: setattr(towns.room, "archived", True),
        lambda towns: setattr(towns.room, "archived", False),
        "The consult room of st-anna is archived. Restore it, and see that I am still in it; until then what "
        "is for it waits in its order, and all else goes on.",
        "paused: it is archived",
        "The consult room is archived. Restore it, and see that the bot is still in it; what is for the room "
        "waits.",
        "This channel is archived; use another one, or restore it.",
    ),
    "put out": Trouble(
        lambda towns: towns.anna.team.move(towns.room, towns.bot, "member_left_channel"),
        lambda towns: towns.anna.team.move(towns.room, towns.bot, "member_joined_channel", towns.eva.id),
        NOT_IN_IT,
        "paused: I am not in it any more, or it was deleted",
        NOT_IN_IT_OPERATOR,
        UNKNOWN,
    ),
}


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_what_is_for_a_channel_that_takes_nothing_waits_and_leaves_in_order(
    towns: Towns, trouble: Trouble
) -> None:
    async with towns.running() as whole:
        await towns.settle_in()
        trouble.does(towns)
        await towns.post("first", "second")
        await until(partial(whole.is_paused, "st-anna", Cause.UNFIT))
        await towns.post("third")
        await towns.tell_eva()
        await towns.slack.until(towns.heard)

        assert (towns.everything(), towns.tries()) == (["zero"], 1)
        assert (await whole.waiting())["st-anna"] >= 3
        assert await whole.ready() == (200, {**WELL, "st-anna": {"ok": True, "problem": trouble.ready}})
        assert [await whole.number("curbside_paused", site) for site in ("st-anna", "city")] == [1, 0]
        assert await whole.number("curbside_connected", "st-anna") == 1
        doctor = await whole.doctor()
        assert doctor["st-anna channel"] == Check("st-anna channel", "fail", trouble.doctor)
        assert doctor["running st-anna"] == Check("running st-anna", "warn", trouble.ready)

        await towns.mona.slash("/consult", "mod rooms")
        await towns.slack.until(lambda: trouble.listed in str(towns.mona.ephemerals()))

        trouble.mends(towns)
        await all_arrived(towns, whole, trouble.told)
        assert towns.tries() == 1


async def test_moderators_hear_again_when_something_else_is_wrong(towns: Towns) -> None:
    archived, put_out = TROUBLES["archived"], TROUBLES["put out"]
    async with towns.running() as whole:
        await towns.settle_in()
        archived.does(towns)
        await until(partial(whole.is_paused, "st-anna", Cause.UNFIT))
        await towns.slack.until(towns.told)
        put_out.does(towns)
        archived.mends(towns)  # Whoever restores a channel may find the app gone from it.
        await towns.slack.until(lambda: len(towns.told()) > 1)
        assert await whole.problem("st-anna") == put_out.ready
        looks = len(towns.slack.calls_of("conversations.info"))
        await towns.slack.until(lambda: len(towns.slack.calls_of("conversations.info")) > looks + 4)
        put_out.mends(towns)
        await until(whole.goes_on)
        await towns.slack.until(lambda: len(towns.told()) > 2)
        assert towns.told() == [archived.told, put_out.told, GOES_ON]


async def test_what_was_for_a_channel_that_is_deleted_goes_to_the_one_that_takes_its_place(
    towns: Towns,
) -> None:
    async with towns.running() as whole:
        await towns.settle_in()
        del towns.anna.team.channels[towns.room.id]
        await towns.post("first", "second")
        await towns.tell_eva()
        await towns.slack.until(towns.heard)
        await until(partial(whole.is_paused, "st-anna", Cause.UNFIT))
        await towns.slack.until(towns.told)
        assert towns.told() == [NOT_IN_IT]
        assert await whole.problem("st-anna") == NOT_IN_IT_OPERATOR
        assert (await whole.doctor())["st-anna channel"].remedy == UNKNOWN

    towns.room = towns.anna.add_channel("consult-2", members=[towns.eva], app_is_member=True)
    async with towns.running() as whole:
        await until(whole.goes_on)
        await towns.slack.until(lambda: stands("second", towns.room))
        await towns.post("third")
        await towns.slack.until(lambda: stands("third", towns.room) and len(towns.told()) > 1)
        assert towns.everything() == ["first", "second", "third"]
        assert towns.told() == [NOT_IN_IT, GOES_ON]
        await until(whole.nothing_waits)
        assert [len(in_order(towns.room, words)) for words in ("Opinion 101.1", "zero")] == [1, 0]
        assert await whole.set_apart() == []


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth"])
async def test_a_token_that_is_taken_no_more_holds_up_its_workspace_until_there_is_another(
    towns: Towns, code: str
) -> None:
    async with towns.running() as whole:
        await towns.settle_in()
        app = towns.anna.app
        if code == "token_revoked":
            towns.slack.world.spent.add(app.bot_token)
        app.bot_token = towns.slack.world.mint.token("xoxb")
        await towns.post("first", "second")
        await until(partial(whole.is_paused, "st-anna", Cause.LOGIN))
        await towns.post("third")
        await towns.tell_eva()
        await towns.slack.until(towns.told)

        problem = f"Slack answers {code}; make a new token, or reinstall the app, and start again."
        assert await whole.ready() == (503, {**WELL, "st-anna": {"ok": False, "problem": problem}})
        assert [await whole.number("curbside_connected", site) for site in ("st-anna", "city")] == [0, 1]
        assert await whole.number("curbside_paused", "st-anna") == 1
        doctor = await whole.doctor()
        assert doctor["st-anna bot token"] == Check("st-anna bot token", "fail", problem)
        assert doctor["running st-anna"] == Check("running st-anna", "fail", problem)
        assert towns.told() == [LOCKED_OUT]
        assert (towns.everything(), towns.heard()) == (["zero"], False)
        assert towns.tries() <= 1
        assert await whole.set_apart() == []

    async with towns.running() as whole:
        await all_arrived(towns, whole, LOCKED_OUT)
        await towns.slack.until(towns.heard)


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
async def test_what_befell_a_channel_while_the_bot_was_away_does_not_keep_it_from_starting(
    towns: Towns, trouble: Trouble
) -> None:
    async with towns.running():
        await towns.settle_in()
    trouble.does(towns)
    async with towns.again() as whole:
        await until(partial(whole.is_paused, "st-anna", Cause.UNFIT))
        await towns.post("first", "second")
        await towns.tell_eva()
        await towns.slack.until(lambda: towns.heard() and towns.told())
        assert (towns.everything(), towns.tries()) == (["zero"], 0)
        assert await whole.ready() == (200, {**WELL, "st-anna": {"ok": True, "problem": trouble.ready}})

        trouble.mends(towns)
        await towns.post("third")
        await all_arrived(towns, whole, trouble.told)


@pytest.mark.parametrize("token", ["bot_token", "app_token"])
async def test_a_token_that_was_taken_back_while_the_bot_was_away_holds_up_its_workspace_only(
    towns: Towns, token: str
) -> None:
    async with towns.running():
        await towns.settle_in()
    spent = getattr(towns.anna.app, token)
    towns.slack.world.spent.add(spent)
    setattr(towns.anna.app, token, towns.slack.world.mint.token(spent.partition("-")[0]))
    async with towns.again() as whole:
        await towns.post("first", "second")
        assert await whole.ready() == (503, {**WELL, "st-anna": {"ok": False, "problem": SPENT[token]}})
        if token == "bot_token":
            await until(partial(whole.is_paused, "st-anna", Cause.LOGIN))
            await towns.slack.until(towns.told)
            assert (towns.told(), towns.everything()) == ([LOCKED_OUT], ["zero"])
        else:
            await towns.slack.until(lambda: stands("second", towns.room))  # It is deaf there, and not mute.

        setattr(towns.anna.app, token, spent)
        await until(whole.goes_on)
        await until(partial(ready, whole))
        await post_a_case(towns.slack, towns.eva, "third")
        await towns.slack.until(lambda: stands("third", towns.room) and stands("third", towns.city_room))
        assert towns.everything() == list(WORDS)
        assert towns.told() == ([LOCKED_OUT, GOES_ON] if token == "bot_token" else [])
        assert await whole.set_apart() == []


async def test_settings_that_never_worked_are_refused(towns: Towns) -> None:
    towns.room.archived = True
    with pytest.raises(ConfigurationRefused) as first:
        async with towns.running():
            pass
    towns.room.archived = False
    async with towns.running():
        await towns.settle_in()
    towns.room = towns.anna.add_channel("other", members=[towns.eva], app_is_member=False)
    with pytest.raises(ConfigurationRefused) as another:
        async with towns.running():
            pass

    place = "[[slack]] st-anna channel: "
    assert str(first.value).startswith(f"{place}This channel is archived; use another one, or restore it.")
    assert str(another.value).startswith(f"{place}Slack answers channel_not_found; check the id")


async def all_arrived(towns: Towns, whole: Whole, told: str) -> None:
    """Wait until the room goes on, and see that all that was for it stands there once and in order."""
    await until(whole.goes_on)
    await towns.slack.until(lambda: stands("third", towns.room) and len(towns.told()) > 1)
    assert towns.everything() == list(WORDS)
    assert towns.told() == [told, GOES_ON]
    assert await whole.ready() == (200, WELL)
    assert await whole.set_apart() == []


async def ready(whole: Whole) -> bool:
    return (await whole.ready())[0] == 200
