"""Canaries through every carrier of metadata and every format: none comes out, covered or bare."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from bot.anonymizer import Anonymizer
from bot.anonymizer.pictures import outgoing
from tests.anonymizer import carriers, dicoms, extra_carriers

ALL = carriers.CARRIERS | extra_carriers.MORE | dicoms.CARRIERS
SPELLINGS = [carriers.TEXT.encode(code) for code in ("ascii", "utf-16-le", "utf-16-be")]


def test_there_are_enough_carriers_and_each_carries() -> None:
    assert len(ALL) >= 60
    hidden = {"png packed text", "png icc", "png second picture"}
    bare = {name for name, make in ALL.items() if not any(spelling in make() for spelling in SPELLINGS)}
    assert bare <= hidden | {name for name in bare if name.startswith(("jp2", "png"))}, bare


async def test_no_canary_comes_out_of_any_carrier(pictures: Anonymizer) -> None:
    for name, make in ALL.items():
        cleaned = await pictures.clean_picture(make())
        for made in (cleaned.data, cleaned.bare):
            assert not any(spelling in made for spelling in SPELLINGS), name
            assert outgoing.faults(made, cleaned.mime, (cleaned.width, cleaned.height)) == (), name
        assert not re.search("ZEBEDEE|QUILLFEATHER", str(cleaned.report())), name
        assert cleaned.complete, name


@pytest.mark.parametrize("size", [(96, 64)])
@pytest.mark.parametrize("name", ["heic exif", "avif icc", "jp2 comment", "mpo exif"])
async def test_the_picture_itself_is_kept(pictures: Anonymizer, name: str, size: tuple[int, int]) -> None:
    cleaned = await pictures.clean_picture(extra_carriers.MORE[name]())
    with Image.open(io.BytesIO(cleaned.data)) as image:
        assert image.size == size
        before, after = carriers.scene().convert("L"), image.convert("L")
        far = [abs(a - b) for a, b in zip(before.tobytes(), after.tobytes(), strict=True)]
        assert sum(far) / len(far) < 8


@pytest.mark.parametrize("make", [extra_carriers.heic_of_two, lambda: extra_carriers.several("MPO")])
async def test_of_several_pictures_the_first_is_kept_and_that_is_said(
    pictures: Anonymizer, make: Callable[[], bytes]
) -> None:
    assert (await pictures.clean_picture(make())).notes == ("first frame only",)
