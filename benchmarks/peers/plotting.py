"""Bars of several systems side by side, one panel a measure, drawn by matplotlib in its own environment."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.peers.environments import python_of


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure: its key among the figures, its words, and what its values are multiplied by."""

    key: str
    words: str
    times: float


def plot(file: Path, title: str, panels: Sequence[Panel], systems: Mapping[str, Mapping[str, Any]]) -> None:
    """Draw the systems, ours first, into a PNG file; Missing when matplotlib cannot be installed."""
    values = {name: [figures[panel.key] for panel in panels] for name, figures in systems.items()}
    job = {
        "title": title,
        "panels": [asdict(panel) for panel in panels],
        "systems": values,
        "file": str(file),
    }
    script = str(Path(__file__).with_name("drawing_bars.py"))
    subprocess.run([python_of("plot"), script], input=json.dumps(job), text=True, check=True)
