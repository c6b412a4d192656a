"""What the figures of relay.py are held against, and the lines of its table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.peers.plotting import Panel
from benchmarks.relaying.runs import Row


@dataclass(frozen=True, slots=True)
class Goal:
    """A bar: where its figure is, in words, and the most (or the least) that is good."""

    part: str
    key: str
    words: str
    bar: float
    least: bool = False

    def met(self, figure: float) -> bool:
        """Say whether a figure is good enough."""
        return figure >= self.bar if self.least else figure <= self.bar

    @property
    def place(self) -> str:
        """Name the figure among all of one database."""
        return f"{self.part} {self.key}"


GOALS: Final = (
    Goal("ratios", "throughput_to_bare", "pace in a flood, to the bare relay's", 0.6, least=True),
    Goal("ratios", "throughput_to_opsdroid", "pace in a flood, to opsdroid's", 1.3, least=True),
    Goal("ratios", "cpu_to_opsdroid", "CPU for 1,000 of a flood, to opsdroid's", 1),
    Goal("ratios", "added_p50_ms", "added to the bare relay at the even pace, middle, ms", 2),
    Goal("ratios", "added_p99_ms", "the same, p99, ms", 25),
    Goal("relay", "first_copy_s", "first copy after the start, s", 0.9),
    Goal("relay", "resident_mb", "memory once connected, MB", 85),
    Goal("acknowledgements", "command_idle_p99_ms", "command acknowledged, p99, idle, ms", 5),
    Goal("acknowledgements", "button_idle_p99_ms", "button acknowledged, p99, idle, ms", 5),
    Goal("acknowledgements", "command_flood_p99_ms", "command, in a flood, ms", 50),
    Goal("acknowledgements", "button_flood_p99_ms", "button, in a flood, ms", 50),
    Goal("picture", "command_later_p99_ms", "command, with pictures, after the first burst, ms", 50),
    Goal("picture", "button_later_p99_ms", "button, with pictures, after the first burst, ms", 50),
    Goal("picture", "command_flood_p99_ms", "command, in a flood with pictures, ms", 50),
    Goal("picture", "button_flood_p99_ms", "button, in a flood with pictures, ms", 50),
    Goal("acknowledgements", "command_later_p99_ms", "command, in a flood after its first burst, ms", 50),
    Goal("acknowledgements", "button_later_p99_ms", "button, in a flood after its first burst, ms", 50),
    Goal("start", "first_copy_s", "first copy after the start with a long queue, s", 1.5),
    Goal("fan", "seconds", "all members told, s", 2),
    Goal("fan", "longest_lock_ms", "longest lock meanwhile, ms", 50),
    Goal("throttled", "ratio", "p99 of a room beside a slow homeserver, to that alone", 2),
    Goal("grown", "pace_ratio", "pace in a flood, to that with much stored", 1.5),
    Goal("grown", "p50_ms_ratio", "middle at a calm pace with much stored, to that without", 1.5),
    Goal("grown", "cpu_per_1000_ratio", "CPU for 1,000 with much stored, to that without", 1.5),
    Goal("long", "growth_mb", "memory that a long run adds after its first tenth, MB", 5),
)
_PANELS: Final = (
    Panel("relay per_second", "messages a second in a flood", 1),
    Panel("relay cpu_per_1000", "CPU seconds for 1,000 messages of the flood", 1),
    Panel("relay p50_ms", "milliseconds from Slack to Matrix at an even pace, middle", 1),
    Panel("relay ack_p99_ms", "milliseconds to an acknowledgement in the flood, p99", 1),
    Panel("relay ack_later_p99_ms", "the same without the first 256, which come at once", 1),
)


def flat(figures: Mapping[str, Any]) -> dict[str, Row]:
    """Give what each system was measured at, by part and key: ``relay`` is what all are compared in."""
    told: dict[str, dict[str, float]] = {}
    for name, row in figures["systems"].items():
        told[name] = {f"relay {key}": figure for key, figure in row.items()}
    for name, parts in figures["parts"].items():
        mine = told.setdefault(name, {})
        for part, row in parts.items():
            mine |= {f"{part} {key}": figure for key, figure in row.items()}
    return {name: row for name, row in told.items() if row}


def drawn(figures: Mapping[str, Any]) -> tuple[Sequence[Panel], Mapping[str, Mapping[str, float | None]]]:
    """Give the panels of the plot, and what each system has for them: None where it was not measured.

    A bar beside nothing shows nothing: what one system alone was measured at stands in the table.
    """
    told = flat(figures)
    shown = (*_PANELS, *(_panel(goal) for goal in GOALS if goal.place not in {one.key for one in _PANELS}))
    panels = [panel for panel in shown if sum(panel.key in row for row in told.values()) > 1]
    return panels, {name: {one.key: row.get(one.key) for one in panels} for name, row in told.items()}


def _panel(goal: Goal) -> Panel:
    return Panel(goal.place, f"{goal.words} (at {'least' if goal.least else 'most'} {goal.bar:g})", 1)


def table(figures: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the table: everything that was measured, what failed, and every bar."""
    told = flat(figures)
    wide = max((len(key) for row in told.values() for key in row), default=0) + 2
    yield " " * wide + "".join(f"{name:>24}" for name in told)
    for key in dict.fromkeys(key for row in told.values() for key in row):
        yield f"{key:{wide}}" + "".join(_cell(row.get(key)) for row in told.values())
    for what, why in figures["failed"].items():
        yield f"{what} failed: {why}"
    yield ""
    ours = [name for name in told if name in figures["parts"]]
    for goal in GOALS:
        for name in ours:
            yield _verdict(goal, name, told[name].get(goal.place))
    yield f"checks of a picture that are installed: {', '.join(figures['picture_checks']) or 'none'}"
    yield f"load of the machine {figures['load']:.1f}, at the end {figures['load_after']:.1f}"


def _cell(figure: float | None) -> str:
    return f"{'-':>24}" if figure is None else f"{figure:24,.2f}"


def _verdict(goal: Goal, name: str, figure: float | None) -> str:
    bar = f"{'at least' if goal.least else 'at most'} {goal.bar:g}"
    said = "not measured" if figure is None else f"{figure:,.2f} {'met' if goal.met(figure) else 'MISSED'}"
    return f"{name:22} {goal.words:58} {bar:>13} {said:>20}"
