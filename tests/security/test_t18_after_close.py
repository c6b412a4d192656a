"""T-18: after the close no byte leads from a ballot to a person, with all keys; before it, none without."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.chat.events import Account, Event, Kind, Place
from bot.domain.polls import Poll
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from storage.content import work as unit
from storage.content.poll_codec import read_ballot
from storage.sqlite import SqliteDatabase
from tests.security.urn_thief import opened, places
from tests.storage.handed_in import disk
from tests.stories.clock import StoryChance
from tests.stories.world import UNDO, World, enrol_everybody, open_world

CHOICES = {"ben": 1, "cleo": 2, "dara": 1, "ravi": 3, "sana": 2, "tove": 1}
"""What people have voted in the end; before that each of them voted otherwise."""
VOTE = re.compile(rb"vote 101 (\d)|\"vote 101\"")


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path) as opened_world:
        await enrol_everybody(opened_world)
        await opened_world.settle()
        yield opened_world


@dataclass
class Urn:
    """What a test knows of an open poll, and nobody should know afterwards."""

    poll: Poll
    key: bytes
    voters: dict[str, str]
    """The name that each person's ballot has in the urn."""

    def ballots(self, found: dict[str, bytes]) -> dict[str, int]:
        """Read out of what a thief has opened who voted for what."""
        return {
            person: read_ballot(found[place], 0)[0][0] + 1
            for person, voter in self.voters.items()
            if (place := f"ballots|sealed|{self.poll.id}|{voter}") in found
        }


def sealer_of(world: World) -> AesSealer:
    """Give the sealer with the bot's own keys, as the master key opens them."""
    content: Any = world.bot.house.content
    sealer: AesSealer = content._sealer
    return sealer


async def voted(world: World) -> Urn:
    """Let everybody vote twice, on both platforms, by button, word and form."""
    await world.command("ada", 'poll "Tap it?" yes | no | later')
    await world.post("ada")
    await world.wait(UNDO + 5)
    for person, choice in CHOICES.items():
        await world.say(person, f"vote 101 {choice % 3 + 1}")
        assert "Your vote was changed" in await voted_again(world, person, choice)
    voters = {}
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(101)
        assert poll is not None
        key = await work.polls.urn_key(poll)
    for person in CHOICES:
        known = await world.bot.wall.who(world.site_of(person).account(person))
        assert known is not None
        voters[person] = world.bot.wall.voter(known.person, key, poll.id)
    return Urn(poll, key, voters)


async def voted_again(world: World, person: str, choice: int) -> str:
    """Vote by word, by button where there are some, or by answering a question."""
    if person == "ben":
        return await world.press(person, ("yes", "no", "later")[choice - 1])
    if person == "ravi":
        await world.say(person, "vote 101")
        return await world.say(person, str(choice))
    return await world.say(person, f"vote 101 {choice}")


async def waiting(world: World) -> None:
    """Leave votes that are no ballots yet: of a site that is gone, half asked, and edited early."""
    content: Any = world.bot.house.content
    somebody = Account("memory", "gone", "udo")
    pressed = Event(id="1", account=somebody, place=Place.HOME, kind=Kind.COMMAND, text="vote 101 2")
    filled = Event(
        id="2", account=somebody, place=Place.HOME, kind=Kind.FORM, text="vote 101", values={"choice": "3"}
    )
    asked = Event(id="3", account=somebody, place=Place.HOME, kind=Kind.COMMAND, text="vote 1010 2")
    await content.inbox.accept("gone", (pressed, filled, asked), None)
    await world.say("udo", "vote 101")
    await world.say("tove", "case")
    await world.say("tove", "She said: vote 101 2 is what I would do.")
    async with content.work() as work:
        early = b'["edited", "vote 101 3"]'
        await work.dialogs.put("early:udo:1", early, world.clock.now().replace(year=2027))


def copied(folder: Path, to: str) -> Path:
    """Copy the data folder as it lies there, logs and all, while the bot runs."""
    shutil.copytree(folder / "var", folder / to, ignore=shutil.ignore_patterns("*.bell"))
    return folder / to


def votes_in(found: dict[str, bytes]) -> set[str]:
    """Say where a vote that is no ballot was opened."""
    return {
        place.partition("|")[0]
        for place, value in found.items()
        if VOTE.search(value.replace(b"\\", b"")) and b'"prompt": ["' not in value
    }


def without_keys(urn: Urn, taken: Path, known: set[str], key_id: bytes) -> None:
    """See that a thief without the keys opens nothing, and reads no vote in the bytes as they are."""
    stranger = AesSealer(MasterKey(b"another key that fits nothing..."), StoryChance())
    assert opened(taken, stranger, known, key_id) == {}
    left = disk(taken)
    assert urn.key not in left
    assert urn.key.hex().encode() not in left
    # A button of the poll's card is a vote of nobody's: one stands there for every option.
    buttons = {b"vote 101 %d" % option for option in (1, 2, 3, 4)}
    assert {found[0] for found in VOTE.finditer(left)} <= buttons
    assert not [person for person in CHOICES if b"%s Planted" % person.capitalize().encode() in left]


async def test_t_18_after_close_no_key_opens_a_choice_or_a_voter(world: World, tmp_path: Path) -> None:
    urn = await voted(world)
    await waiting(world)
    sealer, open_copy = sealer_of(world), copied(tmp_path, "open")
    known = places(open_copy)
    without_keys(urn, open_copy, known, sealer.current)
    found = opened(open_copy, sealer, known)
    assert urn.ballots(found) == CHOICES, "with the keys an open urn is readable: that is the limit"
    assert len([place for place in found if place.startswith("ballots")]) == len(CHOICES), "none was added"
    assert found[f"polls|urn_key|{urn.poll.id}"] == urn.key
    assert votes_in(found) == {"inbox", "dialogs"}

    await world.command("ada", "endpoll 101")
    await world.settle()
    closed_copy = copied(tmp_path, "closed")
    found = opened(closed_copy, sealer, known | places(closed_copy))
    # How many of each specialty were shown stays for a month, for polls that ask the same; it names nobody.
    shown = f"polls|releases|{urn.poll.id}"
    assert {place for place in found if place.startswith(("ballots", "polls"))} == {shown}
    assert sum(json.loads(found.pop(shown))["came"][0].values()) == len(CHOICES)
    assert votes_in(found) == set()
    left = disk(closed_copy)
    assert not [
        voter for voter in urn.voters.values() if voter.encode() in left or bytes.fromhex(voter) in left
    ]
    assert urn.key not in left
    assert urn.key.hex().encode() not in left

    tove = f"talk:{world.bot.wall.talk_key(world.words.account('tove'))}"
    async with world.bot.house.content.work() as work:
        assert b"She said: vote 101 2" in (await work.dialogs.get(tove) or b""), "what is no vote stays"
    assert [value for value in found.values() if b"vote 1010 2" in value]
    async with world.bot.house.content.work() as work:
        poll = await work.polls.get(urn.poll.id)
        assert poll is not None
        assert [await work.polls.choice_of(poll, voter) for voter in urn.voters.values()] == [None] * 6


@pytest.mark.parametrize("weakness", ["no checkpoint", "waiting votes stay"])
async def test_t_18_the_thief_finds_what_a_careless_close_would_leave(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weakness: str
) -> None:
    urn = await voted(world)
    await waiting(world)
    known = places(tmp_path / "var")
    if weakness == "no checkpoint":
        monkeypatch.setattr(SqliteDatabase, "truncate", _nothing)
    else:
        monkeypatch.setattr(unit, "forget_votes", _nothing)
    await world.command("ada", "endpoll 101")
    await world.settle()
    found = opened(copied(tmp_path, "closed"), sealer_of(world), known)
    if weakness == "no checkpoint":
        assert urn.ballots(found)
    else:
        assert votes_in(found) == {"inbox", "dialogs"}


async def _nothing(*_: object) -> bool:
    return True
