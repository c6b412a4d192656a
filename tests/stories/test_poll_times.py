"""Polls open and close by time or by count, show how they stand in between, and tell whoever may read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.members import Role
from bot.domain.poll_terms import Shows
from bot.domain.poll_times import timed
from bot.domain.polls import Poll, PollState
from bot.views import poll_chart
from bot.views.poll import poll_card
from tests import server
from tests.security.test_t07_permissions import put_into
from tests.stories.test_case_crosses import posted
from tests.stories.world import UNDO, World, enrol_everybody, open_world

MINUTE, HOUR = 60, 3600
SIX = ("ben", "cleo", "dara", "ravi", "sana", "tove")


async def asked(world: World, **terms: Any) -> Poll:
    """Let Ada ask poll 101, on terms that nobody has voted under yet; gives it as it stands."""
    await world.command("ada", 'poll "Tap it?" yes | no')
    await world.post("ada")
    opens = terms.pop("opens_in", None)
    closes = terms.pop("closes_in", None)
    now = world.clock.now()
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(101)
        assert poll is not None
        author = await work.members.get(poll.author)
        assert author is not None
        told = replace(
            poll.terms,
            opens_at=now + timedelta(seconds=opens) if opens else None,
            closes_at=now + timedelta(seconds=closes) if closes else None,
            **terms,
        )
        poll = timed(replace(poll, terms=told), now)
        await work.polls.replace(poll)
        await work.outbox.edit(poll.subject, poll_card(poll, author), revision=poll.revision)
    await world.wait(UNDO + 5)
    return poll


async def voted(world: World, people: tuple[str, ...] = SIX, choice: int = 1) -> None:
    for person in people:
        assert "Your vote" in await world.say(person, f"vote 101 {choice}")


async def poll_now(world: World) -> Poll:
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(101)
    assert poll is not None
    return poll


async def spoil(folder: Path, *statements: str) -> None:
    await server.change(folder / "var", "content", *statements)


def rooms(world: World) -> list[str]:
    """Give what both rooms show, which is the same but for what stands where."""
    said = world.room(world.forms)
    assert said == world.room(world.words)
    return said


async def test_a_poll_opens_at_its_hour_and_closes_at_its_hour(world: World) -> None:
    await asked(world, opens_in=HOUR, closes_in=3 * HOUR)
    (card,) = rooms(world)
    assert "Opens Sun 1 Mar 2026, 10:00 UTC" in card
    assert not world.forms.room[0].card.buttons
    assert "not open yet" in await world.say("ben", "vote 101 1")
    assert "It opens on Sun 1 Mar 2026, 10:00 UTC" in await world.say("ben", "results 101")

    await world.wait(HOUR)
    assert world.forms.room[0].card.buttons
    (card,) = rooms(world)
    assert "Opens" not in card
    assert "Closes Sun 1 Mar 2026, 12:00 UTC" in card
    await voted(world)

    before = len(world.home("ada"))
    await world.wait(2 * HOUR)
    card, result = rooms(world)
    assert "Result of poll 101" in world.forms.room[0].card.notice
    assert "yes: 6 of 6 (100 %, 61–100 %)" in card
    assert "6 physicians and trainees voted" in result
    assert world.forms.room[1].card.pictures
    assert "is closed" in await world.say("udo", "vote 101 1")
    assert len(world.home("ada")) == before + 1
    await world.wait(24 * HOUR)
    assert len(rooms(world)) == 2
    assert len(world.home("ada")) == before + 1


async def test_a_poll_closes_soon_after_enough_have_voted_and_not_with_the_vote(tmp_path: Path) -> None:
    async with open_world(tmp_path, delay=(5.0, 5.0)) as world:
        await enrol_everybody(world)
        await closes_soon_after_six(world)


async def closes_soon_after_six(world: World) -> None:
    await asked(world, closes_after=6)
    assert "Closes soon after 6 votes" in rooms(world)[0]
    await voted(world, SIX[:5])
    await world.wait(HOUR)
    await voted(world, SIX[:5], 2)
    await world.wait(HOUR)
    assert (await poll_now(world)).state is PollState.OPEN
    await voted(world, SIX[5:], 2)
    assert (await poll_now(world)).state is PollState.OPEN
    await voted(world, ("udo",), 2)
    await world.wait(MINUTE)
    assert (await poll_now(world)).state is PollState.CLOSED
    assert "no: 7 of 7" in rooms(world)[0]


async def test_how_a_poll_stands_is_shown_to_those_who_voted_and_now_and_then(world: World) -> None:
    await asked(world, shows=Shows.SNAPSHOTS)
    before = rooms(world)
    await voted(world, SIX[:4])
    await world.wait(HOUR)
    assert "Too few have voted" in await world.say("ben", "results 101")
    await voted(world, SIX[4:5])
    assert "Too few have voted" in await world.say("ben", "results 101")
    assert rooms(world) == before
    await world.wait(10 * MINUTE)

    assert "yes: 5 of 5" in await world.say("ben", "results 101")
    assert "The poll is still open" in world.answer("ben")
    assert "yes: 5 of 5" in await world.command("ada", "results 101")
    assert "Vote first" in await world.say("udo", "results 101")
    assert [words for words in rooms(world) if "At least 5 have voted so far" in words]

    await voted(world, SIX[5:], 2)
    await voted(world, SIX[:2], 2)
    edited = rooms(world)
    await world.wait(HOUR)
    assert rooms(world) == edited
    assert "yes: 5 of 5" in await world.say("tove", "results 101")
    await world.command("ada", "endpoll 101")
    await world.settle()
    final = await poll_now(world)
    assert final.result is not None
    assert final.result.counts.ballots == 5
    assert final.result.held_back == 1


async def test_a_result_for_its_author_alone_is_told_at_home_and_nowhere_else(world: World) -> None:
    await asked(world, shows=Shows.AUTHOR, closes_in=HOUR)
    await voted(world)
    assert "goes to its author alone" in await world.say("ben", "results 101")
    await world.wait(HOUR)
    (card,) = rooms(world)
    assert "Closed. The result goes to its author alone" in card
    assert "6" not in card
    assert "went to its author alone" in await world.say("ben", "results 101")
    assert "yes: 6 of 6" in await world.command("ada", "results 101")
    told = world.home("ada")
    assert [words for words in told if "results 101" in words]
    assert not [words for words in told if "6 of 6" in words], "Ada's chat is Slack's and not private"


async def test_a_result_for_an_author_whose_chat_is_private_comes_with_its_chart(world: World) -> None:
    await world.say("ravi", 'poll "Tap it?" yes | no')
    await world.post("ravi")
    await world.wait(UNDO + 5)
    async with world.bot.house.content.work() as work:
        poll = await work.polls.by_number(101)
        assert poll is not None
        await work.polls.replace(replace(poll, terms=replace(poll.terms, shows=Shows.AUTHOR)))
    await voted(world, (*SIX[:3], *SIX[4:], "udo"))
    assert "comes to you alone" in await world.say("ravi", "endpoll 101")
    await world.settle()
    told = world.words.homes["ravi"][-1]
    assert "yes: 6 of 6" in world.home("ravi")[-1]
    assert told.card.pictures


async def test_a_stop_makes_what_is_due_late_and_doubles_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        await asked(world, opens_in=HOUR, closes_in=3 * HOUR)
        then = world.clock.now()
    async with open_world(tmp_path, life=2, start=then + timedelta(hours=9)) as world:
        await world.settle()
        assert (await poll_now(world)).state is PollState.CLOSED
        assert len(world.home("ada")) == 1
        await world.wait(HOUR)
        assert len(world.home("ada")) == 1


async def test_a_broken_poll_does_not_stop_another(world: World, tmp_path: Path) -> None:
    await asked(world, closes_in=HOUR)
    await world.command("ben", 'poll "Once more?" yes | no')
    await world.post("ben")
    async with world.bot.house.content.work() as work:
        other = await work.polls.by_number(102)
        assert other is not None
        due = world.clock.now() + timedelta(hours=1)
        await work.polls.replace(timed(replace(other, terms=replace(other.terms, closes_at=due)), due))
    await spoil(tmp_path, "UPDATE polls SET tally = urn_key WHERE number = 101")
    faults: list[Exception] = []
    world.clock.pass_(2 * HOUR)
    await world.bot.timekeeper.keep(faults.append)
    assert len(faults) == 1
    async with world.bot.house.content.work() as work:
        other = await work.polls.by_number(102)
    assert other is not None
    assert other.state is PollState.CLOSED


async def test_a_stop_between_close_and_chart_only_makes_the_result_late(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await asked(world, closes_in=HOUR)
    await voted(world)
    with monkeypatch.context() as patched:
        patched.setattr(poll_chart, "poll_chart", _stopped)
        world.clock.pass_(HOUR)
        await world.bot.timekeeper.keep(lambda _: None)
    assert (await poll_now(world)).state is PollState.CLOSED
    assert not world.forms.room[1:]
    for _ in range(2):
        await world.settle()
        assert "6 physicians and trainees voted" in rooms(world)[1]
        assert len(rooms(world)) == 2


def _stopped(*_: object) -> bytes:
    raise OSError("the machine stopped here")


async def test_polls_that_came_back_without_urns_are_closed_and_the_author_told(
    world: World, tmp_path: Path
) -> None:
    await asked(world)
    await voted(world)
    await spoil(
        tmp_path, "UPDATE polls SET urn_key = NULL, tally = NULL, releases = NULL", "DELETE FROM ballots"
    )
    await world.settle()
    (card,) = rooms(world)
    assert "Closed without a result" in card
    assert [words for words in world.home("ada") if "is closed" in words]
    assert "is closed" in await world.say("ben", "vote 101 1")
    assert "is closed" in await world.command("ada", "endpoll 101")


async def test_a_moderator_closes_a_poll_and_its_author_is_told(world: World, tmp_path: Path) -> None:
    await asked(world, shows=Shows.AUTHOR)
    await voted(world)
    assert "no poll 101" in (await world.say("sana", "endpoll 101")).casefold()
    udo = await world.bot.wall.who(world.words.account("udo"))
    assert udo is not None
    await put_into(tmp_path, udo.member, Role.MODERATOR)
    assert "Poll 101 is closed. Its author is told" in await world.say("udo", "endpoll 101")
    assert "went to its author alone" in await world.say("udo", "results 101")
    assert [words for words in world.home("ada") if "Poll 101 is closed" in words]
    assert "Poll 101 is closed" in await world.say("udo", "endpoll 101")


async def test_a_poll_goes_with_the_case_that_it_hangs_on(world: World) -> None:
    await posted(world)
    await world.command("ben", 'poll "Tap it?" yes | no')
    await world.post("ben")
    await world.wait(UNDO + 5)
    async with world.bot.house.content.work() as work:
        poll, case = await work.polls.by_number(102), await work.cases.by_number(101)
        assert poll is not None
        assert case is not None
        await work.polls.replace(replace(poll, case=case.id))
    assert "counted" in await world.say("ravi", "vote 102 1")
    await world.command("ada", "withdraw 101 yes")
    await world.settle()
    assert not [words for words in rooms(world) if "Tap it" in words]
    assert "no poll 102" in (await world.say("ravi", "vote 102 1")).casefold()


@pytest.mark.parametrize("jump", [HOUR, -HOUR])
async def test_t_46_no_poll_closes_early_or_late_because_the_clock_jumped(world: World, jump: float) -> None:
    await asked(world, opens_in=HOUR, closes_in=3 * HOUR)
    world.clock.jump(jump)
    await world.settle()

    await world.wait(55 * MINUTE - UNDO)
    assert (await poll_now(world)).state is PollState.WAITING
    await world.wait(5 * MINUTE)
    assert (await poll_now(world)).state is PollState.OPEN
    world.clock.jump(-jump)
    await world.wait(115 * MINUTE)
    assert (await poll_now(world)).state is PollState.OPEN
    await world.wait(5 * MINUTE)
    assert (await poll_now(world)).state is PollState.CLOSED
