"""How well pictures are cleaned, beside Presidio's image redactor and plain tesseract on the same pictures.

    python benchmarks/picture_peers.py [--json FILE] [--plot FILE] [--split held] [--count 84] [--films DIR]

The pictures are drawn anew (benchmarks/pictures_set): burned-in lines of invented people and clinical lines,
in the layouts and styles of films, screens and photographs. Tesseract's lines go through our own rules of
what is clinical; Presidio decides by itself. What they find is filled; all are scored by the same ruler.
Peers are installed into an environment of their own when they are first needed; the program tesseract comes
with apt (tesseract-ocr).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.peers.environments import Missing, python_of
from benchmarks.peers.plotting import Panel, plot
from benchmarks.peers.program import Ran, run
from benchmarks.pictures_set import drawing
from benchmarks.pictures_set.scoring import Scores, filled_mask
from bot.anonymizer.pictures.clinical import is_clinical

MARGIN = 0.2
"""Share of a box's height that is filled around it, in favour of the peers, whose boxes are tight."""
COLUMNS = {
    "burned-in recall": ("recall", "{:.1%}"),
    "without low contrast": ("no low contr.", "{:.1%}"),
    "low contrast alone": ("low contrast", "{:.1%}"),
    "files fully clean": ("clean files", "{:.1%}"),
    "clinical text kept": ("clinical kept", "{:.1%}"),
    "covered in excess, mean percent": ("excess area %", "{:.2f}"),
    "refused": ("refused", "{}"),
    "cpu_seconds_per_megapixel": ("CPU s/MP", "{:.2f}"),
    "peak_mib": ("peak MiB", "{:,}"),
}
LEGEND = """\
recall: identifying lines of which 90 % is filled; clinical kept: clinical lines of which less than a tenth
is; excess area: what is filled for nothing, of the whole picture; peak: of the largest process that stays
(the program tesseract ends after each picture and is not in it). Loading is not counted in CPU seconds."""
PANELS = (
    Panel("burned-in recall", "Identifying lines covered, %", 100),
    Panel("without low contrast", "… without the low-contrast style, %", 100),
    Panel("files fully clean", "Pictures with nothing left, %", 100),
    Panel("clinical text kept", "Clinical lines kept, %", 100),
    Panel("cpu_seconds_per_megapixel", "CPU seconds per megapixel (less is better)", 1),
)

Mask = npt.NDArray[np.uint8]
MaskOf = Callable[[Mapping[str, Any], tuple[int, int]], Mask]


@dataclass(frozen=True, slots=True)
class System:
    """One line of the table: a program, and how what it answers becomes the filled area."""

    name: str
    script: str
    environment: str | None
    mask_of: MaskOf


def ours(answer: Mapping[str, Any], size: tuple[int, int]) -> Mask:
    """Return what is filled in our output, seen in its pixels."""
    with Image.open(answer["output"]) as image:
        output = np.asarray(image.convert("RGB"))
    if output.shape[:2] != size:
        raise ValueError("the drawn pictures are small enough to keep their size")
    return filled_mask(output, answer["boxes"])


def boxes(answer: Mapping[str, Any], size: tuple[int, int]) -> Mask:
    """Return the boxes that a redactor would fill."""
    return _filled(answer["boxes"], size)


def unknown_lines(answer: Mapping[str, Any], size: tuple[int, int]) -> Mask:
    """Return the boxes of the lines that our rules do not know to be clinical."""
    return _filled([line for line in answer["lines"] if not is_clinical(line["text"])], size)


SYSTEMS = (
    System("Curbside", "pictures_ours.py", None, ours),
    System("Tesseract, our rules", "pictures_tesseract.py", "pictures", unknown_lines),
    System("Presidio", "pictures_presidio.py", "pictures", boxes),
)


def compare(pictures: Sequence[drawing.Drawn], folder: Path) -> dict[str, Any]:
    """Run every program over the pictures; return the figures by system."""
    jobs = [{"id": picture.name, "path": str(_saved(picture, folder))} for picture in pictures]
    result: dict[str, Any] = {"pictures": len(pictures), "versions": {}, "missing": {}, "systems": {}}
    runs: dict[System, Ran] = {}
    for system in SYSTEMS:
        try:
            python = python_of(system.environment) if system.environment else sys.executable
            runs[system] = run(python, system.script, jobs)
        except Missing as missing:
            result["missing"][system.name] = str(missing)
            continue
        result["versions"][system.name] = runs[system].versions
    refused = {name for ran in runs.values() for name, answer in ran.answers.items() if "refused" in answer}
    # The same lines for everybody: a refused picture shows nothing, and is counted apart.
    scored = [picture for picture in pictures if picture.name not in refused]
    megapixels = sum(picture.pixels[..., 0].size for picture in pictures) / 1e6
    result["scored"] = len(scored)
    result["identifying lines"] = sum(label.phi for picture in scored for label in picture.labels)
    result["systems"] = {
        system.name: _figures(system, ran, scored, megapixels) for system, ran in runs.items()
    }
    return result


def _saved(picture: drawing.Drawn, folder: Path) -> Path:
    path = folder / f"{picture.name}.png"
    Image.fromarray(picture.pixels).save(path, compress_level=1)
    return path


def _figures(
    system: System, ran: Ran, pictures: Sequence[drawing.Drawn], megapixels: float
) -> dict[str, Any]:
    scores = Scores()
    for picture in pictures:
        mask = system.mask_of(ran.answers[picture.name], picture.pixels.shape[:2])
        scores.add(picture.name, mask, [asdict(label) for label in picture.labels], [])
    return {
        **scores.figures(),
        "refused": sum("refused" in answer for answer in ran.answers.values()),
        "cpu_seconds_per_megapixel": round(ran.cpu_seconds / megapixels, 3),
        "peak_mib": ran.peak_mib,
        "styles": {style: asdict(tally) for style, tally in sorted(scores.styles.items())},
    }


def _filled(found: Sequence[Mapping[str, Any]], size: tuple[int, int]) -> Mask:
    mask = np.zeros(size, np.uint8)
    for box in found:
        air = round(box["height"] * MARGIN)
        rows = slice(max(box["top"] - air, 0), box["top"] + box["height"] + air)
        mask[rows, max(box["left"] - air, 0) : box["left"] + box["width"] + air] = 1
    return mask


def table(result: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of the table."""
    for name, versions in result["versions"].items():
        yield f"{name}: {', '.join(' '.join(pair) for pair in versions.items())}"
    for name, why in result["missing"].items():
        yield f"{name} did not run: {why}."
    yield ""
    yield (
        f"{result['pictures']} drawn pictures; scored: {result['scored']} that nobody refused, "
        f"{result['identifying lines']} identifying lines"
    )
    yield f"{'':<22}" + "".join(f"{words:>14}" for words, _ in COLUMNS.values())
    for system, figures in result["systems"].items():
        cells = (
            "-" if figures[key] is None else form.format(figures[key]) for key, (_, form) in COLUMNS.items()
        )
        yield f"{system:<22}" + "".join(f"{cell:>14}" for cell in cells)
    yield ""
    yield LEGEND


def main() -> None:
    """Compare, print, and write what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--split", choices=("look", "held"), default="held")
    parser.add_argument("--count", type=int, default=84)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--films", type=Path, help="a folder with films that stand behind drawn text")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--plot", type=Path, help="draw a picture of the comparison here, as PNG")
    args = parser.parse_args()
    with TemporaryDirectory() as folder:
        drawn = list(drawing.draw(args.split, args.count, args.seed, args.films))
        result = compare(drawn, Path(folder))
    print("\n".join(table(result)))
    if args.json:
        args.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    if args.plot:
        counted = f"{result['scored']} drawn pictures with {result['identifying lines']} identifying lines"
        plot(args.plot, f"Cleaning pictures: {counted}", PANELS, result["systems"])


if __name__ == "__main__":
    main()
