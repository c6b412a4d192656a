"""The command line of the benchmarks that time two kinds of answers in turn."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

Measure = Callable[[Path, int], Coroutine[Any, Any, Mapping[str, object]]]
"""Measures in a folder, with so many tries of each kind; gives figures by their name."""


def main(about: str | None, measure: Measure) -> None:
    """Measure in a folder that is gone afterwards, print the figures, and write them where asked."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tries", type=int, default=500)
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(Path(folder), args.tries))
    for name, figure in figures.items():
        print(f"{name:<10} {figure}")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
