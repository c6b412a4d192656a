"""Draws labelled pictures with burned-in text of invented people, in many layouts, fonts and styles."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from . import backgrounds, screens
from .clinical_lines import LINES
from .people import Burned, foreign, identifying

Ink: TypeAlias = npt.NDArray[np.float32]
"""How much ink lies on each pixel, from 0 to 1."""
Grey: TypeAlias = npt.NDArray[np.float32]
_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_FACES: Final = {
    "look": ("LiberationSans-Regular", "LiberationMono-Bold", "DejaVuSans", "default", "hershey plain",
             "Roboto-Light", "FreeMono", "OpenSans-CondBold"),
    "held": ("LiberationSansNarrow-Bold", "LiberationSerif-Regular", "DejaVuSerif", "LiberationMono-Regular",
             "DejaVuSansCondensed-Bold", "hershey simplex", "bitmap", "LiberationSans-Italic", "Lato-Thin",
             "Hack-Regular", "FreeSerifBold", "RobotoCondensed-Light"),
}  # fmt: skip
_HANDS: Final = {"look": ("dkg", "breipfont"), "held": ("Ecolier-court", "ComicNeue-LightItalic")}
_ALL_LETTERS: Final = {"look": "FreeSans", "held": "FreeSerif"}
_GROUNDS: Final = {
    "xray": backgrounds.film, "ct": backgrounds.slice_, "us": backgrounds.sector, "photo": backgrounds.skin,
    "lab": backgrounds.paper, "ecg": backgrounds.grid, "vitals": backgrounds.monitor,
}  # fmt: skip
_SCREENS: Final = ("record", "chat", "band")
_SCENES: Final = (*_GROUNDS, *_SCREENS)
_SIZES: Final = ((820, 700), (1024, 1024), (1280, 960), (1500, 1100), (640, 640), (1700, 1300))
_STYLES: Final = (
    "plain",
    "plain",
    "outlined",
    "boxed",
    "tiny",
    "low-contrast",
    "low-contrast",
    "photographed",
    "upright",
    "mixed",
    "coloured",
    "tilted",
    "handwritten",
    "large",
    "foreign",
)
_SCREEN_STYLES: Final = ("screen", "screen", "photographed")
_COLOURS: Final = ((250, 240, 90), (110, 240, 130), (120, 220, 250), (250, 120, 110), (240, 160, 60))


@dataclass(frozen=True, slots=True)
class Label:
    """One burned-in line: its text, whether it identifies, kind and style, and its four corners in pixels."""

    text: str
    phi: bool
    kind: str
    style: str
    quad: tuple[tuple[float, float], ...]


@dataclass(slots=True)
class Drawn:
    """One picture with its labels."""

    name: str
    pixels: npt.NDArray[np.uint8]
    style: str
    scene: str
    labels: list[Label] = field(default_factory=list)


def draw(split: str, count: int, seed: int = 5, films: Path | None = None) -> Iterator[Drawn]:
    """Yield `count` pictures of a split; the same seed draws the same pictures.

    `films` names a folder of real films without text, to stand behind the text of the scene `xray`.
    """
    for number in range(count):
        rng = random.Random(f"{split}/{seed}/{number}")  # noqa: S311 (drawn material, no secret)
        scene = _SCENES[number % len(_SCENES)]
        style = rng.choice(_SCREEN_STYLES if scene in _SCREENS else _STYLES)
        film = rng.choice(sorted(films.glob("*.*g"))) if films and scene == "xray" else None
        yield _picture(rng, split, f"{split}-{number:03d}-{scene}-{style}", scene, style, film)


def _picture(rng: random.Random, split: str, name: str, scene: str, style: str, film: Path | None) -> Drawn:
    noise = np.random.default_rng(rng.randrange(2**32))
    width, height = rng.choice(_SIZES)
    if scene in _SCREENS:
        drawn = _screen(rng, noise, split, Drawn(name, np.zeros((height, width, 3), np.uint8), style, scene))
    else:
        ground = _GROUNDS[scene](noise, height, width) if film is None else _real(film, height, width)
        colour = ground if ground.ndim == 3 else np.repeat(ground[..., None], 3, axis=2)
        drawn = Drawn(name, colour.clip(0, 255).astype(np.uint8), style, scene)
        face, size = _type(rng, split, style, width)
        for block in _blocks(rng, split, scene, style):
            _place(rng, drawn, block, face, size)
    return _photographed(rng, noise, drawn) if style == "photographed" else drawn


def _type(rng: random.Random, split: str, style: str, width: int) -> tuple[str, int]:
    """Return a font and a size in pixels."""
    faces = {"handwritten": _HANDS[split], "foreign": (_ALL_LETTERS[split],)}.get(style, _FACES[split])
    low, high = {"tiny": (9, 12), "large": (40, 60), "handwritten": (24, 44)}.get(
        style, (max(13, width // 75), max(18, width // 38))
    )
    return rng.choice(faces), rng.randint(low, high)


def _screen(rng: random.Random, noise: np.random.Generator, split: str, drawn: Drawn) -> Drawn:
    height, width = drawn.pixels.shape[:2]
    if drawn.scene == "band":
        screen = screens.band(rng, backgrounds.skin(noise, height, width), split)
    else:
        screen = (screens.record if drawn.scene == "record" else screens.chat)(rng, split, width, height)
    drawn.pixels[:] = screen.ground.clip(0, 255)
    face = rng.choice(_FACES[split])
    for spot in screen.spots:
        ink = _ink(spot.line.text, face, spot.size)
        if spot.left + ink.shape[1] >= width or spot.top + ink.shape[0] >= height:
            continue
        if _free(drawn, spot.left, spot.top, ink):
            _mix(drawn, ink, (spot.left, spot.top), np.array(spot.ink, np.float32))
            quad = _quad(spot.left, spot.top, ink)
            drawn.labels.append(Label(spot.line.text, spot.line.phi, spot.line.kind, drawn.style, quad))
    return drawn


def _real(film: Path, height: int, width: int) -> npt.NDArray[np.float32]:
    with Image.open(film) as image:
        return np.asarray(image.convert("L").resize((width, height), Image.Resampling.LANCZOS), np.float32)


def _blocks(rng: random.Random, split: str, scene: str, style: str) -> list[tuple[str, list[Burned]]]:
    """Return blocks of lines with the place of each; `mixed` sets clinical words beside identifying ones."""
    people = identifying(rng, split, rng.randint(3, 7))
    if style == "foreign":
        people = foreign(rng, split, 4) + people[:2]
    pool = list(LINES[scene][split])
    rng.shuffle(pool)
    clinical = [Burned(text, phi=False, kind=scene) for text in pool[: rng.randint(3, 9)]]
    if style == "mixed":
        half = max(1, len(clinical) // 2)
        people, clinical = (
            [x for pair in zip(people, clinical[:half], strict=False) for x in pair] + people[half:],
            clinical[half:],
        )
    corners = ["top left", "top right", "bottom left", "bottom right"]
    rng.shuffle(corners)
    cut = rng.randint(1, len(people))
    blocks = [
        (corners[0], people[:cut]),
        (corners[1], people[cut:]),
        (corners[2], clinical[: len(clinical) // 2 + 1]),
    ]
    blocks.append((corners[3], clinical[len(clinical) // 2 + 1 :]))
    if style == "upright":
        blocks.append(("left edge", [people[0]]))
    return [(place, lines) for place, lines in blocks if lines]


def _place(rng: random.Random, drawn: Drawn, block: tuple[str, list[Burned]], face: str, size: int) -> None:
    place, lines = block
    masks = [_ink(line.text, face, size) for line in lines]
    height, width = drawn.pixels.shape[:2]
    gap, margin = max(3, int(size * rng.uniform(0.25, 0.7))), rng.randint(6, 26)
    tall = sum(mask.shape[0] + gap for mask in masks)
    top = margin if place.startswith("top") else height - margin - tall
    if drawn.style == "tilted":
        _tilt(rng, drawn, block, masks)
        return
    if place == "left edge":
        masks, top = [np.rot90(masks[0])], (height - masks[0].shape[1]) // 2
    for line, mask in zip(lines, masks, strict=True):
        left = width - margin - mask.shape[1] if place.endswith("right") else margin
        if left < 0 or top < 0 or left + mask.shape[1] > width or top + mask.shape[0] > height:
            continue
        if _free(drawn, left, top, mask):
            _burn(rng, drawn, mask, (left, top))
            drawn.labels.append(Label(line.text, line.phi, line.kind, drawn.style, _quad(left, top, mask)))
        top += mask.shape[0] + gap


def _tilt(rng: random.Random, drawn: Drawn, block: tuple[str, list[Burned]], masks: list[Ink]) -> None:
    """Set lines anywhere, each turned by up to forty degrees, as on a label that somebody laid down."""
    height, width = drawn.pixels.shape[:2]
    for line, mask in zip(block[1], masks, strict=True):
        angle = rng.uniform(-40, 40)
        turned, quad = _rotated(mask, angle)
        room = (width - turned.shape[1], height - turned.shape[0])
        if min(room) < 1:
            continue
        left, top = rng.randrange(room[0]), rng.randrange(room[1])
        if _free(drawn, left, top, turned):
            _burn(rng, drawn, turned, (left, top))
            place = tuple((x + left, y + top) for x, y in quad)
            drawn.labels.append(Label(line.text, line.phi, line.kind, drawn.style, place))


def _rotated(mask: Ink, degrees: float) -> tuple[Ink, tuple[tuple[float, float], ...]]:
    """Return the ink turned on a sheet that holds it, and where its corners come to lie."""
    height, width = mask.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    moved = cv2.transform(corners, matrix)[0]
    low, high = moved.min(axis=0), moved.max(axis=0)
    matrix[:, 2] -= low
    size = (int(high[0] - low[0]) + 1, int(high[1] - low[1]) + 1)
    turned = np.asarray(cv2.warpAffine(mask, matrix, size), np.float32)
    return turned, tuple((float(x), float(y)) for x, y in moved - low)


def _free(drawn: Drawn, left: int, top: int, mask: Ink) -> bool:
    right, bottom = left + mask.shape[1], top + mask.shape[0]
    for label in drawn.labels:
        xs, ys = [x for x, _ in label.quad], [y for _, y in label.quad]
        if left < max(xs) + 6 and right > min(xs) - 6 and top < max(ys) + 2 and bottom > min(ys) - 2:
            return False
    return True


def _quad(left: int, top: int, mask: Ink) -> tuple[tuple[float, float], ...]:
    right, bottom = left + mask.shape[1], top + mask.shape[0]
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _ink(text: str, face: str, size: int) -> npt.NDArray[np.float32]:
    """Return the ink of one line between 0 and 1, cut to its own edges."""
    ink = _hershey(text, face, size) if face.startswith("hershey") else _typeset(text, face, size)
    rows, columns = np.nonzero(ink.max(axis=1) > 0.1)[0], np.nonzero(ink.max(axis=0) > 0.1)[0]
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _hershey(text: str, face: str, size: int) -> npt.NDArray[np.float32]:
    font = cv2.FONT_HERSHEY_PLAIN if face.endswith("plain") else cv2.FONT_HERSHEY_SIMPLEX
    scale = size / (13 if face.endswith("plain") else 25)
    sheet = np.zeros((size * 3, size * (len(text) + 3)), np.uint8)
    cv2.putText(sheet, text, (size, size * 2), font, scale, 255, max(1, size // 14), cv2.LINE_AA)
    return np.asarray(sheet / 255, np.float32)


def _typeset(text: str, face: str, size: int) -> npt.NDArray[np.float32]:
    bitmap = face == "bitmap"
    font = ImageFont.load_default_imagefont() if bitmap else _font(face, size)
    sheet = Image.new("L", (size * (len(text) + 4), size * 3))
    ImageDraw.Draw(sheet).text((size, size), text, font=font, fill=255)
    if bitmap:
        times = max(1, round(size / 11))
        sheet = sheet.resize((sheet.width * times, sheet.height * times), Image.Resampling.NEAREST)
    return np.asarray(np.asarray(sheet) / 255, np.float32)


def _font(face: str, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for folder in _FOLDERS:
        for path in folder.rglob(f"{face}.[to]tf"):
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)


def _burn(rng: random.Random, drawn: Drawn, ink: Ink, at: tuple[int, int]) -> None:
    left, top = at
    part = drawn.pixels[top : top + ink.shape[0], left : left + ink.shape[1]]
    level = float(part.mean())
    if drawn.style == "boxed":
        part[:] = 10 if level > 128 else 245
    if drawn.style == "outlined":
        rim = cv2.dilate(ink, np.ones((3, 3)))
        _mix(drawn, np.asarray(rim, np.float32), at, np.float32(0 if level < 140 else 255))
    _mix(drawn, ink, at, _shade(rng, drawn.style, level, part.astype(np.float32)))


def _shade(rng: random.Random, style: str, level: float, part: Grey) -> Grey | np.float32:
    """Return the colour of the ink on a part of the picture with a mean grey level."""
    if style == "low-contrast":
        return part + np.float32(rng.uniform(8, 30) * (1 if level < 128 else -1))
    if style == "boxed":
        return np.float32(250 if level > 128 else 15)
    if style == "coloured":
        bright = np.array(rng.choice(_COLOURS), np.float32)
        return np.asarray(bright if level < 140 else bright * 0.4, np.float32)
    if style == "handwritten":
        return np.array((25, 35, 120) if level > 110 else (225, 225, 215), np.float32)
    return np.float32(rng.choice((235, 255, 215)) if level < 140 else rng.choice((0, 25)))


def _mix(drawn: Drawn, ink: Ink, at: tuple[int, int], shade: Grey | np.float32) -> None:
    left, top = at
    part = drawn.pixels[top : top + ink.shape[0], left : left + ink.shape[1]].astype(np.float32)
    mixed = part * (1 - ink[..., None]) + shade * ink[..., None]
    drawn.pixels[top : top + ink.shape[0], left : left + ink.shape[1]] = mixed.clip(0, 255)


def _photographed(rng: random.Random, noise: np.random.Generator, drawn: Drawn) -> Drawn:
    """Return the picture as a telephone takes it from a screen: tilted, unevenly lit, soft, with stripes."""
    height, width = drawn.pixels.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    bent = corners * 0.9 + np.array([width, height]) * 0.05
    bent += noise.uniform(-0.035, 0.035, (4, 2)) * np.array([width, height])
    turn = np.asarray(cv2.getPerspectiveTransform(corners, bent.astype(np.float32)), np.float32)
    seen = cv2.warpPerspective(drawn.pixels, turn, (width, height), borderValue=(40, 42, 48)).astype(
        np.float32
    )
    light = 0.7 + 0.5 * backgrounds.cloud(noise, height, width, coarse=2, octaves=1)[..., None]
    stripes = 1 + 0.03 * np.sin(np.arange(height, dtype=np.float32) * rng.uniform(0.5, 2))[:, None, None]
    seen = cv2.GaussianBlur(seen * light * stripes, (0, 0), rng.uniform(0.4, 0.9)) + noise.normal(
        0, 3, seen.shape
    )
    labels = [_moved(label, turn) for label in drawn.labels]
    return Drawn(drawn.name, seen.clip(0, 255).astype(np.uint8), drawn.style, drawn.scene, labels)


def _moved(label: Label, turn: Grey) -> Label:
    points = cv2.perspectiveTransform(np.array([label.quad], np.float32), turn)[0]
    quad = tuple((float(x), float(y)) for x, y in points)
    return Label(label.text, label.phi, label.kind, label.style, quad)
