"""The invented people and their case."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from bot.demo import cast, example
from bot.demo.story.pictures import traces


@pytest.mark.parametrize("platform", ["slack", "matrix"])
def test_each_hospital_has_six_physicians(platform: cast.Platform) -> None:
    physicians = [person for person in cast.of(platform) if person.standing == "physician"]
    assert len(physicians) == 6
    assert all(person.specialty for person in physicians)


def test_one_person_is_not_verified_and_one_is_a_moderator() -> None:
    standings = [person.standing for person in cast.CAST]
    assert standings.count("unverified") == standings.count("moderator") == 1


def test_everybody_is_found_by_a_handle_of_their_own() -> None:
    assert [cast.by_handle(person.handle) for person in cast.CAST] == list(cast.CAST)
    with pytest.raises(KeyError):
        cast.by_handle("nobody")


def test_the_story_holds_everything_that_must_not_get_through() -> None:
    assert all(piece in example.STORY for piece in example.PLANTED)


def test_the_photograph_gives_its_patient_and_place_away() -> None:
    with Image.open(BytesIO(example.photograph())) as picture:
        exif = picture.getexif()
        assert picture.size == (example.WIDTH, example.HEIGHT)
    assert exif[0x013B] == example.ARTIST
    assert exif.get_ifd(0x8825)[1] == "N"
    assert {"hidden details", "Quillfeather", example.CAMERA} <= set(traces(example.photograph()))


def test_a_picture_built_anew_gives_nothing_away() -> None:
    clean = BytesIO()
    with Image.open(BytesIO(example.photograph())) as picture:
        Image.frombytes("RGB", picture.size, picture.tobytes()).save(clean, "PNG")
    assert traces(clean.getvalue()) == []
