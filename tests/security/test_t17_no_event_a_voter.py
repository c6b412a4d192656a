"""T-17: no vote leaves anything in a room; and no message, reaction or native poll there is a vote."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from nio import RoomMessagesResponse, RoomSendResponse

from bot.adapters.matrix.site import account_of
from bot.chat.events import Kind, Place
from bot.demo import cast
from bot.demo.building import open_world as open_demo
from bot.demo.paperwork import Pace
from bot.demo.progress import Progress
from bot.demo.stage import Json
from bot.demo.story.players import AtMatrix, AtSlack
from bot.demo.world import World as Demo
from bot.domain.members import MemberId
from bot.domain.poll_tally import Urn
from bot.domain.polls import Poll
from bot.views.home import native_card
from tests.matrix.rig import missing_synapse
from tests.stories.polling import KINDS, asked, ballots_in, put
from tests.stories.world import enrol_everybody, open_world
from tests.views.test_views import words_of

IN_SLACK: Mapping[str, Mapping[str, Any]] = {
    "rafael": {
        "single": "Biopsy",
        "likert": "Agree",
        "multiple": ["1", "3"],
        "ranking": "213",
        "number": "5",
    },
    "amina": {"single": "Watch", "likert": "Disagree", "multiple": ["2"], "ranking": "1>2>3", "number": "0"},
    "meilin": {"single": "Watch", "likert": "Agree", "multiple": ["4"], "ranking": "4", "number": "?"},
}
"""What three press or send in Slack."""
IN_MATRIX: Mapping[str, Mapping[str, str]] = {
    "tomasz": {"single": "1", "likert": "2", "multiple": "1,2", "ranking": "2>1>3", "number": "7.5"},
    "leilani": {"single": "watch", "likert": "6", "multiple": "3 1", "ranking": "3 2 1", "number": "7,5 mg"},
    "kofi": {"single": "?", "likert": "5", "multiple": "2", "ranking": "don't know", "number": "20"},
}
"""What three write on Matrix."""
ASKING = "noor"
SECONDS = 60.0
"""How long an answer may take on a slow machine."""
WRONG = {"single": "9", "likert": "1,2", "multiple": "1,2,3", "ranking": "1>2", "number": "21"}


async def test_t_17_what_is_said_or_pressed_natively_in_a_room_is_no_vote(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        poll = await asked(world)
        for site, person in ((world.forms, "ada"), (world.words, "ravi")):
            await site.does(person, Kind.NATIVE, "vote 101 2", place=Place.ROOM)
            await world.settle()
            assert world.answer(person) == words_of(native_card())
        assert await ballots_in(world, poll) == 0


@pytest.fixture
async def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Demo]:
    if reason := missing_synapse():
        pytest.skip(reason)
    voters = (*IN_SLACK, *IN_MATRIX, ASKING)
    monkeypatch.setattr(cast, "CAST", tuple(one for one in cast.CAST if one.handle in voters))
    opened = await open_demo(tmp_path, pace=Pace(undo=0, delay=(0.0, 0.0)), progress=Progress(StringIO()))
    try:
        yield opened
    finally:
        await opened.close()


@pytest.mark.matrix_real
@pytest.mark.timeout(240)
async def test_t_17_a_poll_of_each_kind_leaves_its_own_posts_in_the_rooms_and_nothing_a_voter(
    demo: Demo,
) -> None:
    rooms = Rooms(demo)
    author = await rooms.author()
    polls = {
        # Polls that ask nearly the same would bar each other's results.
        kind: await put(demo.bot.house, author, *KINDS[kind], question=f"What first? {kind}")
        for kind in KINDS
    }
    await rooms.hold(len(polls))
    before = await rooms.transcript()

    await asyncio.gather(*(rooms.vote_in_slack(name, polls) for name in IN_SLACK))
    await asyncio.gather(*(rooms.vote_on_matrix(name, polls) for name in IN_MATRIX))
    assert await rooms.transcript() == before
    voted = [await rooms.urn(poll) for poll in polls.values()]
    assert [urn.ballots for urn in voted] == [len(IN_SLACK) + len(IN_MATRIX)] * len(polls)

    assert await rooms.try_on_matrix() == ["M_FORBIDDEN"] * 4
    await rooms.try_in_slack(polls["single"])
    assert [await rooms.urn(poll) for poll in polls.values()] == voted

    for poll in polls.values():
        await rooms.close(poll)
    slack, matrix = await rooms.transcript()
    said = [event for event in matrix if event["state_key"] is None]
    assert {(event["type"], event["sender"]) for event in said} == {("m.room.message", demo.matrix.bot)}
    relations = [event["content"].get("m.relates_to", {}).get("rel_type", "") for event in said]
    assert relations.count("") == len(polls)
    assert relations.count("m.replace") == len(polls)
    assert set(relations) == {"", "m.replace", "m.thread"}
    by_bot = [one for one in slack if one.get("bot_id")]
    assert len(by_bot) == 2 * len(polls)
    assert len(slack) == len(by_bot) + 2, "what rafael wrote himself"
    assert [call.method for call in demo.slack.standin.calls if "reaction" in call.method] == []


def _native(poll: str) -> tuple[tuple[str, Json], ...]:
    """Give what clients send for a reaction, for answers to native polls, and for words."""
    answers = {"m.relates_to": {"rel_type": "m.reference", "event_id": poll}, "m.selections": ["1"]}
    return (
        ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": poll, "key": "1"}}),
        ("m.poll.response", answers),
        ("org.matrix.msc3381.poll.response", answers),
        ("m.room.message", {"msgtype": "m.text", "body": "!consult vote 101 2"}),
    )


class Rooms:
    """Both consult rooms of the demo's hospitals, and people at their clients."""

    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._consult = self.at_matrix(ASKING).consult

    async def author(self) -> MemberId:
        """Give the member who asks."""
        user = self.at_matrix(ASKING).person.user
        known = await self._demo.bot.wall.who(account_of(user))
        assert known is not None
        return known.member

    async def hold(self, polls: int) -> None:
        """Wait until all polls stand in both rooms."""
        reader = self.at_matrix("tomasz")

        def met() -> bool:
            there = [one for one in reader.person.read(reader.consult) if "What first?" in one.body]
            return len(there) == len(self._in_slack()) == polls

        await self._demo.bell.until(met, SECONDS)

    async def transcript(self) -> tuple[list[Json], list[Json]]:
        """Give all that both rooms hold, as the platforms keep it, decrypted where it was encrypted."""
        client = self.at_matrix("tomasz").person.client
        answer = await client.room_messages(self._consult, start="", limit=200)
        assert isinstance(answer, RoomMessagesResponse)
        kept = ("event_id", "type", "state_key", "sender", "content")
        events = [{name: event.source.get(name) for name in kept} for event in answer.chunk]
        return self._in_slack(), events

    def _in_slack(self) -> list[Json]:
        """Give what was said in the channel; Slack itself tells there who came in."""
        said = [message.wire() for message in self._demo.slack.consult.messages]
        return [one for one in said if one.get("subtype") not in ("channel_join", "group_join")]

    async def vote_in_slack(self, name: str, polls: Mapping[str, Poll]) -> None:
        """Vote in each poll by button or form; rafael in a wrong way too, and twice."""
        player = AtSlack(name, self._demo.slack.workspace.person(name), self._demo.slack)
        for kind, poll in polls.items():
            await self._press(player, kind, poll, "Your vote counted")
            if name == "rafael":
                await player.types(f"/consult vote {poll.number} {WRONG[kind]}")
                await self._told(player, f"vote {poll.number}")
                await self._press(player, kind, poll, "Your vote was changed")

    async def _press(self, player: AtSlack, kind: str, poll: Poll, answer: str) -> None:
        choice, card = IN_SLACK[player.name][kind], player.in_room(f"Poll {poll.number}")
        if kind in ("single", "likert"):
            await player.presses(choice, card)
        else:
            await player.presses("Vote", card)
            await self._demo.bell.until(lambda: player.person.modal, SECONDS)
            await player.sends({"choice": choice})
        await self._told(player, answer)
        if player.person.modal is not None:
            await player.person.close_modal(everything=True)

    async def vote_on_matrix(self, name: str, polls: Mapping[str, Poll]) -> None:
        """Vote in each poll in one line; kofi in a wrong way too, and again where the bot asks."""
        player = self.at_matrix(name)
        for kind, poll in polls.items():
            await self._write(player, f"vote {poll.number} {IN_MATRIX[name][kind]}", "Your vote counted")
            if name == "kofi":
                await self._write(player, f"vote {poll.number} {WRONG[kind]}", f"vote {poll.number}")
                await self._write(player, f"vote {poll.number}", "What first?")
                await self._write(player, IN_MATRIX[name][kind], "Your vote was changed")

    async def _write(self, player: AtMatrix, text: str, answer: str) -> None:
        await player.writes(text)
        await self._told(player, answer)

    async def try_on_matrix(self) -> list[str]:
        """Let somebody react, answer a poll, and type in the consult room; gives what the server said."""
        player, told = self.at_matrix("kofi"), []
        client = player.person.client
        for kind, content in _native(player.person.read(player.consult)[0].id):
            answer = await client.room_send(self._consult, kind, content, ignore_unverified_devices=True)
            told.append("" if isinstance(answer, RoomSendResponse) else str(answer.status_code))
        return told

    async def try_in_slack(self, poll: Poll) -> None:
        """Let somebody write a vote into the channel and a thread, and react; a warning comes each time."""
        player = AtSlack("rafael", self._demo.slack.workspace.person("rafael"), self._demo.slack)
        root = player.in_room(f"Poll {poll.number}")
        assert root is not None
        await player.person.react(root, "two")
        for thread in (None, root):
            player.looks_away()
            await player.person.say(self._demo.slack.consult, f"vote {poll.number} 2", thread=thread)
            await self._told(player, "under your own name")

    async def urn(self, poll: Poll) -> Urn:
        async with self._demo.bot.house.content.work() as work:
            return await work.polls.urn(poll)

    async def close(self, poll: Poll) -> None:
        """Close a poll and wait until result and chart stand in both rooms."""
        player, result = self.at_matrix(ASKING), f"Poll {poll.number}: result"
        await self._write(player, f"endpoll {poll.number}", "is closed")
        edited = await self._demo.bell.until(lambda: player.in_room(result), SECONDS)
        root = await self._demo.bell.until(lambda: self._shown_in_slack(result), SECONDS)
        await self._demo.bell.until(lambda: self._demo.slack.consult.replies(root), SECONDS)
        await self._demo.bell.until(lambda: player.picture_in_thread(edited.id), SECONDS)

    def _shown_in_slack(self, words: str) -> str:
        """Find the time of the message that shows some words; empty where there is none."""
        return next((str(one["ts"]) for one in self._in_slack() if words in str(one)), "")

    async def _told(self, player: AtSlack | AtMatrix, words: str) -> None:
        await self._demo.bell.until(lambda: player.told(words), SECONDS)

    def at_matrix(self, name: str) -> AtMatrix:
        user = f"@{name}:{self._demo.synapse.name}"
        rooms = {room["kind"]: room["id"] for room in self._demo.view(user)["rooms"]}
        person = self._demo.matrix.people[user]
        return AtMatrix(name, person, self._demo.matrix.bot, rooms["home"], rooms["room"])
