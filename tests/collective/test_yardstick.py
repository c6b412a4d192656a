"""A floor under the project's own cases, half of them never studied; the benchmark measures in full."""

from __future__ import annotations

import gzip
import json
import random
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks.collective import misread
from bot.collective import collective_list

FOLDER = Path(__file__).parents[2] / "benchmarks"


@cache
def cases(half: str) -> list[dict[str, Any]]:
    """The cases of one half."""
    lines = gzip.decompress((FOLDER / f"collective_{half}.jsonl.gz").read_bytes()).decode().splitlines()
    return [json.loads(line) for line in lines]


def truth_in_top_three(half: str, size: int) -> float:
    """The share of cases whose truth one random group of responders has in its top three."""
    chance = random.Random(size)  # noqa: S311  (the same groups in every run)
    lists = [(case, collective_list(chance.sample(case["opinions"], size))) for case in cases(half)]
    hits = [any(row.bucket.mesh == case["mesh"] for row in found.ranking[:3]) for case, found in lists]
    return sum(hits) / len(hits)


@pytest.mark.parametrize("half", ["look", "held"])
@pytest.mark.parametrize(("size", "floor"), [(1, 0.55), (5, 0.74), (9, 0.8)])
def test_the_truth_is_in_the_top_three(half: str, size: int, floor: float) -> None:
    assert truth_in_top_three(half, size) >= floor


@pytest.mark.parametrize("half", ["look", "held"])
def test_hardly_a_name_is_taken_for_another_disease(half: str) -> None:
    counts = Counter(kind for kind, _, _ in misread(cases(half)))
    assert counts["right"] / counts.total() >= 0.85
    assert counts["wrong"] / counts.total() <= 0.025
