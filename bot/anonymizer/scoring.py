"""Scoring predictions against labelled text: recall by span and character, precision, clean documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document: its text, the identifiers in it, and stretches that may be replaced and need not be."""

    ident: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    optional: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Labelled:
        """Read one line of a labelled file; KeyError or TypeError when it is none."""
        spans = tuple((int(s["start"]), int(s["end"]), str(s["type"])) for s in values["spans"])
        optional = tuple((int(s["start"]), int(s["end"])) for s in values.get("optional", ()))
        return cls(str(values["id"]), str(values["text"]), spans, optional)


@dataclass(slots=True)
class Score:
    """Counts over a corpus; a span is found when every letter and digit of it is covered."""

    documents: int = 0
    clean: int = 0
    touched_without_need: int = 0
    letters: int = 0
    letters_found: int = 0
    predicted: int = 0
    predicted_right: int = 0
    spans: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)

    def add(self, gold: Labelled, predicted: Sequence[tuple[int, int]]) -> list[tuple[int, int, str]]:
        """Count one document; return the labelled spans that were not wholly covered."""
        covered = _covered(predicted)
        missed = [span for span in gold.spans if not _whole(gold.text, span[:2], covered)]
        self.documents += 1
        self.clean += not missed
        for start, end, kind in gold.spans:
            self.spans[kind] = self.spans.get(kind, 0) + 1
            self.found[kind] = self.found.get(kind, 0) + ((start, end, kind) not in missed)
            marks = [at for at in range(start, end) if gold.text[at].isalnum()]
            self.letters += len(marks)
            self.letters_found += sum(at in covered for at in marks)
        self._count_predicted(gold, predicted)
        return missed

    def _count_predicted(self, gold: Labelled, predicted: Sequence[tuple[int, int]]) -> None:
        right = [span for span in predicted if _meets(span, ((s, e) for s, e, _ in gold.spans))]
        needless = [span for span in predicted if span not in right and not _meets(span, gold.optional)]
        self.predicted += len(right) + len(needless)
        self.predicted_right += len(right)
        self.touched_without_need += bool(needless)

    @property
    def recall(self) -> float:
        """Share of labelled spans wholly covered, 0 to 1."""
        return _share(sum(self.found.values()), sum(self.spans.values()))

    @property
    def letter_recall(self) -> float:
        """Share of labelled letters and digits covered, 0 to 1."""
        return _share(self.letters_found, self.letters)

    @property
    def precision(self) -> float:
        """Share of replaced stretches that meet a labelled one, 0 to 1; optional stretches do not count."""
        return _share(self.predicted_right, self.predicted)

    @property
    def f2(self) -> float:
        """Harmonic mean of precision and recall in which recall weighs four times as much."""
        both = 4 * self.precision + self.recall
        return 5 * self.precision * self.recall / both if both else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        kinds = {
            k: {"spans": n, "recall": round(_share(self.found[k], n), 4)}
            for k, n in sorted(self.spans.items())
        }
        return {
            "documents": self.documents,
            "spans": sum(self.spans.values()),
            "span_recall": round(self.recall, 4),
            "character_recall": round(self.letter_recall, 4),
            "precision": round(self.precision, 4),
            "f2": round(self.f2, 4),
            "clean_documents": round(_share(self.clean, self.documents), 4),
            "documents_touched_without_need": round(_share(self.touched_without_need, self.documents), 4),
            "kinds": kinds,
        }


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _covered(spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    return frozenset(at for start, end in spans for at in range(start, end))


def _whole(text: str, span: tuple[int, int], covered: frozenset[int]) -> bool:
    return all(at in covered for at in range(*span) if text[at].isalnum())


def _meets(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in others)
