"""Charts of polls: as they were looked at and approved, with the numbers of the words and of the table."""

from __future__ import annotations

import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from bot.views.chart_letters import font, legible, written
from bot.views.chart_sheet import ROOM, broken
from bot.views.poll_chart import poll_chart, poll_sheet
from tests.views.poll_results import POLLS

APPROVED = Path(__file__).parent / "snapshots" / "charts"
PHONE = 360
"""Pixels that a narrow phone is wide."""
_HAIR = 64
_FEW = 12
"""Pixels of a phone's that may differ by more than that: fewer than a digit has."""


def small(picture: bytes) -> Image.Image:
    """Give a chart in grey and as wide as on a phone: what a hair's breadth changes is no change."""
    image = Image.open(BytesIO(picture)).convert("L")
    return image.resize((PHONE, round(PHONE * image.height / image.width)), Image.Resampling.BOX)


@pytest.mark.parametrize("name", POLLS)
def test_a_chart_looks_as_approved(name: str) -> None:
    shown = small(poll_chart(POLLS[name]))
    file = APPROVED / f"{name}.png"
    if os.environ.get("CURBSIDE_WRITE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        shown.save(file, optimize=True)

    with Image.open(file) as kept:
        assert shown.size == kept.size
        changed = ImageChops.difference(shown, kept.convert("L")).point(lambda by: by > _HAIR and 255)
    assert changed.histogram()[255] <= _FEW


@pytest.mark.parametrize("name", POLLS)
def test_a_chart_is_as_wide_as_it_must_be_and_in_few_colours(name: str) -> None:
    with Image.open(BytesIO(poll_chart(POLLS[name]))) as image:
        assert (image.width, image.format, image.mode) == (1080, "PNG", "P")


@pytest.mark.parametrize("name", POLLS)
def test_no_letter_is_smaller_than_ten_pixels_on_a_phone(name: str) -> None:
    sizes = {size for size, _ in poll_sheet(POLLS[name]).letters}
    assert min(sizes) * PHONE / 1080 >= 10


@pytest.mark.parametrize("name", POLLS)
def test_every_line_fits_on_the_sheet(name: str) -> None:
    assert max(font(size).getlength(words) for size, words in poll_sheet(POLLS[name]).letters) <= ROOM


def test_a_long_word_goes_on_in_the_next_line() -> None:
    assert "".join(broken("x" * 200, 34, 300)) == "x" * 200
    assert broken("one two", 34, 1000) == ["one two"]


def test_words_are_spelt_with_the_letters_that_there_are() -> None:
    assert written("Crème ≥ 5 µg/m² für Øre") == "Creme >= 5 microg/m2 fur Ore"
    assert written("Ж") == "?"
    assert legible("Жизнь", "Option 1") == "Option 1"
    assert legible("Fièvre", "Option 1") == "Fievre"


def test_a_question_in_another_script_is_named_by_its_number() -> None:
    said = poll_sheet(replace(POLLS["single"], question="Что делать?")).said
    assert said[0] == "Poll 124"


def test_without_a_result_there_is_no_chart() -> None:
    with pytest.raises(ValueError, match="without a result"):
        poll_chart(replace(POLLS["single"], result=None))
