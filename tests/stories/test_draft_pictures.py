"""Each picture of a draft is a step of its preview: seen, covered, described, taken out."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.anonymizer import Box
from bot.chat.forms import Form
from tests.stories.test_case_crosses import QUESTION, photo
from tests.stories.world import UNDO, World

STORY = "58-year-old wheelwright, Mr. Ingvar Sandkvist, with a plaque."
FOUND = (Box(4, 4, 20, 8, "text"), Box(30, 10, 20, 20, "face"))


async def prepare(world: World, *pictures: bytes) -> None:
    """Bring a draft to its first picture."""
    await world.command("ada", "case")
    await world.submit("ada", {"story": STORY, "question": QUESTION}, *(pictures or (photo(),)))
    await world.command("ada", "hide all")
    await world.press("ada", "Continue")


async def pixels(world: World) -> Image.Image:
    """Give the picture of the card that was shown last, as it is kept."""
    async with world.bot.house.content.work() as work:
        stored = await work.pictures.get(world.card("ada").pictures[0].media)
    assert stored is not None
    return Image.open(BytesIO(stored.data)).convert("RGB")


async def test_what_was_covered_is_listed_and_numbered_and_a_face_stays(world: World) -> None:
    world.darkroom.found = FOUND
    await prepare(world)

    shown = world.answer("ada")
    assert "Box 1: text that is not plainly clinical" in shown
    assert "Box 2: a face (stays covered)" in shown
    assert "Removed from the file: " in shown
    assert [button.label for button in world.card("ada").buttons if "Uncover" in button.label] == [
        "Uncover box 1"
    ]
    assert "covers a face and stays" in await world.command("ada", "uncover 2 yes")


async def test_a_box_is_uncovered_after_a_second_question(world: World) -> None:
    world.darkroom.found = FOUND
    await prepare(world)
    assert (await pixels(world)).getpixel((10, 6)) == (0, 0, 0)

    assert "Uncover it only if it identifies nobody" in await world.press("ada", "Uncover box 1")
    assert "Covered: 1 place" in await world.press("ada", "Uncover it")
    assert (await pixels(world)).getpixel((10, 6)) != (0, 0, 0)
    assert (await pixels(world)).getpixel((35, 15)) == (0, 0, 0)


async def test_cells_are_covered_by_hand_and_the_picture_has_to_be_looked_at_again(world: World) -> None:
    await prepare(world)
    assert "One last look" in await world.press("ada", "Looks clean")

    assert "Box 1: by you" in await world.command("ada", "cover 1 B3-C4")
    picture = await pixels(world)
    assert picture.getpixel((10, 14)) == picture.getpixel((22, 22)) == (0, 0, 0)
    assert picture.getpixel((40, 14)) != (0, 0, 0)
    assert "Picture 1 of 1" in await world.command("ada", "post")
    assert "#101" in await world.post("ada")
    await world.wait(UNDO + 5)
    assert len(world.words.room[0].card.pictures) == 1


async def test_the_grid_is_shown_with_a_form_and_never_posted(world: World) -> None:
    await prepare(world)

    assert await world.press("ada", "Cover more") == "[form] Cover more of picture 1"
    form = world.forms.answers["ada"][-1]
    assert isinstance(form, Form)
    (grid,) = form.pictures
    assert "Box 1: by you" in await world.submit("ada", {"cells": "A1, H8"})
    await world.post("ada")
    await world.wait(UNDO + 5)
    assert grid.media not in {one.media for one in world.words.room[0].card.pictures}
    async with world.bot.house.content.work() as work:
        assert await work.pictures.get(grid.media) is None


async def test_without_the_checks_of_the_pixels_one_must_cover_by_hand(world: World) -> None:
    world.darkroom.unlooked = ("text burned into the picture", "faces")
    await prepare(world)

    assert "Not looked for: text burned into the picture and faces" in world.answer("ada")
    assert "Cover by hand what could tell who it is" in await world.press("ada", "Looks clean")
    assert "Not looked for" in await world.command("ada", "cover 1 A1")
    assert "One last look" in await world.press("ada", "Looks clean")


async def test_a_picture_that_never_arrived_cannot_be_found_clean(world: World) -> None:
    world.forms.shows_pictures = False
    await prepare(world)

    assert "You have not been shown picture 1 yet" in await world.press("ada", "Looks clean")
    world.forms.shows_pictures = True
    await world.command("ada", "picture 1")
    assert "One last look" in await world.press("ada", "Looks clean")


async def test_caption_and_alternative_go_through_the_same_cleaning(world: World) -> None:
    await prepare(world)

    assert await world.press("ada", "Describe it") == "[form] Describe picture 1"
    shown = await world.submit("ada", {"alt": "Shin of Sandkvist", "caption": "Seen 3 March 2026"})
    assert "Sandkvist" not in shown
    assert "Text alternative: Shin of ⟦" in shown
    assert "2026" not in shown
    await world.post("ada")
    await world.wait(UNDO + 5)
    picture = world.words.room[0].card.pictures[0]
    assert picture.alt.startswith("Shin of [")
    assert picture.caption.startswith("Seen [day")


async def test_an_undecided_word_in_a_caption_holds_the_picture_up(world: World) -> None:
    await prepare(world)

    shown = await world.command("ada", "picture 1 caption A plaque, says Vexholmsen")
    assert "private or not?" in shown
    assert "Picture 1 of 1" in await world.press("ada", "Looks clean")
    assert "Decide first" in await world.command("ada", "post")
    await world.command("ada", "hide all")
    assert "#101" in await world.post("ada")


async def test_names_of_the_text_are_told_to_the_check_of_the_picture(world: World) -> None:
    await prepare(world)

    assert {"Ingvar", "Sandkvist"} <= set(world.darkroom.names)


async def test_a_check_that_broke_off_means_no_posting_and_can_be_tried_again(world: World) -> None:
    world.darkroom.broken = True
    await prepare(world)
    assert "Picture 1 could not be checked. The check of this picture broke off." in world.answer("ada")
    assert "I can't post this yet" in await world.command("ada", "post")

    assert "could not be checked" in await world.press("ada", "Try again")
    world.darkroom.broken = False
    assert "This is what others would see." in await world.press("ada", "Try again")
    assert "#101" in await world.post("ada")


async def test_pictures_keep_their_words_when_another_one_goes(world: World) -> None:
    await prepare(world, photo(), photo())
    await world.command("ada", "picture 2 caption The second one")
    await world.command("ada", "picture 1 remove")
    await world.post("ada")
    await world.wait(UNDO + 5)

    assert [one.caption for one in world.words.room[0].card.pictures] == ["The second one"]


async def test_an_older_drafts_button_never_acts_on_a_newer_draft(world: World) -> None:
    await prepare(world)
    old = next(button for button in world.card("ada").buttons if button.label == "Remove picture")
    await prepare(world)
    await world.command("ada", old.command)

    await world.command("ada", "picture 1")
    assert "This is what others would see." in world.answer("ada")


async def test_the_grid_and_covers_outlast_a_day_but_nothing_below_them(world: World) -> None:
    world.darkroom.found = FOUND
    await prepare(world)
    await world.pass_a_day()

    assert "kept for a day only" in await world.command("ada", "uncover 1 yes")
    assert "Box 3: by you" in await world.command("ada", "cover 1 H8")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("picture", "Write which picture"),
        ("picture 9", "This draft has 1 picture."),
        ("picture 1 dance", "I don't know what to do with picture 1"),
        ("picture 1 again", "nothing to try again"),
        ("cover 1 Z9", "Name cells by letter and number"),
        ("cover 4 B3", "This draft has 1 picture."),
        ("uncover", "Write the number of the box"),
        ("uncover 77", "There is no box 77"),
    ],
)
async def test_a_wrong_word_is_one_sentence_and_loses_nothing(world: World, text: str, sentence: str) -> None:
    await prepare(world)

    assert sentence in await world.command("ada", text)
    assert "This is what others would see." in await world.command("ada", "picture 1")
