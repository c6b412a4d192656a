"""Names and places of a whole submission: what is found in one field is looked for in all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.anonymizer.finders.addresses import Addresses
from bot.anonymizer.finders.cues import CuedNames
from bot.anonymizer.finders.echoes import echoes
from bot.anonymizer.finders.eponyms import eponyms, terms
from bot.anonymizer.finders.hindsight import NamesInHindsight
from bot.anonymizer.finders.institutions import Institutions
from bot.anonymizer.finders.judge import Verdicts, kinds_of
from bot.anonymizer.finders.labels import LabelledNames
from bot.anonymizer.finders.led_places import LedPlaces
from bot.anonymizer.finders.letters import Letters
from bot.anonymizer.finders.neighbours import Neighbours
from bot.anonymizer.finders.runs import Runs
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
            reading.term = terms(reading)
            reading.eponym = eponyms(reading)
            _mark(reading, before)
        verdicts = [Verdicts(reading, kinds_of(reading, before)) for reading in readings]
        found = [v.weighed(item) for v, r in zip(verdicts, readings, strict=True) for item in _in_field(r)]
        found += [item for verdict in verdicts for item in verdict.sure()]
        found += echoes(readings, found)
        yield from _with_initials(readings, found)
        for verdict in verdicts:
            yield from verdict.likely()
        for reading in readings:
            yield from unknown_words(reading)


def _with_initials(readings: Sequence[Reading], found: Iterable[Found]) -> Iterator[Found]:
    """Let every name begin with the initials and particles in front of it: `J. Roe`, `de la Roe`."""
    runs = {reading.field.name: Runs(reading) for reading in readings}
    for item in found:
        reading = runs[item.field].reading
        within = reading.within(item.start, item.end)
        if item.category != "NAME" or not len(within):
            yield item
            continue
        first, _ = runs[item.field].grown(within.start, within.start)
        for at in range(first, within.start):
            reading.taken[at] = True
        yield replace(item, start=min(item.start, reading.tokens[first].start))


def _in_field(reading: Reading) -> Iterator[Found]:
    cued, shaped, led = CuedNames(reading), ShapedNames(reading), LedPlaces(reading)
    steps = (
        Addresses(reading).find,
        Institutions(reading).find,
        led.find,
        LabelledNames(reading).find,
        Letters(reading).find,
        cued.find,
        NamesInHindsight(reading).find,
        shaped.pairs,
        Towns(reading).find,
        led.doubtful,
        shaped.singles,
        cued.doubtful,
        shaped.doubtful,
        Neighbours(reading).find,
    )
    for step in steps:
        reading.field.beat()
        yield from step()


def _mark(reading: Reading, before: Sequence[Found]) -> None:
    for found in before:
        if found.field == reading.field.name and found.tier == "auto":
            for at in reading.within(found.start, found.end):
                reading.taken[at] = True
