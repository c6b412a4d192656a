"""T-41: of many who are told one thing everybody is told it once, wherever in that the bot ends."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.commands.context import Context
from bot.commands.sampling import invite
from bot.domain.poll_terms import Shows, Terms
from bot.domain.polls import Poll
from bot.ports.work import Work
from storage.content import outbox
from storage.content.spreading import Spreader
from tests.reliability.mortal import House, settled_house
from tests.reliability.test_t41_boundaries import assert_at_rest, calm
from tests.views.test_views import words_of

EVERYBODY = ("ben", "cleo", "dara", "ravi", "sana", "tove", "udo")
PLACES = [
    ("command committed", 1),
    ("some of a list have their deliveries", 1),
    ("some of a list have their deliveries", 2),
    ("some of a list have their deliveries", 3),
    ("direct message claimed", 1),
    ("direct message claimed", 4),
    ("direct message sent but not recorded", 1),
]


async def _sampled(ctx: Context, work: Work, poll: Poll) -> Poll:
    return await invite(ctx, work, replace(poll, terms=Terms(sample=40, shows=Shows.AUTHOR)))


@pytest.fixture(autouse=True)
def _a_few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.commands.polls.invite", _sampled)
    monkeypatch.setattr(outbox, "ON_LOOP", 1)
    monkeypatch.setattr("storage.content.spreading._FIRST", 2)
    monkeypatch.setattr(Spreader, "_learn", lambda *_: None)


def invitations(house: House) -> dict[str, int]:
    """Count for each person the invitations in the home chat."""
    shown = {**house.forms.homes, **house.words.homes}
    return {
        person: sum("asks a random sample" in words_of(one.card) for one in shown[person] if one.delivery)
        for person in EVERYBODY
    }


@pytest.mark.parametrize(("boundary", "time"), PLACES)
async def test_t41_everybody_who_was_drawn_is_invited_once(tmp_path: Path, boundary: str, time: int) -> None:
    async with settled_house(tmp_path) as house:
        async with house.life() as world:
            await world.command("ada", 'poll "Scrape it?" yes | no')
        async with house.last_hours(boundary, time=time) as world:
            await world.post("ada")
            await world.wait(120)
        async with house.life() as world:
            await calm(world)
            async with world.bot.house.content.work() as work:
                (poll,) = await work.polls.open_polls(5)
            assert poll.invited == len(EVERYBODY)
        assert_at_rest(house)
        assert invitations(house) == dict.fromkeys(EVERYBODY, 1)
