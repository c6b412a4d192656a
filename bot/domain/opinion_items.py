"""The entries of an opinion's list, in every shape in which people type one: numbered, bulleted, in a row."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.opinions import MUST_NOT_MISS

LONGEST_ITEM: Final = 200
"""Characters of one diagnosis; more is a story, and is asked back."""

_PLAIN: Final = str.maketrans(
    {
        **{chr(wide): chr(wide - 0xFEE0) for wide in range(0xFF01, 0xFF5F)},
        "\u3001": ",",
        "\u3002": ".",
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff"),
        "→": ">",
        "\u00a0": " ",
    }
)
_BEFORE: Final = r"(?:^|(?<=[\s,;]))"
_DIGITS: Final = re.compile(
    rf"{_BEFORE}(?P<open>[(\[#]?)(?P<at>\d{{1,2}})\s*(?P<close>\.\)|[).:\]]|[-–](?=\s))(?!\d)"
)
_HASHES: Final = re.compile(rf"{_BEFORE}(?P<open>#)(?P<at>\d{{1,2}})(?P<close>)(?=\s)")
_BARE: Final = re.compile(rf"{_BEFORE}(?P<open>)(?P<at>\d{{1,2}})(?P<close>)(?=\s+[^\W\d])")
_LETTERS: Final = re.compile(rf"{_BEFORE}(?P<open>\(?)(?P<at>[a-j])(?P<close>[).])(?=\s*\w)", re.IGNORECASE)
_ROMAN: Final = re.compile(
    rf"{_BEFORE}(?P<open>\(?)(?P<at>i{{1,3}}|iv|vi{{0,3}}|ix|x)(?P<close>[).])\s", re.IGNORECASE
)
_ROMANS: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_BULLET: Final = re.compile(r"^\s*(?:[-*•·‣▪–—>]+\s*|\d{1,2}\s*[).:\]]\s*)", re.MULTILINE)
_INLINE_BULLET: Final = re.compile(r"\s*[•·‣▪]\s*")
_SEPARATORS: Final = (
    _INLINE_BULLET,
    re.compile("[;|]"),
    re.compile(r"\s+-?>+\s+|(?<=\w)-?>(?=\w)(?!.*<)(?<!<\w>)"),
    re.compile(r",(?![^()]*\))"),
)
_SENTENCE: Final = re.compile(r"(?<=[A-Za-z)]{3})[.]\s+(?=[A-Z])")
_HEADING: Final = re.compile(
    r"^\s*(?:d+x|dd|diff(?:erential)?(?: diagnos[ie]s)?|impression|assessment|diagnos[ie]s|(?:my )?list)"
    r"\s*[:–]\s*",
    re.IGNORECASE,
)
_MARK: Final = re.compile(r"[\s(]*!+[!\s)?]*$")
_MARK_BEFORE: Final = re.compile(r"^\s*!+\s*")


def items_of(head: str) -> tuple[tuple[str, ...], str]:
    """Give the diagnoses of a list in their order, each with ``!`` behind it where it was marked.

    With them comes what stood before a numbered list and is no diagnosis ("My list").
    """
    text = _HEADING.sub("", head.translate(_PLAIN).strip())
    lead, pieces = _numbered(text)
    found = [item for item in map(_tidy, pieces) if item]
    if not found:
        return tuple(filter(None, [_tidy(lead)])), ""
    return _once(found), lead


def bare(diagnosis: str) -> str:
    """Give a diagnosis without its mark."""
    return diagnosis.rstrip(f"{MUST_NOT_MISS} ")


def _numbered(text: str) -> tuple[str, list[str]]:
    """Split a list at its numbers; what is not numbered is split at what else stands between entries."""
    for family in (_DIGITS, _HASHES, _BARE, _LETTERS, _ROMAN):
        places = _places(family, text)
        if places and (family is _DIGITS or len(places) > 1):
            ends = [match.start() for _, match in places[1:]]
            told = [
                (number, text[match.end() : end])
                for (number, match), end in zip(places, [*ends, len(text)], strict=True)
            ]
            lead = text[: places[0][1].start()].strip(" .,;:-\n")
            return lead, [piece for _, piece in sorted(told, key=lambda one: one[0])]
    return "", _split(text)


def _places(family: re.Pattern[str], text: str) -> list[tuple[int, re.Match[str]]]:
    """List the numbers of one list: written alike, from 1 on, each once; none if it begins otherwise."""
    found: list[tuple[int, re.Match[str]]] = []
    for match in family.finditer(text):
        number = _number(match["at"])
        alike = not found or (match["open"], match["close"]) == (found[0][1]["open"], found[0][1]["close"])
        fits = number == 1 or match.start() == 0 if not found else number not in {one for one, _ in found}
        if alike and fits and text[match.end() :].strip():
            found.append((number, match))
    if family in (_BARE, _LETTERS, _ROMAN) and [one for one, _ in found] != list(range(1, len(found) + 1)):
        return []
    return found


def _number(written: str) -> int:
    if written.isdigit():
        return int(written)
    small = written.casefold()
    return _ROMANS.index(small) + 1 if small in _ROMANS else ord(small) - ord("a") + 1


def _split(text: str) -> list[str]:
    """Split at line ends, else at bullets, semicolons, bars, arrows, commas, or the ends of sentences."""
    if "\n" in text:
        return [_BULLET.sub("", piece) for piece in text.split("\n")]
    for separator in _SEPARATORS:
        if separator.search(text.strip(" ,;|>•·")):
            return separator.split(text)
    return _SENTENCE.split(text)


def _tidy(piece: str) -> str:
    words = _BULLET.sub("", re.sub(r"\s+", " ", piece)).strip(" .;,-*•")
    if not any(letter.isalpha() for letter in words):
        return ""
    marked = bool(_MARK.search(words) or _MARK_BEFORE.match(words))
    words = _MARK_BEFORE.sub("", _MARK.sub(lambda end: "?" if "?" in end[0] else "", words)).strip(" .;,-")
    return f"{words}{MUST_NOT_MISS}" if marked else words


def _once(found: list[str]) -> tuple[str, ...]:
    """Leave out what was named twice; marked once, it is marked."""
    once: dict[str, str] = {}
    for item in found:
        known = once.get(bare(item).casefold())
        if known is None:
            once[bare(item).casefold()] = item
        elif item.endswith(MUST_NOT_MISS) and not known.endswith(MUST_NOT_MISS):
            once[bare(item).casefold()] = f"{known}{MUST_NOT_MISS}"
    return tuple(once.values())
