"""The clinical veto: names that are parts of terms (`Foley catheter`, `Murphy's sign`, `known Parkinson`)."""

from __future__ import annotations

from functools import cache

from bot.anonymizer.reading import Reading
from bot.anonymizer.words import section

_FAR = 3
_ANTIGEN = 3


def eponyms(reading: Reading) -> list[bool]:
    """Say for every token whether it is an eponym here; a title or label in front is judged by the caller.

    The terms of the reading must be known.
    """
    marks = [reading.term[at] or _eponym(reading, at) for at in range(len(reading))]
    for at in range(len(reading) - 1):
        if (
            "-" in reading.gap(at)
            and len(reading.gap(at)) == 1
            and _listed(reading, at)
            and _listed(reading, at + 1)
        ):
            marks[at] = marks[at + 1] = True
    return marks


def terms(reading: Reading) -> list[bool]:
    """Say for every token whether a head word makes it a part of a clinical term."""
    return [
        _headed(reading, at) or _antigen(reading, at) or _told_as_thing(reading, at)
        for at in range(len(reading))
    ]


def _antigen(reading: Reading, at: int) -> bool:
    """Say whether a short word is an antigen: `anti-Jo-1`, `Ro-52`, `anti-Smith`."""
    if reading.gap(at - 1) == "-" and reading.low(at - 1) == "anti":
        return True
    if reading.gap(at) != "-" or at + 1 >= len(reading) or len(reading.low(at)) > _ANTIGEN:
        return False
    return reading.tokens[at + 1].text.isdigit()


@cache
def _known() -> frozenset[str]:
    return section("clinical", "alone") | section("clinical", "strong")


def _listed(reading: Reading, at: int) -> bool:
    return reading.low_at.get(at) in _known()


def _eponym(reading: Reading, at: int) -> bool:
    if not _listed(reading, at) or _named(reading, at):
        return False
    if reading.low(at) in section("clinical", "strong") or reading.words[at].name <= 4:
        return True
    return _genitive(reading, at) and reading.low(at + 1) not in section("general", "relatives")


def _told_as_thing(reading: Reading, at: int) -> bool:
    """Say whether a number or a result follows, or an article stands before: `Rankin 2`, `the Quinton`."""
    if not _listed(reading, at) or reading.gap(at) != " " or _named(reading, at):
        return False
    behind = reading.low(at + 1)
    if behind.isdigit() or behind in section("clinical", "results"):
        return True
    article = reading.low(at - 1) in ("a", "an", "the", "another") and reading.gap(at - 1) == " "
    return article and not reading.among(at + 1, "sorts", "institutions")


def _named(reading: Reading, at: int) -> bool:
    """Say whether a given name right beside an eponym makes it a person: `Ana Foley`, `Graves, Ana`."""
    before, behind = at - 1, at + 1
    if reading.initial(before) and reading.gap(before) in (". ", " "):
        before -= 1
    if reading.capital(at) and reading.capital(before) and reading.gap(before) == " ":
        return reading.words[before].given >= (3 if reading.words[before].english < 2 else 5)
    if (
        before >= 0
        and reading.gap(before) == " "
        and _given(reading, before)
        and not _listed(reading, before)
    ):
        return True
    if reading.gap(at) not in (", ", ",") or behind >= len(reading) or _listed(reading, behind):
        return False
    return (
        _given(reading, behind) and not reading.words[behind].clinical and reading.cases[behind] != "acronym"
    )


def _given(reading: Reading, at: int) -> bool:
    """Say whether a word is a given name rather than anything else."""
    word = reading.words[at]
    return word.given >= 4 and word.margin >= -0.75


def _genitive(reading: Reading, at: int) -> bool:
    return reading.tokens[at].text.lower().endswith("'s") or reading.gap(at).startswith("'")


def _headed(reading: Reading, at: int) -> bool:
    """Say whether a head word follows, at once or behind other names: `Wolff Parkinson White syndrome`."""
    word = reading.words[at]
    listed = _listed(reading, at)
    if not (listed or word.name or word.unknown) or _named(reading, at):
        return False
    if not (listed or _genitive(reading, at) or reading.capital(at) or reading.cases[at] == "shout"):
        return False
    for ahead in range(at + 1, min(at + 1 + _FAR, len(reading))):
        if set(reading.gap(ahead - 1)) - set(" -'/"):
            return False
        if reading.low(ahead) in section("clinical", "heads"):
            return True
        if not _listed(reading, ahead):
            return (
                listed
                and reading.gap(ahead) == " "
                and reading.low(ahead + 1) in section("clinical", "heads")
            )
    return False
