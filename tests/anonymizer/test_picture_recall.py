"""A floor under what is found in pictures, on a few; benchmarks/pictures.py measures on many."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from benchmarks.pictures_set import drawing
from benchmarks.pictures_set.codes import draw_codes
from benchmarks.pictures_set.scoring import Scores, filled_mask
from bot.anonymizer.pictures import checks

FROZEN = (0, 1, 15)
"""A film, a slice and an electrocardiogram of the split that nobody studies, all of them small."""


def drawn() -> Iterator[drawing.Drawn]:
    """A few pictures with text, and two with codes."""
    yield from (each for number, each in enumerate(drawing.draw("held", 16, seed=88)) if number in FROZEN)
    yield from draw_codes(2)


def cleaned(pixels: Any) -> tuple[Any, list[dict[str, Any]]]:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "PNG", compress_level=1)
    header, data, _ = checks.clean_blob(out.getvalue())
    assert header["failed"] == []
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image.convert("RGB")), header["covered"]


def test_identifying_text_and_codes_are_covered_and_clinical_text_stays() -> None:
    scores = Scores()
    for picture in drawn():
        output, boxes = cleaned(picture.pixels)
        labels = [asdict(label) for label in picture.labels]
        scores.add(picture.name, filled_mask(output, boxes), labels, [])
    figures = scores.figures()
    assert figures["identifying lines"] >= 15
    assert figures["without low contrast"] >= 0.95, scores.missed
    assert figures["clinical text kept"] >= 0.85, scores.lost
    assert figures["covered in excess, mean percent"] <= 1.5
    assert figures["covered in excess, most percent"] <= 10


def test_a_word_of_the_case_that_names_somebody_is_covered_even_if_it_is_clinical() -> None:
    page = Image.new("RGB", (460, 120), "white")
    ImageDraw.Draw(page).text((40, 40), "Iris diameter 11 mm", font=ImageFont.load_default(30), fill="black")
    out = io.BytesIO()
    page.save(out, "PNG")
    header, _, _ = checks.clean_blob(out.getvalue())
    named, _, _ = checks.clean_blob(out.getvalue(), names=["Iris Holloway"])
    assert header["covered"] == []
    assert [box["kind"] for box in named["covered"]] == ["text"]


def test_an_empty_picture_is_left_alone() -> None:
    _, boxes = cleaned(np.full((200, 300, 3), 120, np.uint8))
    assert boxes == []


def labelled() -> Path:
    folder = os.environ.get("CURBSIDE_CORPORA")
    if not folder:
        pytest.skip("CURBSIDE_CORPORA is not set: it names a folder with phi-image/, no part of the project")
    return Path(folder) / "phi-image"


@pytest.mark.soak
def test_a_labelled_development_corpus() -> None:
    import asyncio  # noqa: PLC0415

    from benchmarks import pictures  # noqa: PLC0415

    run = asyncio.run(pictures.clean_all(pictures.labelled(labelled())))
    figures = run.scores.figures()
    assert run.leaks == run.surprises == []
    assert figures["burned-in recall"] >= 0.985
    assert figures["clinical text kept"] >= 0.97
    assert run.scores.faces == run.scores.faces_gone
    assert run.peak_mib <= 1024
