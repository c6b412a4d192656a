"""How often the collective list holds the truth, how names are read, and how fast: our own cases, or any.

    python benchmarks/collective.py [--json FILE] [--misread] [FILE ...]

A file is JSON lines `{"case", "mesh", "opinions": [["diagnosis", ...], ...]}`, gzipped or not, `mesh` being
the truth's identifier; `"meant"` may give the headings that were meant, in the same shape. Without one, both
halves of the project's own cases are measured: `look`, which was studied, and `held`, which was not.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from bot.collective import Namer, collective_list, namer
from bot.collective.names import load

OWN = tuple(Path(__file__).with_name(f"collective_{half}.jsonl.gz") for half in ("look", "held"))
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 9)
GROUPS_A_CASE = 5
FAST_CASES, FAST_OPINIONS = 600, 9


def read(file: Path) -> list[dict[str, Any]]:
    """Return the cases of a file."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return [json.loads(line) for line in content.decode().splitlines()]


def share_with_truth(cases: Sequence[dict[str, Any]], size: int, key: str = "opinions") -> float:
    """Return how often the truth is in the top three, over random groups of so many responders."""
    chance = random.Random(size)  # noqa: S311  (the same groups in every run)
    hits = [
        any(row.bucket.mesh == case["mesh"] for row in collective_list(group).ranking[:3])
        for case in cases
        for group in (chance.sample(case[key], size) for _ in range(GROUPS_A_CASE))
    ]
    return round(sum(hits) / len(hits), 4)


def misread(cases: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield how each name was read (right, wrong, ambiguous, own words), as written and as meant."""
    for case in cases:
        for texts, headings in zip(case["opinions"], case.get("meant", ()), strict=False):
            for text, heading in zip(texts, headings, strict=True):
                named = namer().named(text)
                first = named[0] if named else None
                if first is None or (first.disease is None and not first.candidates):
                    yield "own words", text, heading
                elif first.candidates:
                    yield "ambiguous", text, heading
                else:
                    right = first.disease is not None and first.disease.name == heading
                    yield "right" if right else "wrong", text, heading


def seconds(cases: Sequence[dict[str, Any]]) -> float:
    """Return CPU seconds for 600 cases of nine opinions, no name remembered but the tables read."""
    many = [cases[number % len(cases)]["opinions"][:FAST_OPINIONS] for number in range(FAST_CASES)]
    fresh = Namer(load())
    fresh.named("pulmonry embolsm")
    started = time.process_time()
    for opinions in many:
        collective_list(opinions, by=fresh)
    return round(time.process_time() - started, 2)


def measure(file: Path) -> dict[str, Any]:
    """Return the figures of one file."""
    cases = read(file)
    read_as = Counter(kind for kind, _, _ in misread(cases))
    sizes = [size for size in SIZES if size <= min(len(case["opinions"]) for case in cases)]
    figures = {
        "file": file.name,
        "cases": len(cases),
        "names": {kind: round(count / read_as.total(), 4) for kind, count in read_as.most_common()},
        "truth_in_top_three": {size: share_with_truth(cases, size) for size in sizes},
        "cpu_seconds_600_cases_of_9": seconds(cases),
    }
    if all("meant" in case for case in cases):
        perfect = {size: share_with_truth(cases, size, "meant") for size in sizes}
        figures["truth_in_top_three_if_names_were_read_perfectly"] = perfect
    figures["peak_memory_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"{figures['file']}: {figures['cases']} cases"
    for kind, share in figures["names"].items():
        yield f"  names read: {kind:<34}{share:>8.1%}"
    perfect = figures.get("truth_in_top_three_if_names_were_read_perfectly", {})
    for size, share in figures["truth_in_top_three"].items():
        beside = f"  ({perfect[size]:.1%} if names were read perfectly)" if perfect else ""
        yield f"  truth in the top three of {size:<20}{share:>8.1%}{beside}"
    yield f"  CPU seconds for 600 cases of 9 {figures['cpu_seconds_600_cases_of_9']:>23}"
    yield f"  peak memory, MiB {figures['peak_memory_mib']:>37}"


def main() -> None:
    """Measure every file named, or the project's own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, default=OWN)
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--misread", action="store_true", help="list the names that were not read right")
    args = parser.parse_args()
    results = []
    for file in args.files:
        results.append(measure(file))
        print("\n".join(table(results[-1])))
        if args.misread:
            wrong = Counter(each for each in misread(read(file)) if each[0] != "right")
            print(*(f"  {kind}: {text!r}, meant {meant}" for kind, text, meant in sorted(wrong)), sep="\n")
    if args.json:
        args.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
