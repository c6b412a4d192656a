"""The dashboard can be imported, and each query asks for what the bot's page has, in the way of its kind."""

from __future__ import annotations

import itertools
import re
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.metrics import DECLARED, LABELS, Metrics
from tests.cli.promql import Selector, Unread, selectors
from tests.cli.test_watching import BOARD, RULES

ROOT = Path(__file__).parents[2]
PANELS: list[dict[str, Any]] = BOARD["panels"]
SHOWN = [panel for panel in PANELS if panel["type"] != "row"]
GRID = 24
LONGEST_UID = 40
OF_PROMETHEUS = {"job", "instance"}
"""Labels that a scrape adds."""
SITES = ("city", "st-anna")
BOUNDED = {*LABELS, "site", "le", *OF_PROMETHEUS}
"""Labels whose values come from fixed lists, the configuration or the steps of histograms."""
QUERIES = [(target["expr"], target["legendFormat"]) for panel in SHOWN for target in panel["targets"]]
ALERTS = [(rule["expr"], " ".join(rule["annotations"].values())) for rule in RULES]
IN_LEGEND = re.compile(r"\{\{\s*(?:\$labels\.)?(\w+)\s*\}\}")


@cache
def page() -> dict[str, tuple[str, list[dict[str, str]]]]:
    """Read a page with a sample for everything there can be: kind and labels of each, by its name."""
    metrics = Metrics(SITES, strict=True)
    for one in DECLARED:
        lists = [SITES if label == "site" else LABELS[label] for label in one.labels]
        for values in itertools.product(*lists):
            labels = dict(zip(one.labels, values, strict=True))
            if one.kind == "counter":
                metrics.count(one.name, 1.0, **labels)
            else:
                (metrics.set if one.kind == "gauge" else metrics.took)(one.name, 1.0, **labels)
    shown: dict[str, tuple[str, list[dict[str, str]]]] = {"up": ("gauge", [{"job": "curbside"}])}
    for family in text_string_to_metric_families(metrics.page().decode()):
        for sample in family.samples:
            shown.setdefault(sample.name, (family.type, []))[1].append(sample.labels)
    return shown


def own_labels(selector: Selector) -> set[str]:
    return {label for labels in page()[selector.metric][1] for label in labels} | OF_PROMETHEUS


ASKED = [one for expression, _ in (*QUERIES, *ALERTS) for one in selectors(expression)]


@pytest.mark.parametrize("selector", ASKED, ids=lambda one: one.metric)
def test_a_query_finds_something_on_the_page_by_labels_that_are_there(selector: Selector) -> None:
    _, samples = page()[selector.metric]
    assert any(selector.takes(labels) for labels in samples), selector
    named = {label for label, _, _ in selector.matchers}.union(*(call.by for call in selector.calls))
    assert named <= own_labels(selector)
    assert named <= BOUNDED


@pytest.mark.parametrize("selector", ASKED, ids=lambda one: one.metric)
def test_a_query_asks_in_the_way_of_its_metric_s_kind(selector: Selector) -> None:
    kind, around = page()[selector.metric][0], [call.name for call in selector.calls]
    over_time = bool(around) and around[-1] in ("rate", "increase")
    assert over_time is bool(selector.span), "a span is for rate and increase, and they need one"
    assert over_time is (kind in ("counter", "histogram")), "what only grows is asked for over time"
    in_steps = selector.metric.endswith("_bucket")
    assert in_steps is ("histogram_quantile" in around)
    if in_steps:
        assert around[:3] == ["histogram_quantile", "sum", "rate"]
        assert "le" in selector.calls[1].by


@pytest.mark.parametrize(("expression", "told"), [*QUERIES, *ALERTS])
def test_what_is_told_of_a_result_has_only_labels_that_the_result_has(expression: str, told: str) -> None:
    first = selectors(expression)[0]
    assert set(IN_LEGEND.findall(told)) <= first.kept(own_labels(first)) - {"le"}


def test_two_lines_of_a_panel_are_told_apart() -> None:
    """Whatever a result keeps stands in its legend, but for the process that a scrape adds."""
    for expression, legend in QUERIES:
        first = selectors(expression)[0]
        varying = first.kept(own_labels(first)) - {"le", *OF_PROMETHEUS}
        assert varying <= set(IN_LEGEND.findall(legend)), expression


@pytest.mark.parametrize("name", [one.name for one in DECLARED])
def test_every_metric_is_written_somewhere_in_the_bot(name: str) -> None:
    assert f'"{name}"' in _program()


@cache
def _program() -> str:
    files = [one for one in sorted((ROOT / "bot").rglob("*.py")) if one != ROOT / "bot" / "metrics.py"]
    return "".join(one.read_text("utf-8") for one in files)


def test_the_importer_finds_what_it_needs() -> None:
    assert BOARD["title"]
    assert re.fullmatch(rf"[A-Za-z0-9_-]{{1,{LONGEST_UID}}}", BOARD["uid"])
    assert isinstance(BOARD["schemaVersion"], int)
    assert BOARD["time"].keys() == {"from", "to"}
    assert "id" not in BOARD, "a number of another Grafana's would be looked for there"
    assert "__inputs" not in BOARD, "the source is chosen at the top, and not asked for at the import"
    variables = {one["name"]: one for one in BOARD["templating"]["list"]}
    assert (variables["source"]["type"], variables["source"]["query"]) == ("datasource", "prometheus")
    used = set(re.findall(r"\$\{?(\w+)", str((PANELS, variables["job"]))))
    assert used - {"__all", "__rate_interval"} == variables.keys()


def test_every_panel_has_an_id_a_type_and_the_chosen_source() -> None:
    chosen = {"type": "prometheus", "uid": "${source}"}
    ids = [panel["id"] for panel in PANELS]
    assert all(isinstance(one, int) and one > 0 for one in ids)
    assert len(set(ids)) == len(ids)
    assert {panel["type"] for panel in PANELS} <= {"row", "stat", "timeseries"}
    assert all(panel["title"] for panel in PANELS)
    for panel in SHOWN:
        refs = [target["refId"] for target in panel["targets"]]
        assert refs
        assert len(set(refs)) == len(refs)
        assert panel["datasource"] == chosen
        assert all(target.get("datasource", chosen) == chosen for target in panel["targets"])


def test_panels_lie_on_the_grid_side_by_side() -> None:
    places = [panel["gridPos"] for panel in PANELS]
    for place in places:
        assert place.keys() == {"x", "y", "w", "h"}
        assert min(place["x"], place["y"]) >= 0
        assert min(place["w"], place["h"]) > 0
        assert place["x"] + place["w"] <= GRID
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        below = one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert beside or below, (one, other)


@pytest.mark.parametrize(
    "expression", ["rate(curbside_x_total[5m]", "{a}", "sum[5m]", 'x{a~"b"}', "sum(x) by (a)"]
)
def test_what_cannot_be_read_is_no_query(expression: str) -> None:
    with pytest.raises(Unread):
        selectors(expression)
