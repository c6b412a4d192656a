"""`curbside deid score`: predicted spans against labelled ones, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from bot.anonymizer.scoring import Labelled, Score, read_spans
from bot.cli.json_lines import BadLine, json_object

_TIERS: Final = {"auto": ("auto",), "auto+ask": ("auto", "ask")}
_ROWS: Final = {
    "span_recall": "span recall",
    "character_recall": "character recall",
    "precision": "precision",
    "f2": "F2",
    "clean_documents": "clean documents (no leak)",
    "documents_touched_without_need": "documents touched without need",
    "over_redaction": "over-redaction of other text",
}
_Row = TypeVar("_Row", bound="Labelled | Prediction")


class WrongFile(ValueError):
    """A file that is not what it should be; the message names the line and quotes nothing of it."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What was found in one document: stretches with their type, those of `auto` apart from the others."""

    ident: str
    spans: tuple[tuple[int, int, str], ...]
    tiers: tuple[str, ...]

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Prediction:
        """Read one line of output; KeyError, TypeError or ValueError when it is none."""
        spans = tuple(read_spans(values["spans"]))
        tiers = tuple(str(span.get("tier", "auto")) for span in values["spans"])
        if odd := set(tiers) - {"auto", "ask"}:
            raise ValueError(f"a tier is `auto` or `ask`, not {min(odd)!r}")
        return cls(str(values["id"]), spans, tiers)


def score(gold_file: Path, predicted_file: Path, *, as_json: bool, misses: Path | None) -> int:
    """Print how well predictions meet labels; 1 when a document has none, 2 when a file is wrong.

    `misses` is a file for the place of each identifier that was not wholly replaced: JSON lines without text.
    """
    try:
        gold = _documents(gold_file, Labelled.of)
        predicted = _documents(predicted_file, Prediction.of)
        _fit(gold, predicted, predicted_file)
        figures, missed = _figures(gold, predicted)
        if misses:
            misses.write_text("".join(json.dumps(miss) + "\n" for miss in missed), encoding="utf-8")
    except (OSError, WrongFile) as error:
        print(f"curbside deid score: {error}", file=sys.stderr)
        return 2
    print(json.dumps(figures) if as_json else "\n".join(_table(figures)))
    return 1 if figures["documents_without_prediction"] else 0


def _documents(path: Path, read: Callable[[dict[str, Any]], _Row]) -> dict[str, _Row]:
    """Read a file of JSON lines by id; WrongFile names the first line that does not belong there."""
    found: dict[str, _Row] = {}
    with path.open("rb") as rows:
        for number, row in enumerate(rows, start=1):
            if not row.strip():
                continue
            document = _document(row, read, f"{path}, line {number}")
            if document.ident in found:
                raise WrongFile(f"{path}, line {number}: an earlier line has the same id")
            found[document.ident] = document
    return found


def _document(row: bytes, read: Callable[[dict[str, Any]], _Row], place: str) -> _Row:
    try:
        return read(json_object(row))
    except KeyError as error:
        raise WrongFile(f"{place}: there is no `{error.args[0]}`") from error
    except (AttributeError, TypeError) as error:
        raise WrongFile(f"{place}: a value is not of the kind it should be") from error
    except (BadLine, ValueError) as error:
        raise WrongFile(f"{place}: {error}") from error


def _fit(gold: Mapping[str, Labelled], predicted: Mapping[str, Prediction], file: Path) -> None:
    """Refuse what cannot be the output for these texts: no id in common, or spans beyond their end."""
    if not gold:
        raise WrongFile("there is no labelled document")
    both = gold.keys() & predicted.keys()
    if predicted and not both:
        theirs, ours = next(iter(predicted)), next(iter(gold))
        raise WrongFile(
            f"no id of {file} is that of a labelled document: they are like {theirs!r}, not like {ours!r}"
        )
    for ident in both:
        if any(end > len(gold[ident].text) for _, end, _ in predicted[ident].spans):
            raise WrongFile(f"{file}: a span of {ident!r} ends after the labelled text; was it another text?")


def _figures(
    gold: Mapping[str, Labelled], predicted: Mapping[str, Prediction]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    figures: dict[str, Any] = {
        "documents_without_prediction": len(gold.keys() - predicted.keys()),
        "predictions_without_document": len(predicted.keys() - gold.keys()),
    }
    nothing = Prediction("", (), ())
    places: list[dict[str, Any]] = []
    for name, tiers in _TIERS.items():
        total = Score()
        for ident, labelled in gold.items():
            found = predicted.get(ident, nothing)
            pairs = zip(found.spans, found.tiers, strict=True)
            missed = total.add(labelled, [span for span, tier in pairs if tier in tiers])
            places += [{"tiers": name, "id": ident, "start": s, "end": e, "type": k} for s, e, k in missed]
        figures[name] = total.to_json()
    return figures, places


def _table(figures: dict[str, Any]) -> Iterator[str]:
    sure, both = figures["auto"], figures["auto+ask"]
    yield f"{sure['documents']} documents, {sure['spans']} identifiers"
    yield f"{'':<34}{'auto':>9}{'auto+ask':>10}"
    for row, words in _ROWS.items():
        yield f"{words:<34}{sure[row]:>9.1%}{both[row]:>10.1%}"
    yield ""
    yield f"{'type':<15}{'labelled':>9}{'recall':>9}{'auto+ask':>10}{'precision':>11}{'auto+ask':>10}"
    for kind in sorted({*sure["kinds"], *both["kinds"]}):
        yield _kind_row(kind, sure["kinds"].get(kind, {}), both["kinds"].get(kind, {}))
    if figures["documents_without_prediction"]:
        yield f"{figures['documents_without_prediction']} documents have no prediction and count as missed."
    if figures["predictions_without_document"]:
        yield f"{figures['predictions_without_document']} predictions are of no labelled document."


def _kind_row(kind: str, sure: Mapping[str, Any], both: Mapping[str, Any]) -> str:
    cells = (sure.get("recall"), both.get("recall"), sure.get("precision"), both.get("precision"))
    shown = "".join(
        f"{'-' if cell is None else f'{cell:.1%}':>{width}}"
        for cell, width in zip(cells, (9, 10, 11, 10), strict=True)
    )
    return f"{kind:<15}{both.get('spans', 0):>9}{shown}"
