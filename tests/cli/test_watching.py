"""The dashboard and the alert rules ask for metrics, labels and values that exist; nothing names a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from bot.metrics import DECLARED, LABELS, Declared, Metrics

ROOT = Path(__file__).parents[2]
BOARD = json.loads((ROOT / "deploy" / "grafana" / "curbside.json").read_text("utf-8"))
RULES = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))["groups"][0][
    "rules"
]
OPERATING = (ROOT / "docs" / "operating.md").read_text("utf-8")
PLATFORMS = {"job", "instance", "le"}
"""Labels that Prometheus adds by itself, and the steps of histograms."""
NAME = re.compile(r"\b(?:curbside|process)_\w+")
MATCH = re.compile(r'(\w+)\s*(?:=~|!=|!~|=)\s*"([^"]*)"')
GROUPED = re.compile(r"\bby \(([^)]*)\)")
IN_LEGEND = re.compile(r"\{\{(\w+)\}\}|\$labels\.(\w+)")
PERSONAL = re.compile(
    r"person|member|user|name|account|room|channel|text|case|poll|word|mail|screen", re.IGNORECASE
)


def pages() -> dict[str, Declared]:
    """Give every name that the page shows, with what it was declared as."""
    shown: dict[str, Declared] = {}
    for one in DECLARED:
        ends = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}[one.kind]
        shown |= {one.name + end: one for end in ends}
    return shown


def queries() -> Iterator[tuple[str, str]]:
    for panel in BOARD["panels"]:
        for target in panel.get("targets", ()):
            yield target["expr"], target["legendFormat"]
    for rule in RULES:
        yield rule["expr"], " ".join(rule["annotations"].values())


def labels_of(expression: str) -> set[str]:
    grouped = {label.strip() for found in GROUPED.findall(expression) for label in found.split(",")}
    return grouped | {label for label, _ in MATCH.findall(expression)}


@pytest.mark.parametrize(("expression", "told"), list(queries()))
def test_every_query_asks_for_what_exists(expression: str, told: str) -> None:
    names = NAME.findall(expression)
    known = pages()

    assert names
    ours = [known[name] for name in names if not name.startswith("process_")]
    mine = {label for one in ours for label in one.labels}
    said = {label for found in IN_LEGEND.findall(told) for label in found if label}
    assert labels_of(expression) | said <= mine | PLATFORMS
    for label, values in MATCH.findall(expression):
        assert label in PLATFORMS or set(values.split("|")) <= set(LABELS[label])


def test_the_processes_numbers_are_there_too() -> None:
    page = Metrics().page().decode()

    asked = {name for expression, _ in queries() for name in NAME.findall(expression)}
    assert {name for name in asked if name.startswith("process_") and f"\n{name} " not in page} == set()


def test_every_metric_stands_on_the_dashboard_and_in_the_document() -> None:
    asked = {name for expression, _ in queries() for name in NAME.findall(expression)}
    shown = pages()

    assert {one.name for one in DECLARED} - {shown[name].name for name in asked & shown.keys()} == set()
    assert {one.name for one in DECLARED if f"`{one.name}" not in OPERATING} == set()


def test_panels_have_a_word_of_help() -> None:
    panels: list[dict[str, Any]] = BOARD["panels"]

    assert all(panel["description"].endswith(".") for panel in panels if panel["type"] != "row")


def test_each_rule_has_a_name_a_summary_and_a_next_step() -> None:
    assert len({rule["alert"] for rule in RULES}) == len(RULES)
    for rule in RULES:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"].keys() == {"summary", "description"}
        assert all(words.endswith(".") for words in rule["annotations"].values())


def test_t23_no_label_of_any_metric_may_name_a_person_a_room_or_a_text() -> None:
    labels = {label for one in DECLARED for label in one.labels}

    assert labels <= LABELS.keys() | {"site"}
    assert [label for label in labels if PERSONAL.search(label)] == []
    for one in DECLARED:
        metrics = Metrics(["city"])
        values = dict.fromkeys(one.labels, "Jane Canary")
        {"counter": metrics.count, "gauge": metrics.set, "histogram": metrics.took}[one.kind](  # type: ignore[operator]
            one.name, *([] if one.kind == "counter" else [1.0]), **values
        )
        assert "Canary" not in metrics.page().decode()
