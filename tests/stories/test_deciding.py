"""The author is the last check: pieces are kept, hidden or taken out by hand; nothing undecided leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.housekeeping import tidy
from bot.domain.drafts import Draft
from bot.domain.removals import Fate, Removal
from tests.stories.world import UNDO, World

STORY = "58-year-old wheelwright with a plaque, seen on 3 March 2026 by Dr. Miller."


def leave_open(piece: Removal) -> Removal:
    return replace(piece, fate=Fate.OPEN)


async def the_draft(world: World) -> Draft:
    known = await world.bot.wall.who(world.forms.account("ada"))
    assert known is not None
    async with world.bot.house.content.work() as work:
        (draft,) = await work.drafts.of_member(known.member)
    return draft


async def prepare(world: World) -> int:
    """Make a draft in which the last piece waits for a decision; gives its number."""
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": "Biopsy?"})
    draft = (await the_draft(world)).hide_words("wheelwright")
    number = draft.removals[-1].number
    async with world.bot.house.content.work() as work:
        await work.drafts.replace(draft.decide([number], leave_open))
    await world.command("ada", "preview")
    return number


async def posted(world: World) -> str:
    assert "One last look" in await world.command("ada", "post")
    assert "#101" in await world.command("ada", "post")
    await world.wait(UNDO + 5)
    return world.room(world.words)[0]


async def test_nothing_leaves_while_a_piece_is_undecided(world: World) -> None:
    number = await prepare(world)

    preview = await world.command("ada", "preview")
    assert "private or not?" in preview
    assert f"Decide first: keep or hide {number}." in preview
    assert not any(button.label == "Post" for button in world.card("ada").buttons)
    assert "Decide first" in await world.command("ada", "post")


async def test_a_kept_piece_is_posted_as_it_was_written(world: World) -> None:
    number = await prepare(world)

    assert "put back by you" in await world.press("ada", f"Keep {number}")
    assert "wheelwright" in await posted(world)


async def test_a_hidden_piece_stays_out(world: World) -> None:
    await prepare(world)

    await world.press("ada", "Hide the rest")
    assert "wheelwright" not in await posted(world)


async def test_words_that_nobody_found_can_be_taken_out(world: World) -> None:
    await prepare(world)
    await world.command("ada", "hide all")

    assert "You took it out." in await world.command("ada", "hide a plaque")
    card = await posted(world)
    assert "plaque" not in card
    assert "[removed]" in card


async def test_what_was_found_for_sure_is_asked_for_again(world: World) -> None:
    await prepare(world)
    await world.command("ada", "hide all")
    date = next(piece.number for piece in (await the_draft(world)).removals if piece.category == "DATE")

    assert "Put it back?" in await world.command("ada", f"keep {date}")
    await world.press("ada", "Put it back")
    assert "3 March 2026" in await posted(world)


async def test_a_name_found_for_sure_is_never_put_back(world: World) -> None:
    await prepare(world)
    name = next(piece.number for piece in (await the_draft(world)).removals if piece.category == "NAME")

    assert "cannot be put back" in await world.command("ada", f"keep {name} yes")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("keep", "[form] This is not private"),
        ("keep 99", "There is no piece 99"),
        ("hide", "[form] Hide more"),
        ("hide nowhere to be found", "I don't find these words"),
    ],
)
async def test_a_wrong_decision_is_one_sentence(world: World, text: str, sentence: str) -> None:
    await prepare(world)

    assert sentence in await world.command("ada", text)


async def test_what_was_taken_out_is_forgotten_after_a_day_and_the_draft_after_a_month(world: World) -> None:
    await prepare(world)

    world.clock.pass_(25 * 3600)
    await tidy(world.bot.house)
    assert all(piece.original == "" for piece in (await the_draft(world)).removals)
    assert "kept for a day only" in await world.command(
        "ada", f"keep {(await the_draft(world)).undecided[0]}"
    )

    world.clock.pass_(30 * 24 * 3600)
    await tidy(world.bot.house)
    assert "no draft waiting" in await world.command("ada", "post")
