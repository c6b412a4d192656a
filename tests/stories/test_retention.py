"""What has had its time goes by itself: pictures of ended cases, and drafts as the operator says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.bootstrap.rules import rules_of
from bot.chat.cards import Picture
from bot.commands.housekeeping import tidy
from bot.commands.pictures import PictureGone
from bot.config import Settings
from bot.config.sections import Retention
from bot.domain.retention import Keep
from bot.ports.adapter import Image
from bot.ports.work import Content
from tests.stories.test_case_crosses import posted
from tests.stories.test_withdrawn_words import pictures
from tests.stories.world import World

DAY = 24 * 3600


async def test_pictures_go_after_180_days_once_their_case_has_ended(world: World) -> None:
    await posted(world)
    await posted(world, "ben")
    await world.command("ada", "close 101")
    before = await pictures(world)
    world.clock.pass_(179 * DAY)
    await tidy(world.bot.house)
    assert await pictures(world) == before
    world.clock.pass_(2 * DAY)
    await tidy(world.bot.house)
    assert await pictures(world) == before - 1

    assert "68-year-old woman" in await world.command("ada", "show 101")
    assert not world.card("ada").pictures
    await world.command("ben", "show 102")
    assert len(world.card("ben").pictures) == 1
    await tidy(world.bot.house)
    assert await pictures(world) == before - 1


async def test_an_operator_keeps_drafts_shorter(world: World) -> None:
    rules = replace(world.bot.house.rules, keep=Keep(drafts=timedelta(days=3)))
    house = replace(world.bot.house, rules=rules)
    await world.command("ada", "case")
    await world.submit("ada", {"story": "A plaque.", "question": "Biopsy?"})
    world.clock.pass_(2 * DAY)
    await tidy(house)
    assert "A plaque." in await world.command("ada", "preview")
    world.clock.pass_(DAY + 60)
    await tidy(house)
    assert "no draft" in await world.command("ada", "preview")


def test_the_operators_days_becomerules_of() -> None:
    retention = Retention(originals=1, drafts=3, pictures=20)
    settings = Settings.model_construct(retention=retention)
    keep = rules_of(settings).keep
    assert keep == Keep(timedelta(days=1), timedelta(days=3), timedelta(days=20))


async def test_a_picture_whose_time_ends_while_a_case_is_read_takes_no_answer_along(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await posted(world)

    async def too_late(_: Content, pictures: tuple[Picture, ...]) -> dict[str, Image]:
        raise PictureGone(pictures[0].media)

    monkeypatch.setattr("bot.frontdoor.answering.load_images", too_late)
    assert "Would you start antibiotics now?" in await world.command("ada", "show 101")
    assert world.card("ada").pictures == ()
