"""Metrics: every number that Prometheus may read, with labels from fixed lists only.

No label ever names a person, a room or a text. A value outside its list is counted as ``other``, so that a
mistake in the code cannot open a way out; tests let it raise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

disable_created_metrics()  # type: ignore[no-untyped-call]  # They would tell to the second when the first of a kind came.

OTHER = "other"
UNKNOWN = "unknown"
"""The platform of a delivery that reached none, and of home chats that wait: only the vault knows theirs."""

LABELS: Mapping[str, tuple[str, ...]] = {
    "platform": ("slack", "matrix", "memory", UNKNOWN),
    "kind": ("command", "form", "text", "native", "unreadable", "hello", "entered", "edited", "deleted"),
    "to": ("room", "home"),
    "what": ("post", "edit", "delete", "replace", "erase", "show_out"),
    "ending": ("sent", "later", "quarantined"),
    "scope": ("destination", "site"),
    "state": ("waiting", "claimed", "quarantined"),
    "database": ("content", "vault", "roster"),
    "part": ("database", "keys", "disk", "relay", "timekeeper", "watch"),
    "level": ("debug", "info", "warning", "error", "critical"),
}
"""The values that each label may have. ``site`` joins them at start: the names in the configuration."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One metric; the page shows a counter's name with ``_total`` behind it. Histograms are in seconds."""

    kind: Literal["counter", "gauge", "histogram"]
    name: str
    meaning: str
    labels: tuple[str, ...] = ()


DECLARED = (
    Declared("counter", "curbside_events", "Events taken in hand, by what they are.", ("platform", "kind")),
    Declared(
        "counter", "curbside_refusals", "Requests answered with a refusal and a next step.", ("platform",)
    ),
    Declared("counter", "curbside_faults", "Requests that ended in a fault of ours.", ("platform",)),
    Declared(
        "histogram", "curbside_handling_seconds", "From the event in hand to its answer shown.", ("platform",)
    ),
    Declared(
        "counter",
        "curbside_deliveries",
        "Tries to deliver, by how they ended.",
        ("to", "what", "ending", "platform"),
    ),
    Declared(
        "counter",
        "curbside_limited",
        "Deliveries that the platform refused as too many; each pauses its destination, or the whole site.",
        ("platform", "scope"),
    ),
    Declared("histogram", "curbside_delivery_seconds", "How long the platform takes for one.", ("platform",)),
    Declared(
        "histogram",
        "curbside_released_seconds",
        "From when it could leave until it was delivered and that was committed.",
        ("to", "platform"),
    ),
    Declared("gauge", "curbside_outbox_rows", "Rows of the outbox by state.", ("state",)),
    Declared("gauge", "curbside_outbox_waiting", "Deliveries that have not left yet.", ("to", "platform")),
    Declared(
        "gauge",
        "curbside_outbox_oldest_seconds",
        "For how long the oldest of them could have left.",
        ("to", "platform"),
    ),
    Declared("gauge", "curbside_inbox_waiting", "Events taken in hand and not done yet."),
    Declared("gauge", "curbside_inbox_oldest_seconds", "For how long the oldest of them has been in hand."),
    Declared(
        "histogram", "curbside_write_wait_seconds", "How long a writer waits for its turn.", ("database",)
    ),
    Declared("histogram", "curbside_write_seconds", "A write transaction with its commit.", ("database",)),
    Declared("gauge", "curbside_sync_age_seconds", "Since the site's last sync was taken in.", ("site",)),
    Declared("counter", "curbside_reconnects", "Lines to the site that had to be opened anew.", ("site",)),
    Declared("gauge", "curbside_disk_free_bytes", "Room left where data_dir lies."),
    Declared("gauge", "curbside_part", "1 while this part of the bot works.", ("part",)),
    Declared("gauge", "curbside_connected", "1 while the site is connected.", ("site",)),
    Declared("gauge", "curbside_paused", "1 while nothing leaves for the site's consult room.", ("site",)),
    Declared("gauge", "curbside_ready", "1 while every part of the bot works."),
    Declared("counter", "curbside_log_lines", "Lines written to the log.", ("level",)),
    Declared("counter", "curbside_log_fields_dropped", "Log fields left out because nobody declared them."),
)
"""Everything there is; a name outside this table is refused."""


SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600)
"""The steps of every histogram."""


class UndeclaredLabel(Exception):
    """A label's value is not on its list; raised in tests only."""


class Metrics:
    """The numbers of one process."""

    def __init__(self, sites: Iterable[str] = (), *, strict: bool = False) -> None:
        """Make all metrics of :data:`DECLARED`; ``sites`` are the names in the configuration."""
        self._registry = CollectorRegistry()
        self._values = {**LABELS, "site": tuple(sites)}
        self._labels = {declared.name: declared.labels for declared in DECLARED}
        self._strict = strict
        self._found: dict[tuple[str, ...], Any] = {}
        self._counters = {one.name: Counter(**self._told(one)) for one in _declared("counter")}
        self._histograms = {
            one.name: Histogram(buckets=SECONDS, **self._told(one)) for one in _declared("histogram")
        }
        self._gauges = {one.name: Gauge(**self._told(one)) for one in _declared("gauge")}
        ProcessCollector(registry=self._registry)

    @property
    def parts(self) -> tuple[str, ...]:
        """The names that the label ``part`` may have."""
        return LABELS["part"]

    @property
    def sites(self) -> set[str]:
        """The names that the label ``site`` may have."""
        return set(self._values["site"])

    def count(self, name: str, amount: float = 1, **labels: str) -> None:
        """Add to a counter."""
        self._one(self._counters, name, labels).inc(amount)

    def set(self, name: str, value: float, **labels: str) -> None:
        """Set a gauge."""
        self._one(self._gauges, name, labels).set(value)

    def took(self, name: str, seconds: float, **labels: str) -> None:
        """Add a duration to a histogram."""
        self._one(self._histograms, name, labels).observe(seconds)

    def page(self) -> bytes:
        """Write everything down the way Prometheus reads it (text format 0.0.4)."""
        return generate_latest(self._registry)

    def _told(self, declared: Declared) -> dict[str, Any]:
        return {
            "name": declared.name,
            "documentation": declared.meaning,
            "labelnames": declared.labels,
            "registry": self._registry,
        }

    def _one(self, of: Mapping[str, Any], name: str, labels: Mapping[str, str]) -> Any:  # noqa: ANN401
        """Find a metric of one kind under its labels, as it was found before: their values are few."""
        values = [self._one_of(name, label, labels[label]) for label in self._labels[name]]
        key = (name, *values)
        if key not in self._found:
            self._found[key] = of[name].labels(*values) if values else of[name]
        return self._found[key]

    def _one_of(self, name: str, label: str, value: str) -> str:
        if value in self._values[label]:
            return value
        if self._strict:
            raise UndeclaredLabel(f"{name}: a value of {label} is not on its list in bot/metrics.py")
        return OTHER


def _declared(kind: str) -> list[Declared]:
    return [declared for declared in DECLARED if declared.kind == kind]
