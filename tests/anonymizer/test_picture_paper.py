"""Paper of electrocardiograms: its grid and its traces are no writing, what is written across a trace is."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")
cv2 = pytest.importorskip("cv2")

from bot.anonymizer.pictures.crossed import is_trace, writing_across  # noqa: E402 (needs the extra)
from bot.anonymizer.pictures.lines import Line  # noqa: E402
from bot.anonymizer.pictures.looks import unruled  # noqa: E402

PAPER, RULE, INK = (255, 246, 244), (240, 160, 160), (20, 20, 30)
TRACE = Line(450, 120, 900, 100, 0.0, 0.9)


def paper() -> Any:
    sheet = np.full((240, 900, 3), PAPER, np.uint8)
    sheet[::6] = RULE
    sheet[:, ::6] = RULE
    return sheet


def trace(sheet: Any) -> Any:
    x = np.arange(900)
    beat = x % 90 / 90
    y = 140 - 60 * np.exp(-(((beat - 0.4) / 0.03) ** 2)) - 12 * np.exp(-(((beat - 0.7) / 0.08) ** 2))
    points = np.stack([x, y], axis=1).astype(np.int32)
    cv2.polylines(sheet, [points], isClosed=False, color=INK, thickness=1, lineType=cv2.LINE_AA)
    return sheet


def written(sheet: Any) -> Any:
    cv2.putText(sheet, "Marit Quillon", (300, 132), cv2.FONT_HERSHEY_SIMPLEX, 1.2, INK, 2, cv2.LINE_AA)
    return sheet


def test_both_directions_of_a_grid_vanish_and_letters_stay() -> None:
    bare, with_name = unruled(paper()), unruled(written(paper()))
    # Only where no line has room to be long, at the very edge, may anything be left.
    assert np.ptp(bare[2:-2, 2:-2].reshape(-1, 3), axis=0).max() <= 2
    kept = with_name.min(axis=2) < 90
    assert kept.sum() >= 0.9 * (written(np.full_like(bare, PAPER)).min(axis=2) < 90).sum()


def test_a_picture_without_a_grid_is_left_as_it_is() -> None:
    film = np.random.default_rng(1).normal(120, 9, (200, 300, 3)).clip(0, 255).astype(np.uint8)
    assert (unruled(film) == film).all()


def test_a_trace_is_told_from_a_line_of_writing() -> None:
    assert is_trace(trace(paper()), TRACE)
    long = np.full((240, 900, 3), PAPER, np.uint8)
    for left in range(0, 900, 150):
        cv2.putText(long, "Quillon", (left, 146), cv2.FONT_HERSHEY_SIMPLEX, 1.2, INK, 2, cv2.LINE_AA)
    assert not is_trace(long, Line(450, 132, 900, 44, 0.0, 0.9))


def test_writing_across_a_trace_is_found_and_a_bare_trace_has_none() -> None:
    assert writing_across(trace(paper()), TRACE) == []
    (found,) = writing_across(trace(written(paper())), TRACE)
    start, end = found.x - found.along / 2, found.x + found.along / 2
    assert 230 <= start <= 300
    assert 520 <= end <= 600
    assert found.across < TRACE.across
