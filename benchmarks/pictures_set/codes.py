"""Draws QR and bar codes of several kinds on skin, paper and film, tilted and soft as telephones see them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

import cv2
import numpy as np
import zxingcpp

from . import backgrounds
from .drawing import Drawn, Label

_KINDS: Final = ("QRCode", "DataMatrix", "Aztec", "PDF417", "Code128", "Code39", "ITF")
_BARS: Final = ("Code128", "Code39", "ITF")
_SCENES: Final = (backgrounds.skin, backgrounds.paper, backgrounds.film)


def draw_codes(count: int, seed: int = 5) -> Iterator[Drawn]:
    """Yield `count` pictures with one code each; the same seed draws the same pictures."""
    for number in range(count):
        rng = random.Random(f"codes/{seed}/{number}")  # noqa: S311 (drawn material, no secret)
        kind = _KINDS[number % len(_KINDS)]
        yield _picture(rng, kind, f"code-{number:02d}-{kind}")


def _picture(rng: random.Random, kind: str, name: str) -> Drawn:
    noise = np.random.default_rng(rng.randrange(2**32))
    ground = rng.choice(_SCENES)(noise, 800, 1000)
    colour = ground if ground.ndim == 3 else np.repeat(ground[..., None], 3, axis=2)
    code = _code(rng, kind)
    height, width = code.shape
    left, top = rng.randint(60, 940 - width), rng.randint(60, 740 - height)
    around = np.array(
        [[left, top], [left + width, top], [left + width, top + height], [left, top + height]], np.float32
    )
    bent = around + noise.uniform(-0.02, 0.02, (4, 2)).astype(np.float32) * width
    turned = _turned(bent, rng.uniform(-25, 25))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, turned)
    ink = cv2.warpPerspective(code.astype(np.float32), matrix, (1000, 800), flags=cv2.INTER_AREA)
    there = cv2.warpPerspective(np.ones_like(code, np.float32), matrix, (1000, 800))[..., None]
    mixed = colour * (1 - there) + ink[..., None] * there
    mixed = cv2.GaussianBlur(mixed, (0, 0), rng.uniform(0.3, 0.8)) + noise.normal(0, 3, mixed.shape)
    quiet = cv2.perspectiveTransform(np.array([_inner(code)], np.float32), matrix)[0]
    quad = tuple((float(x), float(y)) for x, y in quiet)
    label = Label(kind, phi=True, kind="code", style=f"code {kind}", quad=quad)
    return Drawn(name, mixed.clip(0, 255).astype(np.uint8), "code", "code", [label])


def _turned(corners: np.ndarray, degrees: float) -> np.ndarray:
    centre = corners.mean(axis=0)
    angle = np.deg2rad(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned: np.ndarray = ((corners - centre) @ matrix.T + centre).astype(np.float32)
    return turned


def _inner(code: np.ndarray) -> np.ndarray:
    """Return the corners of the code itself, without its quiet rim."""
    rows, columns = np.nonzero((code < 128).any(axis=1))[0], np.nonzero((code < 128).any(axis=0))[0]
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    return np.array([[left, top], [right, top], [right, bottom], [left, bottom]], np.float32)


def _code(rng: random.Random, kind: str) -> np.ndarray:
    digits = "".join(rng.choice("0123456789") for _ in range(10))
    text = digits if kind == "ITF" else f"PT{digits}"
    barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    modules = np.asarray(barcode.to_image(scale=1), np.uint8)
    if kind in _BARS:
        modules = np.repeat(modules[modules.shape[0] // 2][None], 26, axis=0)
    scale = rng.choice((2, 3)) if kind in _BARS or kind == "PDF417" else rng.randint(3, 6)
    return np.pad(np.kron(modules, np.ones((scale, scale), np.uint8)), 4 * scale, constant_values=255)
