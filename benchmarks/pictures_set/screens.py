"""Screens with invented patients: records and chats. Each split has layouts of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from .clinical_lines import LINES
from .people import Burned, identifying

Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """One line on a screen: what it says, its left upper corner, its height in pixels, its colour."""

    line: Burned
    left: int
    top: int
    size: int
    ink: Colour


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen without its writing, and the writing that belongs on it."""

    ground: npt.NDArray[np.float32]
    spots: list[Spot]


_RECORD_WORDS: Final = {
    "look": ("Result", "Units", "Reference", "Flag"),
    "held": ("Test", "Value", "Range", "High"),
}
_TALK: Final = {
    "look": ("CT abdomen", "Lipase 1240 U/L", "Contrast 90 ml"),
    "held": ("MR brain", "Glucose 318 mg/dL", "T2 FLAIR axial"),
}


def record(rng: random.Random, split: str, width: int, height: int) -> Screen:
    """Return a page of a record: a patient's banner and a table of results, in the layout of the split."""
    dark = rng.random() < 0.3
    sheet = np.full((height, width, 3), (30, 33, 40) if dark else (246, 247, 250), np.uint8)
    ink: Colour = (228, 230, 235) if dark else (25, 28, 34)
    size = rng.randint(max(13, width // 90), max(16, width // 55))
    people = identifying(rng, split, 6)
    banner = size * 4
    head = rng.choice(((28, 74, 120), (70, 40, 110), (0, 96, 88)))
    spots = []
    if split == "look":
        cv2.rectangle(sheet, (0, 0), (width, banner), head, cv2.FILLED)
        for index, line in enumerate(people):
            left, top = size + (index % 3) * width // 3, size // 2 + (index // 3) * int(size * 1.7)
            spots.append(Spot(line, left, top, size, (255, 255, 255)))
        start, side = banner + size, size
    else:
        side = width // 3
        cv2.rectangle(sheet, (0, 0), (side - size, height), head, cv2.FILLED)
        for index, line in enumerate(people):
            spots.append(Spot(line, size, size + index * int(size * 2.2), size, (240, 240, 240)))
        start = size
    return Screen(
        sheet.astype(np.float32), spots + _table(rng, split, (side, start, width, height), size, ink)
    )


def _table(
    rng: random.Random, split: str, area: tuple[int, int, int, int], size: int, ink: Colour
) -> list[Spot]:
    left, top, width, height = area
    words = _RECORD_WORDS[split]
    step = (width - left) // len(words)
    spots = [
        Spot(Burned(word, phi=False, kind="record"), left + i * step, top, size, ink)
        for i, word in enumerate(words)
    ]
    rows = rng.sample(LINES["lab"][split], k=min(6, len(LINES["lab"][split])))
    for number, text in enumerate(rows, start=1):
        at = top + number * int(size * 2)
        if at + 2 * size < height:
            spots.append(Spot(Burned(text, phi=False, kind="lab"), left, at, size, ink))
    return spots


def chat(rng: random.Random, split: str, width: int, height: int) -> Screen:
    """Return a chat on a telephone: bubbles of people with names, some of which only speak of findings."""
    sheet = np.full((height, width, 3), (236, 229, 221) if split == "look" else (18, 20, 24), np.uint8)
    size = rng.randint(max(14, width // 50), max(18, width // 34))
    top, spots = size, []
    people = identifying(rng, split, 5)
    lines = people + [Burned(text, phi=False, kind="chat") for text in _TALK[split]]
    rng.shuffle(lines)
    for number, line in enumerate(lines):
        if top + 3 * size > height:
            break
        left = size if number % 2 == 0 else width // 3
        shade, ink = _bubble(split, number)
        right = min(left + int(len(line.text) * size * 0.75) + 2 * size, width - size)
        cv2.rectangle(sheet, (left, top), (right, top + 2 * size), shade, cv2.FILLED)
        spots.append(Spot(line, left + size, top + size // 2, size, ink))
        top += int(size * 2.8)
    return Screen(sheet.astype(np.float32), spots)


def _bubble(split: str, number: int) -> tuple[Colour, Colour]:
    if split == "look":
        return ((255, 255, 255) if number % 2 == 0 else (220, 248, 198)), (20, 20, 20)
    return ((38, 42, 50) if number % 2 == 0 else (0, 92, 75)), (232, 236, 240)


def band(rng: random.Random, ground: npt.NDArray[np.float32], split: str) -> Screen:
    """Return skin with a white band across it that carries a patient's data, as on a wrist."""
    height, width = ground.shape[:2]
    size = rng.randint(max(13, width // 70), max(16, width // 45))
    tall = size * 7
    top = rng.randint(height // 5, height - tall - height // 5)
    sheet = ground.copy()
    sheet[top : top + tall] = 240 + 8 * np.sin(np.linspace(0, 3, width, dtype=np.float32))[None, :, None]
    spots = [
        Spot(
            line,
            width // 8 + (index % 2) * width // 2,
            top + size // 2 + (index // 2) * 2 * size,
            size,
            (30, 30, 34),
        )
        for index, line in enumerate(identifying(rng, split, 5))
    ]
    return Screen(sheet, spots)
