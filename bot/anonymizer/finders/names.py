"""Names and places of a whole submission: what is found in one field is looked for in all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.anonymizer.finders.addresses import Addresses
from bot.anonymizer.finders.cues import CuedNames
from bot.anonymizer.finders.echoes import echoes
from bot.anonymizer.finders.eponyms import eponyms, terms
from bot.anonymizer.finders.hindsight import NamesInHindsight
from bot.anonymizer.finders.institutions import Institutions
from bot.anonymizer.finders.labels import LabelledNames
from bot.anonymizer.finders.neighbours import Neighbours
from bot.anonymizer.finders.shapes import ShapedNames
from bot.anonymizer.finders.towns import Towns
from bot.anonymizer.finders.unknown import unknown_words
from bot.anonymizer.found import Found
from bot.anonymizer.reading import Reading
from bot.anonymizer.submission import Submission


class NamesAndPlaces:
    """Finds people and places, then their echoes, then the words that nobody knows."""

    name = "names and places"

    def find(self, submission: Submission, before: Sequence[Found]) -> Iterator[Found]:
        """Yield what is found; what earlier checks found is not read again as a name."""
        readings = [Reading.of(field) for field in submission.fields]
        for reading in readings:
            reading.term, reading.eponym = terms(reading), eponyms(reading)
            _mark(reading, before)
        found = [item for reading in readings for item in _in_field(reading)]
        yield from found
        yield from echoes(readings, found)
        for reading in readings:
            yield from unknown_words(reading)


def _in_field(reading: Reading) -> Iterator[Found]:
    cued, shaped = CuedNames(reading), ShapedNames(reading)
    yield from Addresses(reading).find()
    yield from Institutions(reading).find()
    yield from LabelledNames(reading).find()
    yield from cued.find()
    yield from NamesInHindsight(reading).find()
    yield from shaped.pairs()
    yield from Towns(reading).find()
    yield from shaped.singles()
    yield from cued.doubtful()
    yield from shaped.doubtful()
    yield from Neighbours(reading).find()


def _mark(reading: Reading, before: Sequence[Found]) -> None:
    spans = [(f.start, f.end) for f in before if f.field == reading.field.name and f.tier == "auto"]
    for at, token in enumerate(reading.tokens):
        reading.taken[at] = any(start < token.end and token.start < end for start, end in spans)
