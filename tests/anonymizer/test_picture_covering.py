"""Boxes on a cleaned picture can be told, taken away and put elsewhere, and nothing else changes."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from bot.anonymizer import Anonymizer, Box, CleanedPicture, PictureRefused
from bot.anonymizer.pictures import outgoing
from bot.anonymizer.pictures.filling import filled
from tests.anonymizer import carriers

UPRIGHT = Box(10, 12, 20, 8, "by hand")
TILTED = Box(40, 10, 31, 21, "text", ((40, 20), (60, 10), (70, 20), (50, 30)))


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


async def cleaned_scene(pictures: Anonymizer, kind: str) -> CleanedPicture:
    return await pictures.clean_picture(carriers.saved(carriers.scene(), kind))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
async def test_exactly_the_given_boxes_are_filled(pictures: Anonymizer, kind: str) -> None:
    cleaned = await cleaned_scene(pictures, kind)
    data, mime = await pictures.cover_picture(cleaned.bare, [UPRIGHT, TILTED])
    assert mime == cleaned.mime
    assert outgoing.faults(data, mime, (cleaned.width, cleaned.height)) == ()
    before, after = opened(cleaned.bare), opened(data)
    near = 0 if kind == "PNG" else 40
    for x, y in ((10, 12), (29, 19), (20, 15), (55, 20), (48, 20)):
        assert all(level <= near or level >= 255 - near for level in pixel(after, x, y)), (x, y)
    for x, y in ((80, 50), (5, 5), (42, 28), (69, 11)):
        assert all(
            abs(a - b) <= near for a, b in zip(pixel(after, x, y), pixel(before, x, y), strict=True)
        ), (x, y)


def pixel(image: Image.Image, x: int, y: int) -> tuple[int, ...]:
    value = image.getpixel((x, y))
    assert isinstance(value, tuple)
    return tuple(int(level) for level in value)


async def test_no_box_means_the_picture_as_it_was(pictures: Anonymizer) -> None:
    cleaned = await cleaned_scene(pictures, "PNG")
    data, _ = await pictures.cover_picture(cleaned.bare, [])
    assert opened(data).tobytes() == opened(cleaned.bare).tobytes()


async def test_a_box_may_reach_over_the_edge_but_not_lie_outside(pictures: Anonymizer) -> None:
    cleaned = await cleaned_scene(pictures, "PNG")
    data, _ = await pictures.cover_picture(cleaned.bare, [Box(90, 60, 40, 40, "by hand")])
    assert pixel(opened(data), 95, 63) in ((0, 0, 0), (255, 255, 255))
    for outside in (Box(96, 0, 5, 5, "by hand"), Box(0, -5, 9, 5, "by hand"), Box(4, 4, 0, 5, "by hand")):
        with pytest.raises(PictureRefused) as refusal:
            await pictures.cover_picture(cleaned.bare, [outside])
        assert refusal.value.code == "bad_box"


@pytest.mark.parametrize(
    ("blob", "code"),
    [
        (b"", "empty"),
        (b"nothing", "not_a_picture"),
        (carriers.saved(carriers.scene(), "GIF"), "not_a_picture"),
        (carriers.saved(carriers.scene((300, 300)), "PNG")[:400], "damaged"),
    ],
    ids=["empty", "text", "gif", "cut off"],
)
async def test_what_is_no_cleaned_picture_cannot_be_covered(
    pictures: Anonymizer, blob: bytes, code: str
) -> None:
    with pytest.raises(PictureRefused) as refusal:
        await pictures.cover_picture(blob, [UPRIGHT])
    assert refusal.value.code == code


async def test_covering_drops_metadata_that_somebody_put_in(pictures: Anonymizer) -> None:
    data, _ = await pictures.cover_picture(carriers.png_text(packed=False), [UPRIGHT])
    assert carriers.CANARY not in data


async def test_the_bare_picture_is_as_large_has_no_metadata_and_is_in_no_report(pictures: Anonymizer) -> None:
    for name in ("jpeg exif", "png text", "webp xmp"):
        cleaned = await pictures.clean_picture(carriers.CARRIERS[name]())
        assert outgoing.faults(cleaned.bare, cleaned.mime, (cleaned.width, cleaned.height)) == (), name
        assert carriers.CANARY not in cleaned.bare, name
        assert "bare" not in cleaned.report()
        assert "data" not in cleaned.report()
        assert str(cleaned.bare) not in repr(cleaned)


def test_a_box_comes_back_from_its_plain_values() -> None:
    report = CleanedPicture(b"", b"", "image/png", 9, 9, (), (UPRIGHT, TILTED), (), (), (), ()).report()
    assert [Box.of(values) for values in json.loads(json.dumps(report))["covered"]] == [UPRIGHT, TILTED]


@pytest.mark.parametrize(("ground", "fill"), [(20, 0), (230, 255)])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_the_fill_is_the_shade_nearer_to_what_lies_around(mode: str, ground: int, fill: int) -> None:
    image = Image.new("L", (80, 60), ground)
    ImageDraw.Draw(image).rectangle((10, 12, 29, 19), fill=255 - ground)
    for box in (UPRIGHT, TILTED):
        covered = filled(image.convert(mode), [box]).convert("L")
        assert covered.getpixel((box.left + box.width // 2, box.top + box.height // 2)) == fill


def test_a_box_as_large_as_the_picture_leaves_nothing() -> None:
    image = carriers.scene()
    whole = replace(UPRIGHT, left=0, top=0, width=image.width, height=image.height)
    assert len(set(filled(image, [whole]).convert("L").tobytes())) == 1
