"""A photograph to clean: 12 megapixels, with an invented person's name burned in."""

from __future__ import annotations

from io import BytesIO
from typing import Final

SIZE: Final = (4000, 3000)
LINES: Final = ("QUILLFEATHER, AMARYLLIS", "MRN 00482136   DOB 04/02/1957", "Bench Memorial Hospital")


def photo() -> bytes:
    """Draw it, as JPEG of about 3 MB; raises ImportError where Pillow is not installed."""
    from PIL import Image, ImageChops, ImageDraw, ImageFont

    spots = Image.effect_noise((SIZE[0] // 200, SIZE[1] // 200), 60).resize(SIZE, Image.Resampling.BICUBIC)
    shade = Image.blend(spots, Image.linear_gradient("L").resize(SIZE), 0.4)
    grain = ImageChops.add(shade, Image.effect_noise(SIZE, 8), offset=-128)
    bands = (grain, ImageChops.add(grain, grain, scale=2.6), ImageChops.add(grain, grain, scale=3.0))
    picture = Image.merge("RGB", bands)
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(96)
    for number, words in enumerate(LINES):
        place = (140, 140 + 150 * number)
        draw.text(place, words, fill="white", font=font, stroke_width=6, stroke_fill="black")
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=88)
    return kept.getvalue()
