"""How well and how fast text is de-identified: the project's own posts, or any labelled file.

    python benchmarks/deid_text.py [--json OUT] [FILE ...]

A file is JSON lines `{"id", "text", "spans": [{"start", "end", "type"}], "optional": [...]}`, gzipped or not.
Without one, the project's own are used, all about invented people: deid_posts.jsonl.gz, the parts of the
yardstick (deid_look may be studied, of the held ones the totals alone), and sentences without identifiers.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.anonymizer import Anonymizer
from bot.anonymizer.scoring import Labelled, Score

ROWS = (
    "span_recall",
    "character_recall",
    "precision",
    "clean_documents",
    "documents_touched_without_need",
)
OWN = [
    Path(__file__).with_name(f"deid_{name}.jsonl.gz")
    for name in ("posts", "look", "held", "held2", "plain_look", "plain_held", "plain_held2")
]


def read(file: Path) -> Iterator[Labelled]:
    """Yield the documents of a labelled file."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    for line in content.decode().splitlines():
        yield Labelled.of(json.loads(line))


def measure(file: Path) -> dict[str, Any]:
    """Return the figures of one file: both tiers, characters per CPU second, milliseconds, memory."""
    anonymizer = Anonymizer()
    anonymizer.clean({"x": "warm up"})
    sure, both, seconds, letters = Score(), Score(), [], 0
    for gold in read(file):
        started = time.process_time()
        cleaned = anonymizer.clean({"x": gold.text})
        seconds.append(time.process_time() - started)
        letters += len(gold.text)
        sure.add(gold, [(f.start, f.end) for f in cleaned.findings if f.tier == "auto"])
        both.add(gold, [(f.start, f.end) for f in cleaned.findings])
    return {
        "file": file.name,
        "auto": sure.to_json(),
        "auto+ask": both.to_json(),
        "characters_per_cpu_second": round(letters / sum(seconds)),
        "milliseconds_median": round(1000 * statistics.median(seconds), 2),
        "milliseconds_p95": round(1000 * statistics.quantiles(seconds, n=20)[-1], 2),
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a table."""
    counts = figures["auto"]
    yield f"{figures['file']}: {counts['documents']} documents, {counts['spans']} identifiers"
    for row in (
        "span_recall",
        "character_recall",
        "precision",
        "clean_documents",
        "documents_touched_without_need",
    ):
        yield f"  {row.replace('_', ' '):<32}{figures['auto'][row]:>8.1%}{figures['auto+ask'][row]:>10.1%}"
    for row in ("characters_per_cpu_second", "milliseconds_median", "milliseconds_p95", "peak_memory_mib"):
        yield f"  {row.replace('_', ' '):<32}{figures[row]:>8}"


def main() -> None:
    """Measure every file named, or the project's own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path, default=OWN)
    parser.add_argument("--json", type=Path, help="where to write the figures")
    args = parser.parse_args()
    measured = []
    for file in args.files:
        measured.append(measure(file))
        print("\n".join(table(measured[-1])), flush=True)
    if args.json:
        args.json.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
