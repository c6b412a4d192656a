"""Floors on labelled text: the project's own posts always, others where CURBSIDE_CORPORA names a folder."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from bot.anonymizer import Anonymizer
from bot.anonymizer.scoring import Labelled, Score

OWN = Path(__file__).parents[2] / "benchmarks" / "deid_posts.jsonl.gz"
FLOORS = {"NAME": 0.96, "LOCATION": 0.95, "DATE": 0.98, "AGE_OVER_89": 0.96}
HELD_FLOORS = {"NAME": 0.85, "LOCATION": 0.82, "DATE": 0.93, "AGE_OVER_89": 0.93}
"""Names of the own posts are hard on purpose: a third stand in no list, and posts in lower case are many."""
SURE = ("SSN", "PHONE", "FAX", "EMAIL", "URL", "IP", "MRN", "PHOTO", "OTHER_ID")


def scored(cleaner: Anonymizer, lines: Iterable[str], tiers: tuple[str, ...]) -> Score:
    score = Score()
    for line in lines:
        gold = Labelled.of(json.loads(line))
        cleaned = cleaner.clean({"x": gold.text})
        assert cleaned.complete
        score.add(gold, [(f.start, f.end) for f in cleaned.findings if f.tier in tiers])
    return score


def outside(name: str) -> list[str]:
    folder = os.environ.get("CURBSIDE_CORPORA")
    if not folder:
        pytest.skip(
            "CURBSIDE_CORPORA is not set: it names a folder with phi-text/, which is not part of the project"
        )
    return (Path(folder) / "phi-text" / name).read_text(encoding="utf-8").splitlines()


def hold_floors(score: Score) -> None:
    assert score.recall >= 0.97
    assert score.precision >= 0.95
    for kind in SURE:
        assert score.found.get(kind, 0) >= 0.99 * score.spans.get(kind, 0), kind
    for kind, floor in FLOORS.items():
        assert score.found[kind] >= floor * score.spans[kind], kind


def test_the_projects_own_posts(cleaner: Anonymizer) -> None:
    lines = gzip.decompress(OWN.read_bytes()).decode().splitlines()[:200]
    hold_floors(scored(cleaner, lines, ("auto",)))


def lines_of(name: str) -> list[str]:
    return gzip.decompress((OWN.parent / name).read_bytes()).decode().splitlines()


def test_the_part_of_the_yardstick_that_may_be_studied(cleaner: Anonymizer) -> None:
    score = scored(cleaner, lines_of("deid_look.jsonl.gz")[:150], ("auto",))
    assert score.recall >= 0.97
    assert score.precision >= 0.97
    for kind in SURE:
        assert score.found.get(kind, 0) >= 0.97 * score.spans.get(kind, 0), kind
    for kind, floor in FLOORS.items():
        assert score.found[kind] >= floor * score.spans[kind], kind


@pytest.mark.parametrize("part", ["held", "held2"])
def test_the_parts_of_the_yardstick_that_are_held_back(part: str, cleaner: Anonymizer) -> None:
    """Totals alone: who looks at what is missed here spoils the measure."""
    lines = lines_of(f"deid_{part}.jsonl.gz")[:120]
    sure = scored(cleaner, lines, ("auto",))
    assert sure.recall >= 0.9
    assert sure.precision >= 0.95
    for kind, floor in HELD_FLOORS.items():
        assert sure.found[kind] >= floor * sure.spans[kind], kind
    assert scored(cleaner, lines, ("auto", "ask")).recall >= 0.94


@pytest.mark.parametrize(
    ("part", "touched", "asked"), [("look", 0.02, 0.05), ("held", 0.1, 0.26), ("held2", 0.1, 0.26)]
)
def test_hard_clinical_sentences_are_hardly_touched(
    part: str, touched: float, asked: float, cleaner: Anonymizer
) -> None:
    lines = lines_of(f"deid_plain_{part}.jsonl.gz")
    assert scored(cleaner, lines, ("auto",)).touched_without_need <= touched * len(lines)
    assert scored(cleaner, lines, ("auto", "ask")).touched_without_need <= asked * len(lines)


def test_a_labelled_development_corpus(cleaner: Anonymizer) -> None:
    hold_floors(scored(cleaner, outside("dev.jsonl")[::6], ("auto",)))


def test_dictation_without_identifiers_is_hardly_touched(cleaner: Anonymizer) -> None:
    lines = outside("dev_negatives.jsonl")[::4]
    assert scored(cleaner, lines, ("auto",)).touched_without_need <= 0.02 * len(lines)
    assert scored(cleaner, lines, ("auto", "ask")).touched_without_need <= 0.10 * len(lines)
