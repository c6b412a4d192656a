"""How well and how fast pictures are cleaned: text, codes, faces and metadata, on labelled pictures.

    python benchmarks/pictures.py                                 the drawn set of this folder, split `held`
    python benchmarks/pictures.py --split look --count 40         the split that may be studied
    python benchmarks/pictures.py --labelled FOLDER               FOLDER/labels.json and FOLDER/files
    python benchmarks/pictures.py --films FOLDER                  real films behind the drawn text

Every picture goes through the same worker process as in the bot. Nothing is fetched.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.pictures_set import drawing
from benchmarks.pictures_set.scoring import Scores, filled_mask
from bot.anonymizer.pictures import CleanedPicture, PicturePool, PictureRefused

_PULSE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled file: what must go, what must stay, and what no output may hold."""

    name: str
    blob: bytes
    size: tuple[int, int] | None
    texts: list[dict[str, Any]] = field(default_factory=list)
    faces: list[list[float]] = field(default_factory=list)
    secrets: list[str] = field(default_factory=list)
    expect: str = "clean"


@dataclass(slots=True)
class Run:
    """One run over many files."""

    scores: Scores = field(default_factory=Scores)
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    megapixels: float = 0.0
    peak_mib: int = 0
    longest_wait: float = 0.0
    leaks: list[str] = field(default_factory=list)
    surprises: list[str] = field(default_factory=list)


def drawn(split: str, count: int, seed: int, films: Path | None) -> Iterator[Item]:
    """Yield the drawn pictures of a split, as PNG."""
    for picture in drawing.draw(split, count, seed, films):
        out = io.BytesIO()
        Image.fromarray(picture.pixels).save(out, "PNG", compress_level=1)
        height, width = picture.pixels.shape[:2]
        yield Item(picture.name, out.getvalue(), (width, height), [asdict(label) for label in picture.labels])


def labelled(folder: Path) -> Iterator[Item]:
    """Yield the files of a folder with a labels.json."""
    for entry in json.loads((folder / "labels.json").read_text(encoding="utf-8"))["files"]:
        texts = [text for text in entry["texts"] if text["frame"] == 0]
        hidden = ("under-alpha", "overlay")
        yield Item(
            entry["file"],
            (folder / "files" / entry["file"]).read_bytes(),
            tuple(entry["size"]) if entry["size"] else None,
            [text for text in texts if text["style"] not in hidden],
            [face["box"] for face in entry["faces"]],
            [str(secret["value"]) for secret in entry["meta"]],
            entry["expect"],
        )


async def clean_all(items: Iterator[Item]) -> Run:
    """Clean every file in one worker and score the outputs; drawing and scoring leave the loop alone."""
    run, pool = Run(), PicturePool()
    pulse = asyncio.create_task(_feel(run))
    try:
        while (item := await asyncio.to_thread(next, items, None)) is not None:
            await _clean(run, pool, item)
    finally:
        pulse.cancel()
        await pool.close()
    return run


async def _clean(run: Run, pool: PicturePool, item: Item) -> None:
    before, started = _cpu_seconds(pool), time.perf_counter()
    try:
        cleaned = await pool.clean(item.blob)
    except PictureRefused as refused:
        if item.expect == "clean":
            run.surprises.append(f"{item.name}: refused, {refused.code}")
        return
    if not cleaned.complete:
        run.surprises.append(f"{item.name}: did not run: {', '.join(cleaned.failed)}")
    if item.expect == "reject":
        run.surprises.append(f"{item.name}: cleaned, but was to be refused")
    run.seconds += time.perf_counter() - started
    run.cpu_seconds += _cpu_seconds(pool) - before
    run.megapixels += cleaned.width * cleaned.height / 1e6
    run.peak_mib = max(run.peak_mib, _peak_mib(pool))
    await asyncio.to_thread(_score, run, item, cleaned)


async def _feel(run: Run) -> None:
    """Feel the loop's pulse: by how much a short sleep is overdue at most."""
    while True:
        started = time.perf_counter()
        await asyncio.sleep(_PULSE)
        run.longest_wait = max(run.longest_wait, time.perf_counter() - started - _PULSE)


def _score(run: Run, item: Item, cleaned: CleanedPicture) -> None:
    for secret in item.secrets:
        if secret and any(
            secret.encode(code) in cleaned.data for code in ("utf-8", "utf-16-le", "utf-16-be")
        ):
            run.leaks.append(f"{item.name}: {secret}")
    if item.size is None:
        return
    with Image.open(io.BytesIO(cleaned.data)) as image:
        output = np.asarray(image.convert("RGB"))
    scale = cleaned.width / item.size[0]
    texts = [text | {"quad": np.array(text["quad"]) * scale} for text in item.texts]
    faces = [[side * scale for side in face] for face in item.faces]
    boxes = cleaned.report()["covered"]
    run.scores.add(item.name, filled_mask(output, boxes), texts, faces)


def _worker_file(pool: PicturePool, name: str) -> str:
    worker = pool._worker  # noqa: SLF001 (the benchmark measures the process itself)
    return "" if worker is None else Path(f"/proc/{worker.pid}/{name}").read_text(encoding="utf-8")


def _peak_mib(pool: PicturePool) -> int:
    lines = [line for line in _worker_file(pool, "status").splitlines() if line.startswith("VmHWM")]
    return int(lines[0].split()[1]) // 1024 if lines else 0


def _cpu_seconds(pool: PicturePool) -> float:
    fields = _worker_file(pool, "stat").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100 if fields else 0.0


def _figures(run: Run) -> dict[str, Any]:
    return {
        **run.scores.figures(),
        "metadata leaks": len(run.leaks),
        "seconds per megapixel": round(run.seconds / run.megapixels, 2),
        "processor seconds per megapixel": round(run.cpu_seconds / run.megapixels, 2),
        "peak of the worker, MiB": run.peak_mib,
        "event loop held up, ms at most": round(run.longest_wait * 1000),
        "not as expected": run.surprises + run.leaks,
    }


def _table(run: Run) -> Iterator[str]:
    for name, figure in _figures(run).items():
        yield f"{name:<36}{figure}"
    yield ""
    yield f"{'style':<16}{'gone':>10}{'kept':>10}"
    for style, tally in sorted(run.scores.styles.items()):
        gone, kept = f"{tally.gone}/{tally.identifying}", f"{tally.kept}/{tally.clinical}"
        yield f"{style:<16}{gone:>10}{kept:>10}"


def main() -> int:
    """Run the benchmark and print its table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--labelled", type=Path, help="a folder with labels.json and files/")
    parser.add_argument("--films", type=Path, help="a folder with films that stand behind drawn text")
    parser.add_argument("--split", choices=("look", "held"), default="held")
    parser.add_argument("--count", type=int, default=84)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--misses", action="store_true", help="name every miss; not for the split `held`")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    if args.labelled:
        items = labelled(args.labelled)
    else:
        items = (item for part in (drawn(args.split, args.count, args.seed, args.films),) for item in part)
    run = asyncio.run(clean_all(items))
    print("\n".join(_table(run)))
    if args.misses:
        for row in run.scores.missed:
            print("missed", *row)
        for row in run.scores.lost:
            print("lost", *row)
        for excess, name in sorted(run.scores.excess, reverse=True)[:12]:
            print(f"excess {excess:.2f} {name}")
    if args.json:
        styles = {style: asdict(tally) for style, tally in run.scores.styles.items()}
        args.json.write_text(
            json.dumps({**_figures(run), "styles": styles}, indent=2) + "\n", encoding="utf-8"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
