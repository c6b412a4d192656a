"""The simulation of benchmarks/routing.py: it repeats itself, and pages do something in it."""

from __future__ import annotations

from benchmarks.routing import WAYS, measure


def test_pages_bring_answers_sooner_in_the_model_and_a_run_repeats_itself() -> None:
    told, curves = measure(days=1, seeds=1)
    assert list(told) == list(curves) == [f"{count} {way}" for count in (30, 300) for way in WAYS]
    assert told["300 with pages"]["median_minutes"] < told["300 room only"]["median_minutes"]
    assert told["300 room only"]["pages_a_case"] == 0 < told["300 with pages"]["pages_a_case"] <= 3 * 8
    assert measure(days=1, seeds=1)[0] == told
