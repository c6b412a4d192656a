"""Example: the invented case that the story asks about, its photograph, and the answers to it.

The patient, the numbers and the picture are made up. Whatever must not get through is listed in
:data:`PLANTED`, so that the story can look for it everywhere.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont
from PIL.TiffImagePlugin import IFDRational

from bot.demo.stage import Json

STORY = (
    "Mrs. Hedda Quillfeather, born 03/14/1979, MRN 44719026, a teacher, came to Halden Ridge Hospital "
    "on March 3, 2026 (phone 415-555-0142). A red ring on the left forearm, now 9 cm across, has been "
    "growing for five days; it is slightly warm and does not itch. She had been walking in tall grass two "
    "weeks earlier and remembers no bite. No fever, no joint pain, neurological examination normal. "
    "CRP 6 mg/L, blood count normal."
)
QUESTION = "Is this enough to treat, or would you wait for serology?"
OPINION = "1) erythema migrans 2) tinea corporis 3) granuloma annulare next: treat now, no serology"
MORE_OPINIONS = (
    "1) Lyme disease 2) tinea corporis next: treat now sure: likely",
    "1) erythema migrans next: treat with doxycycline sure: very likely",
    "1) granuloma annulare 2) erythema migrans next: observe for a week",
    "1) erythema migrans 2) cellulitis! next: test serology in four weeks sure: likely",
)
COUNTED = "named by 4 of 5 (80 %), first by 3"
COMMENT = "Is the ring clearing in the middle, and is its edge raised?"
POLL_QUESTION = "First step for a typical ring-shaped rash after time outdoors?"
POLL_OPTIONS = ("Treat at once", "Serology first", "Watch for two weeks")
POLL = f'poll "{POLL_QUESTION}" {" | ".join(POLL_OPTIONS)}'

CAMERA = "Fernglas X100 No. 88231"
ARTIST = "Hedda Quillfeather"
LABEL = ("QUILLFEATHER, H.", "03/14/1979  44719026")
PLANTED = ("Quillfeather", "Hedda", "44719026", "03/14/1979", "March 3, 2026", "415-555-0142", "Halden Ridge")
"""What identifies the invented patient in the story: none of it may stand in the preview or in a room."""

WIDTH, HEIGHT = 960, 720


def for_page() -> Json:
    """Give the words that the page offers to a player who has no case at hand."""
    return {
        "title": QUESTION,
        "story": STORY,
        "question": QUESTION,
        "opinion": OPINION,
        "comment": COMMENT,
        "poll": POLL,
        "photo": "/example/photograph.jpg",
    }


@cache
def photograph() -> bytes:
    """Draw a forearm with a red ring and a patient's label, as JPEG with a camera's hidden details in it."""
    out = BytesIO()
    picture = Image.fromarray(_skin()).filter(ImageFilter.GaussianBlur(1.1))
    picture.paste(label := _label(), (WIDTH - 330, HEIGHT - 140), label)
    picture.save(out, "JPEG", quality=90, exif=_hidden_details())
    return out.getvalue()


def _skin() -> np.ndarray:
    """Paint skin with its grain, the arm's shadow at both sides, and the ring."""
    chance = np.random.default_rng(20260303)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(float)
    tone = np.array([222.0, 178.0, 150.0])
    light = 1.04 - 0.34 * np.abs((y - HEIGHT * 0.47) / (HEIGHT * 0.55)) ** 2.4 - 0.05 * x / WIDTH
    grain = _soft(chance, 2) * 3.4 + _soft(chance, 7) * 2.6 + _soft(chance, 120) * 4.0
    canvas = tone * light[..., None] + grain[..., None] * np.array([1.0, 0.9, 0.8])
    redness = _ring(x, y, _soft(chance, 70))
    canvas += redness[..., None] * np.array([-4.0, -50.0, -40.0])
    painted: np.ndarray = np.clip(canvas, 0, 255).astype(np.uint8)
    return painted


def _label() -> Image.Image:
    """Print the sticker that lay beside the arm: name, birth date and record number."""
    sticker = Image.new("RGBA", (290, 92), (250, 250, 244, 255))
    draw = ImageDraw.Draw(sticker)
    for row, words in enumerate(LABEL):
        draw.text((14, 10 + 36 * row), words, font=ImageFont.load_default(26), fill=(30, 34, 40))
    return sticker.rotate(3, expand=True, resample=Image.Resampling.BICUBIC)


def _soft(chance: np.random.Generator, size: int) -> np.ndarray:
    """Give noise with a grain of ``size`` pixels, about -1 to 1."""
    small = chance.normal(0, 1, (HEIGHT // size + 2, WIDTH // size + 2)).astype(np.float32)
    wide = Image.fromarray(small).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    return np.asarray(wide, dtype=float)


def _ring(x: np.ndarray, y: np.ndarray, wobble: np.ndarray) -> np.ndarray:
    """Give how red each pixel is: a broad ring, a paler middle, a small dark centre."""
    away = np.hypot((x - WIDTH * 0.52) / 1.18, y - HEIGHT * 0.48) + wobble * 6
    ring = np.exp(-(((away - 172) / 44) ** 2))
    inside = 0.2 / (1 + np.exp((away - 160) / 20))
    centre = 0.7 * np.exp(-((away / 12) ** 2))
    return np.asarray(ring + inside + centre)


def _hidden_details() -> Image.Exif:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Fernglas", CAMERA
    exif[0x013B] = ARTIST
    exif[0x0132] = "2026:03:03 10:41:12"
    exif[0x010E] = f"{ARTIST}, left forearm"
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", tuple(IFDRational(part) for part in (46, 31, 12))
    place[3], place[4] = "E", tuple(IFDRational(part) for part in (9, 50, 24))
    return exif
