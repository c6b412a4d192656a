"""The command line of benchmarks that measure in a folder and give figures by name."""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

Measure = Callable[[Path, int], Coroutine[Any, Any, Mapping[str, object]]]
"""Measures in a folder, with so many of what is counted; gives figures by their name."""


def main(about: str | None, measure: Measure, *, counted: str = "tries", most: int = 500) -> None:
    """Measure in a folder that is gone afterwards, print the figures, and write them where asked.

    ``--counted`` says with how many, ``most`` where it is not said.
    """
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(f"--{counted}", dest="count", type=int, default=most)
    parser.add_argument("--json", type=Path, metavar="FILE")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = asyncio.run(measure(Path(folder), args.count))
    for name, figure in figures.items():
        print(f"{name:<22} {figure}")
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
