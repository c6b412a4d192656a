"""Default deny: words that no list knows are shown to the author, who decides; none passes in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.anonymizer.found import Found
from bot.anonymizer.reading import Reading
from bot.anonymizer.words import section

_SHORTEST: Final = 4


def unknown_words(reading: Reading) -> Iterator[Found]:
    """Yield words that are in no list and whose form does not tell that they are English or clinical."""
    for at, token in enumerate(reading.tokens):
        if (
            reading.taken[at]
            or reading.eponym[at]
            or not token.word
            or len(token.low) < _SHORTEST
            or reading.stop(at)
        ):
            continue
        if _suspicious(reading, at):
            yield Found(
                reading.field.name,
                token.start,
                token.end,
                "NAME",
                "ask",
                "This word is in no list of English or clinical words.",
                "unknown",
            )


def _suspicious(reading: Reading, at: int) -> bool:
    word, case, low = reading.words[at], reading.cases[at], reading.low(at)
    if reading.among(at, "foreign"):
        return False
    if not low.isascii():
        return True
    if (
        case == "acronym"
        or word.english > 1
        or word.clinical
        or low in section("general", "peoples")
        or low in section("general", "states")
    ):
        return False
    if case == "capital":
        return not (word.medical_form and not word.name)
    return word.unknown or (word.english == 0 and (word.name > 0 or word.place > 4) and not word.medical_form)
