"""Draws what plotting.py asks for; runs in the environment of plot.txt and imports nothing of ours."""

from __future__ import annotations

import json
import sys
from typing import Any

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

# Blues for ours and greys for the others: told apart by everybody, in print as well.
_OURS = ("#0b5fa5", "#6aaed6")
_LONGEST = 12
"""Panels in one column."""
_PRESIDIO, _OTHERS = "#5f5f5f", "#a0a0a0"


def main() -> None:
    """Draw one figure."""
    job: dict[str, Any] = json.load(sys.stdin)
    names, panels = list(job["systems"]), job["panels"]
    columns = -(-len(panels) // _LONGEST)
    rows = -(-len(panels) // columns)
    size = (7.6 * columns, 0.55 + rows * (0.45 + 0.27 * len(names)))
    figure, axes = plt.subplots(rows, columns, figsize=size, layout="constrained", squeeze=False)
    places = list(axes.T.flat)
    for number, (axis, panel) in enumerate(zip(places, panels, strict=False)):
        _bars(axis, panel, names, [job["systems"][name][number] for name in names])
    for empty in places[len(panels) :]:
        empty.set_axis_off()
    figure.suptitle(job["title"], fontsize=11, x=0.01, ha="left")
    figure.savefig(job["file"], dpi=140 if columns == 1 else 90, metadata={"Software": None})


def _bars(axis: Any, panel: dict[str, Any], names: list[str], values: list[float | None]) -> None:  # noqa: ANN401
    lengths = [(value or 0) * panel["times"] for value in values]
    bars = axis.barh(range(len(names)), lengths, color=_colours(names), height=0.72)
    labels = ["-" if v is None else _short(v * panel["times"], panel["times"]) for v in values]
    axis.bar_label(bars, labels=labels, padding=3, fontsize=9)
    axis.set_yticks(range(len(names)), names, fontsize=9)
    axis.invert_yaxis()
    axis.set_xlim(0, 112 if panel["times"] == 100 else max([*lengths, 1]) * 1.14)
    axis.set_title(panel["words"], fontsize=10, loc="left")
    axis.tick_params(axis="x", labelsize=8)
    axis.spines[["top", "right"]].set_visible(False)


def _short(value: float, times: float) -> str:
    if times != 100 and value < 1:
        return f"{value:.2f}"
    return f"{value:.1f}" if times == 100 or value < 100 else f"{value:,.0f}"


def _colours(names: list[str]) -> list[str]:
    ours, others = iter(_OURS), {"Presidio": _PRESIDIO}
    return [next(ours) if name.startswith("Curbside") else others.get(name, _OTHERS) for name in names]


if __name__ == "__main__":
    main()
