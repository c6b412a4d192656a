"""Synthetic backgrounds: films, slices, sectors, skin, paper and monitors, drawn from noise and ellipses."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.float32]
_Generator = np.random.Generator


def cloud(rng: _Generator, height: int, width: int, *, coarse: int = 4, octaves: int = 5) -> Grey:
    """Return fractal noise between 0 and 1."""
    total = np.zeros((height, width), np.float32)
    for octave in range(octaves):
        cells = coarse * 2**octave
        coarsest = rng.random((cells, cells), np.float32)
        grain = cv2.resize(coarsest, (width, height), interpolation=cv2.INTER_CUBIC)
        total += np.asarray(grain / 1.8**octave, np.float32)
    total -= total.min()
    return total / max(float(total.max()), 1e-6)


def film(rng: _Generator, height: int, width: int) -> Grey:
    """Return something like a chest film: bright middle, two dark fields, ribs, grain."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = x / width - 0.5, y / height - 0.5
    grey = 150 + 50 * cloud(rng, height, width) - 130 * np.maximum(np.abs(x) - 0.40, 0) * 6
    for side in (-1, 1):
        lung = np.exp(-((((x - side * 0.2) / 0.13) ** 2 + ((y + 0.03) / 0.27) ** 2) ** 1.5))
        ribs = np.sin((y + 0.9 * (x - side * 0.05) ** 2 * 2.2) * 62 + rng.uniform(0, 6))
        grey -= lung * (78 - 12 * ribs)
    grey += 30 * np.exp(-((x / 0.07) ** 2)) * (y < 0.35)
    grey += rng.normal(0, rng.uniform(2, 6), grey.shape)
    dark = rng.random() < 0.35
    return np.asarray(np.clip(grey * (0.55 if dark else 1.0), 4, 250), np.float32)


def slice_(rng: _Generator, height: int, width: int) -> Grey:
    """Return something like a CT slice: a textured oval with a bright rim on black."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    far = ((x / width - 0.5) / rng.uniform(0.3, 0.38)) ** 2 + (
        (y / height - 0.5) / rng.uniform(0.33, 0.42)
    ) ** 2
    grey = np.where(far < 1, 95 + 60 * (cloud(rng, height, width) - 0.5), 6)
    grey = np.where((far > 0.86) & (far < 1), 225, grey)
    return np.asarray(np.clip(grey + rng.normal(0, 4, grey.shape), 0, 255), np.float32)


def sector(rng: _Generator, height: int, width: int) -> Grey:
    """Return something like an ultrasound sector: speckle in a fan on black."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    depth = np.hypot(x - width / 2, y + height * 0.02)
    fan = (np.abs(np.arctan2(x - width / 2, y + 1)) < 0.72) & (depth < height * 0.93) & (y > height * 0.1)
    speckle = rng.rayleigh(0.55, (height, width)).astype(np.float32)
    speckle = cv2.GaussianBlur(speckle, (0, 0), 1.1) * cloud(rng, height, width) ** 1.6
    return np.asarray(np.clip(np.where(fan, speckle * 235, 2), 0, 255), np.float32)


_TONES: Final = ((205, 160, 130), (160, 112, 82), (112, 74, 54), (228, 190, 168))


def skin(rng: _Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    """Return something like skin with a dark or red patch in it, in colour."""
    tone = np.array(_TONES[rng.integers(len(_TONES))], np.float32)
    shade = 0.82 + 0.36 * cloud(rng, height, width)[..., None]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    patch = np.hypot(x - width * rng.uniform(0.35, 0.65), y - height * rng.uniform(0.4, 0.65))
    edge = height * 0.16 * (0.7 + 0.7 * cloud(rng, height, width, coarse=6))
    wound = np.clip((edge - patch) / 8, 0, 1)[..., None]
    colour = tone * shade * (1 - wound) + np.array((110, 30, 32), np.float32) * shade * wound
    return np.asarray(np.clip(colour + rng.normal(0, 3, colour.shape), 0, 255), np.float32)


def paper(rng: _Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    """Return a sheet or a screen with one light or dark ground."""
    dark = rng.random() < 0.25
    ground = np.array((24, 28, 38) if dark else (250, 250, 246), np.float32)
    return np.broadcast_to(ground, (height, width, 3)).copy()


def grid(rng: _Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    """Return electrocardiogram paper with four rows of a trace."""
    sheet = np.full((height, width, 3), (255, 246, 244), np.uint8)
    step = max(width // 160, 5)
    for at in range(0, max(height, width), step):
        colour = (240, 160, 160) if at % (step * 5) == 0 else (250, 214, 214)
        cv2.line(sheet, (at, 0), (at, height), colour, 1)
        cv2.line(sheet, (0, at), (width, at), colour, 1)
    for row in range(4):
        _trace(rng, sheet, int(height * (0.3 + 0.19 * row)), width)
    return sheet.astype(np.float32)


def _trace(rng: _Generator, sheet: npt.NDArray[np.uint8], base: int, width: int) -> None:
    beat = width / rng.uniform(9, 14)
    x = np.arange(width, dtype=np.float32)
    phase = (x % beat) / beat
    y = 12 * np.exp(-(((phase - 0.2) / 0.03) ** 2)) + 60 * np.exp(-(((phase - 0.36) / 0.012) ** 2))
    y += 18 * np.exp(-(((phase - 0.62) / 0.05) ** 2)) - 14 * np.exp(-(((phase - 0.39) / 0.012) ** 2))
    points = np.stack([x, base - y * width / 1600], axis=1).astype(np.int32)
    cv2.polylines(sheet, [points], isClosed=False, color=(20, 20, 30), thickness=1, lineType=cv2.LINE_AA)


def monitor(rng: _Generator, height: int, width: int) -> npt.NDArray[np.float32]:
    """Return a dark bedside monitor with coloured curves."""
    screen = np.full((height, width, 3), (8, 10, 12), np.uint8)
    for row, colour in enumerate(((60, 230, 90), (70, 200, 240), (240, 220, 60), (240, 90, 90))):
        x = np.arange(int(width * 0.7))
        y = height * (0.22 + 0.2 * row) + np.sin(x / rng.uniform(9, 30)) ** 7 * height * 0.07
        cv2.polylines(
            screen, [np.stack([x, y], 1).astype(np.int32)], isClosed=False, color=colour, thickness=2
        )
    return screen.astype(np.float32)
