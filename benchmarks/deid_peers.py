"""How well and how fast text is de-identified, beside Presidio and spaCy on the same text in the same run.

    python benchmarks/deid_peers.py [--json FILE] [--plot FILE] [--limit N] [--corpus FILE ...]

Without --corpus the project's own frozen sets are used (benchmarks/deid_*.jsonl.gz). A corpus is JSON lines
`{"id", "text", "spans": [{"start", "end", "type"}], "optional": [...]}`, gzipped or not. The peers' packages
are installed into an environment of their own when they are first needed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.peers.environments import Missing, python_of
from benchmarks.peers.plotting import Panel, plot
from benchmarks.peers.program import Ran, run
from bot.anonymizer.scoring import Labelled, Score

HERE = Path(__file__).parent
COLUMNS = {
    "span_recall": ("span recall", "{:.1%}"),
    "character_recall": ("characters", "{:.1%}"),
    "precision": ("precision", "{:.1%}"),
    "f2": ("F2", "{:.1%}"),
    "clean_documents": ("clean docs", "{:.1%}"),
    "over_redaction": ("other text", "{:.1%}"),
    "touched": ("plain touched", "{:.1%}"),
    "characters_per_cpu_second": ("chars/CPU s", "{:,}"),
    "peak_mib": ("peak MiB", "{:,}"),
}
LEGEND = """\
span recall: identifiers wholly covered; characters: their letters and digits; clean docs: no leak, of those
with an identifier; other text: letters and digits replaced that identify nobody; plain touched: of the texts
without any identifier, those in which something was replaced. Loading is not counted in CPU seconds."""
PANELS = (
    Panel("span_recall", "Identifiers wholly covered, %", 100),
    Panel("clean_documents", "Documents without a leak, %", 100),
    Panel("precision", "Replacements that were needed, %", 100),
    Panel("touched", "Plain texts touched, % (less is better)", 100),
    Panel("characters_per_cpu_second", "Characters per CPU second", 1),
)


@dataclass(frozen=True, slots=True)
class System:
    """One line of the table: a program, and which of its findings count."""

    name: str
    script: str
    environment: str | None
    tiers: tuple[str, ...] = ("auto",)


SYSTEMS = (
    System("Curbside, auto", "text_ours.py", None),
    System("Curbside, auto + ask", "text_ours.py", None, ("auto", "ask")),
    System("Presidio", "text_presidio.py", "text"),
    System("spaCy alone", "text_spacy.py", "text"),
)


def read(file: Path, limit: int | None) -> list[Labelled]:
    """Return the documents of a labelled file, the first `limit`."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    rows = content.decode().splitlines()[:limit]
    return [Labelled.of(json.loads(row)) for row in rows if row.strip()]


def compare(files: Sequence[Path], limit: int | None) -> dict[str, Any]:
    """Run every program once over all files; return the figures by file and system."""
    corpora = {file.name.split(".")[0]: read(file, limit) for file in files}
    jobs = [
        {"id": f"{name}/{document.ident}", "text": document.text}
        for name, documents in corpora.items()
        for document in documents
    ]
    result: dict[str, Any] = {"versions": {}, "missing": {}, "corpora": {}}
    ran = _run_all(jobs, result)
    for name, documents in corpora.items():
        result["corpora"][name] = {
            "documents": len(documents),
            "identifiers": sum(len(document.spans) for document in documents),
            "systems": {
                system.name: _figures(system, ran[system.script], name, documents, jobs)
                for system in SYSTEMS
                if system.script in ran
            },
        }
    return result


def _run_all(jobs: Sequence[Mapping[str, Any]], result: dict[str, Any]) -> dict[str, Ran]:
    ran: dict[str, Ran] = {}
    for system in SYSTEMS:
        if system.script in ran:
            continue
        try:
            python = python_of(system.environment) if system.environment else sys.executable
            ran[system.script] = run(python, system.script, jobs)
            result["versions"][system.name] = ran[system.script].versions
        except Missing as missing:
            result["missing"][system.name] = str(missing)
    return ran


def _figures(
    system: System, ran: Ran, corpus: str, documents: Sequence[Labelled], jobs: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    score, plain, touched, leaking, labelled = Score(), 0, 0, 0, 0
    for document in documents:
        spans = ran.answers[f"{corpus}/{document.ident}"]["spans"]
        found = _merged((s["start"], s["end"]) for s in spans if s.get("tier", "auto") in system.tiers)
        before, missed = score.touched_without_need, score.add(document, found)
        labelled += bool(document.spans)
        leaking += bool(missed)
        plain += not document.spans
        touched += not document.spans and score.touched_without_need > before
    return {
        **{name: value for name, value in score.to_json().items() if name != "kinds"},
        # Of those that have something to leak, so that plain sentences do not raise it.
        "clean_documents": round(1 - leaking / labelled, 4) if labelled else None,
        **({} if labelled else dict.fromkeys(("span_recall", "character_recall", "precision", "f2"))),
        "plain_documents": plain,
        "touched": round(touched / plain, 4) if plain else None,
        # Over the whole run, all corpora together: single documents are too short to time.
        "characters_per_cpu_second": round(sum(len(job["text"]) for job in jobs) / ran.cpu_seconds),
        "peak_mib": ran.peak_mib,
    }


def _merged(spans: Iterator[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return overlapping spans as one, so that nobody loses precision for finding a thing twice."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def table(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the tables, one a corpus."""
    for name, versions in result["versions"].items():
        yield f"{name}: {', '.join(' '.join(pair) for pair in versions.items())}"
    for name, why in result["missing"].items():
        yield f"{name} did not run: {why}."
    for name, corpus in result["corpora"].items():
        yield ""
        yield f"{name}: {corpus['documents']} documents, {corpus['identifiers']} identifiers"
        yield f"{'':<22}" + "".join(f"{words:>14}" for words, _ in COLUMNS.values())
        for system, figures in corpus["systems"].items():
            cells = (
                "-" if figures[key] is None else form.format(figures[key])
                for key, (_, form) in COLUMNS.items()
            )
            yield f"{system:<22}" + "".join(f"{cell:>14}" for cell in cells)
    yield ""
    yield LEGEND


def main() -> None:
    """Compare, print, and write what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, nargs="+", default=sorted(HERE.glob("deid_*.jsonl.gz")))
    parser.add_argument("--limit", type=int, help="only the first documents of each file")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--plot", type=Path, help="draw a picture of the comparison here, as PNG")
    parser.add_argument(
        "--plotted",
        nargs=2,
        default=("deid_held", "deid_plain_held"),
        metavar="NAME",
        help="the corpora that are drawn: posts, and texts without identifiers",
    )
    args = parser.parse_args()
    result = compare(args.corpus, args.limit)
    print("\n".join(table(result)))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if args.plot:
        plot(args.plot, _title(result, *args.plotted), PANELS, _plotted(result, *args.plotted))


def _title(result: Mapping[str, Any], posts: str, plain: str) -> str:
    corpus, texts = result["corpora"][posts], result["corpora"][plain]
    return (
        f"De-identifying text: {corpus['documents']} synthetic posts with {corpus['identifiers']} "
        f"identifiers, {texts['documents']} texts without"
    )


def _plotted(result: Mapping[str, Any], posts: str, plain: str) -> dict[str, dict[str, Any]]:
    """Return the figures of the posts, with how often plain text was touched from the other corpus."""
    systems = result["corpora"][posts]["systems"]
    other = result["corpora"][plain]["systems"]
    return {name: {**figures, "touched": other[name]["touched"]} for name, figures in systems.items()}


if __name__ == "__main__":
    main()
