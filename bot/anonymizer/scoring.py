"""Scoring predictions against labelled text: recall by span and character, precision, clean documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Stretch = tuple[int, int] | tuple[int, int, str]
"""A predicted place: its start, its end, and its type where the finder tells one."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One document: its text, the identifiers in it, and stretches that may be replaced and need not be."""

    ident: str
    text: str
    spans: tuple[tuple[int, int, str], ...]
    optional: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Labelled:
        """Read one line of a labelled file; KeyError, TypeError or ValueError when it is none."""
        text = values["text"]
        if not isinstance(text, str):
            raise TypeError("`text` is no string")
        spans = tuple(read_spans(values["spans"]))
        optional = tuple((start, end) for start, end, _ in read_spans(values.get("optional", ())))
        if any(end > len(text) for end in (*(end for _, end, _ in spans), *(end for _, end in optional))):
            raise ValueError("a span ends after its text")
        if any(not kind for *_, kind in spans):
            raise ValueError("a labelled span has no `type`")
        return cls(str(values["id"]), text, spans, optional)


def read_spans(values: Iterable[Mapping[str, Any]]) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and type of each span; ValueError for one that is empty or has no whole numbers."""
    for span in values:
        start, end = span["start"], span["end"]
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            raise ValueError("a span needs whole numbers `start` and `end`, the end after the start")
        yield start, end, str(span.get("type", ""))


@dataclass(slots=True)
class Score:
    """Counts over a corpus; a span is found when every letter and digit of it is covered."""

    documents: int = 0
    clean: int = 0
    touched_without_need: int = 0
    letters: int = 0
    letters_found: int = 0
    others: int = 0
    others_replaced: int = 0
    predicted: int = 0
    predicted_right: int = 0
    spans: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    predicted_as: Counter[str] = field(default_factory=Counter)
    predicted_as_right: Counter[str] = field(default_factory=Counter)

    def add(self, gold: Labelled, predicted: Sequence[Stretch]) -> list[tuple[int, int, str]]:
        """Count one document; return the labelled spans that were not wholly covered."""
        covered = _covered(predicted)
        missed = [span for span in gold.spans if not _whole(gold.text, span, covered)]
        self.documents += 1
        self.clean += not missed
        self.spans.update(kind for *_, kind in gold.spans)
        self.found.update(kind for *_, kind in gold.spans)
        self.found.subtract(kind for *_, kind in missed)
        self._count_characters(gold, covered)
        self._count_predicted(gold, predicted)
        return missed

    def _count_characters(self, gold: Labelled, covered: frozenset[int]) -> None:
        identifying, free = _covered(gold.spans), _covered(gold.optional)
        marks = frozenset(at for at, mark in enumerate(gold.text) if mark.isalnum())
        self.letters += len(marks & identifying)
        self.letters_found += len(marks & identifying & covered)
        self.others += len(marks - identifying - free)
        self.others_replaced += len((marks - identifying - free) & covered)

    def _count_predicted(self, gold: Labelled, predicted: Sequence[Stretch]) -> None:
        right = [span for span in predicted if _meets(span, gold.spans)]
        needless = [span for span in predicted if span not in right and not _meets(span, gold.optional)]
        self.predicted += len(right) + len(needless)
        self.predicted_right += len(right)
        self.touched_without_need += bool(needless)
        self.predicted_as.update(map(_kind, (*right, *needless)))
        self.predicted_as_right.update(map(_kind, right))

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

    @property
    def over_redaction(self) -> float:
        """Share of the letters and digits that identify nobody and were replaced, 0 to 1."""
        return self.others_replaced / self.others if self.others else 0.0

    def to_json(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        return {
            "documents": self.documents,
            "spans": sum(self.spans.values()),
            "span_recall": round(self.recall, 4),
            "character_recall": round(self.letter_recall, 4),
            "precision": round(self.precision, 4),
            "f2": round(self.f2, 4),
            "clean_documents": round(_share(self.clean, self.documents), 4),
            "documents_touched_without_need": round(_share(self.touched_without_need, self.documents), 4),
            "over_redaction": round(self.over_redaction, 4),
            "kinds": {kind: self._of_kind(kind) for kind in sorted({*self.spans, *self.predicted_as} - {""})},
        }

    def _of_kind(self, kind: str) -> dict[str, Any]:
        """Return the figures of one type: recall where it is labelled, precision where it is told."""
        figures: dict[str, Any] = {"spans": self.spans[kind]}
        if self.spans[kind]:
            figures["recall"] = round(self.found[kind] / self.spans[kind], 4)
        if self.predicted_as[kind]:
            figures["precision"] = round(self.predicted_as_right[kind] / self.predicted_as[kind], 4)
        return figures


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _kind(span: Stretch) -> str:
    return span[2] if len(span) == 3 else ""


def _covered(spans: Iterable[Stretch]) -> frozenset[int]:
    return frozenset(at for start, end, *_ in spans for at in range(start, end))


def _whole(text: str, span: Stretch, covered: frozenset[int]) -> bool:
    return all(at in covered for at in range(span[0], span[1]) if text[at].isalnum())


def _meets(span: Stretch, others: Iterable[Stretch]) -> bool:
    return any(start < span[1] and span[0] < end for start, end, *_ in others)
