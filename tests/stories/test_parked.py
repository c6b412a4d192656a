"""Parked: a room that is gone and a platform that locks the bot out hold up only what is for them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.memory import MemoryAdapter
from bot.domain.pauses import Cause
from bot.frontdoor.doorkeeping import EVERY
from bot.ports.adapter import Later, Undeliverable
from bot.views.rooms import locked_out_card, went_on_card
from tests.stories.applying import moderator
from tests.stories.world import UNDO, World, enrol_everybody, open_world
from tests.views.test_views import words_of

KNOCKS = 100
LOCKED = "The platform answers that the token was revoked; make a new one and start again."


@dataclass
class Trouble:
    """Two sites: one where something is wrong, one that is well; each has somebody who asks."""

    world: World
    ill: MemoryAdapter
    well: MemoryAdapter

    async def ask(self, story: str) -> None:
        """Let somebody at the site that is well post a case, and wait until it should stand everywhere."""
        person = "ravi" if self.well is self.world.words else "ada"
        if person == "ravi":
            for words in (f"case {story} plaque", "done", "Biopsy?", "1", "skip"):
                await self.world.say("ravi", words)
        else:
            await self.world.command("ada", "case")
            await self.world.submit("ada", {"story": f"{story} plaque", "question": "Biopsy?"})
        await self.world.post(person)
        await self.world.wait(UNDO + 5)

    def archive(self) -> None:
        """Take the room away: whatever is said there is refused, and so is every look at it."""
        self.ill.room_faults += [Undeliverable("is_archived")] * KNOCKS
        self.ill.look_faults += [Undeliverable("is_archived")] * 100

    def mend(self) -> None:
        self.ill.room_faults.clear()
        self.ill.look_faults.clear()
        self.ill.locked_out = ""

    async def look(self) -> None:
        """Let the bot look at the room, as it does by itself."""
        await self.world.bot.door.doorkeeper.look(self.ill.site)
        await self.world.wait(EVERY)

    def stands(self, at: MemoryAdapter) -> list[str]:
        texts = [words_of(shown.card) for shown in at.room]
        return [word for text in texts for word in ("First", "Second", "Third") if f"{word} plaque" in text]

    async def pauses(self) -> list[tuple[str, Cause, bool]]:
        return [(one.room, one.cause, one.told) for one in await self.world.bot.backlog.paused()]


both_ways = pytest.mark.parametrize("ill", ["forms", "words"])


def trouble_at(world: World, ill: str) -> Trouble:
    """Have something wrong at one site of two."""
    one, other = (world.forms, world.words) if ill == "forms" else (world.words, world.forms)
    return Trouble(world, one, other)


@both_ways
async def test_an_archived_room_waits_as_a_whole_and_goes_on_in_order(world: World, ill: str) -> None:
    trouble = trouble_at(world, ill)
    trouble.ill.room_faults.append(Later(None))
    await trouble.ask("First")
    trouble.archive()
    await world.wait(3)
    assert len(trouble.ill.room_faults) == KNOCKS - 1
    for story in ("Second", "Third"):
        await trouble.ask(story)

    assert trouble.stands(trouble.well) == ["First", "Second", "Third"]
    assert trouble.stands(trouble.ill) == []
    assert await trouble.pauses() == [(ill, Cause.UNFIT, True)]
    assert await world.bot.backlog.quarantined() == ()
    assert "paused" in world.bot.health()[ill].problem
    assert len(trouble.ill.room_faults) == KNOCKS - 1

    trouble.mend()
    await trouble.look()
    assert trouble.stands(trouble.ill) == ["First", "Second", "Third"]
    assert await trouble.pauses() == []


@both_ways
async def test_a_site_that_locks_the_bot_out_goes_on_in_order(world: World, ill: str) -> None:
    trouble = trouble_at(world, ill)
    trouble.ill.locked_out = LOCKED
    await trouble.look()
    for story in ("First", "Second"):
        await trouble.ask(story)

    assert trouble.stands(trouble.well) == ["First", "Second"]
    assert await trouble.pauses() == [(ill, Cause.LOGIN, True)]
    assert await world.bot.backlog.quarantined() == ()
    health = world.bot.health()[ill]
    assert (health.connected, health.problem) == (False, LOCKED)

    trouble.mend()
    await trouble.look()
    assert trouble.stands(trouble.ill) == ["First", "Second"]
    assert await trouble.pauses() == []


async def test_moderators_read_where_the_bot_is_locked_out_and_that_it_is_over(tmp_path: Path) -> None:
    async with open_world(tmp_path, moderators="words") as world:
        await enrol_everybody(world)
        await moderator(world, "udo")
        trouble = Trouble(world, world.forms, world.words)
        trouble.ill.locked_out = LOCKED
        await trouble.look()
        await trouble.look()
        trouble.mend()
        await trouble.look()

        told = [words_of(shown.card) for shown in world.words.moderators]
        assert [text for text in told if "forms" in text] == [
            words_of(locked_out_card("forms")),
            words_of(went_on_card("forms")),
        ]


async def test_a_refusal_in_a_room_that_is_well_sets_that_message_apart_alone(world: World) -> None:
    trouble = trouble_at(world, "forms")
    trouble.ill.room_faults.append(Undeliverable("msg_too_long"))
    for story in ("First", "Second"):
        await trouble.ask(story)

    assert trouble.stands(trouble.ill) == ["Second"]
    assert await trouble.pauses() == []
    assert [(one.code, one.tries) for one in await world.bot.backlog.quarantined()] == [("msg_too_long", 1)]


async def test_a_refusal_that_may_be_late_news_is_tried_again_before_it_counts(world: World) -> None:
    trouble = trouble_at(world, "words")
    trouble.ill.room_faults.append(Undeliverable("forbidden"))
    await trouble.ask("First")
    assert trouble.stands(trouble.ill) == []
    trouble.ill.look_faults += [Undeliverable("not_in_room")] * 2
    await trouble.look()
    assert await trouble.pauses() == [("words", Cause.UNFIT, True)]
    trouble.mend()
    await trouble.look()
    assert trouble.stands(trouble.ill) == ["First"]
    assert await world.bot.backlog.quarantined() == ()


async def test_a_room_that_cannot_be_looked_at_is_tried_three_times(world: World) -> None:
    trouble = trouble_at(world, "forms")
    trouble.ill.room_faults += [Undeliverable("restricted_action")] * 3
    trouble.ill.look_faults += [Later(None)] * 1000
    await trouble.ask("First")
    for _ in range(3):
        await world.wait(60)

    assert [(one.code, one.tries) for one in await world.bot.backlog.quarantined()] == [
        ("restricted_action", 3)
    ]
    assert trouble.ill.room_faults == []
