"""What a typed diagnosis is made of: text folded to plain words, words cut to stems, stems put in order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

LONGEST: Final = 400
"""Characters of a diagnosis that are looked at; the rest is cut off."""

_LETTERS: Final = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "þ": "th",
        "ħ": "h",
    }
)
_GREEK: Final = dict(
    zip(
        "αβγδεκλμστω",
        ["alpha", "beta", "gamma", "delta", "epsilon", "kappa", "lambda", "mu", "sigma", "tau", "omega"],
        strict=True,
    )
)
_LONE_GREEK: Final = re.compile(rf"(?<![\u03b1-\u03c9])[{''.join(_GREEK)}](?![\u03b1-\u03c9])")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_QUOTES: Final = re.compile("[\u2018\u2019\u02bc\u02b9\u2032\u00b4`]")
_INSIDE: Final = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\{([^{}]*)\}")
_POSSESSIVE: Final = re.compile(r"'s\b|(?<=s)'(?!\w)")
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,}")
_WORD: Final = re.compile(r"[^\W_]+")
_MOST_MARKS: Final = 2

_CONNECTING: Final = frozenset({"of", "the", "an", "and", "to"})
_ROMAN: Final = dict(
    zip(
        ["ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi", "xii", "xiii", "xiv", "xv"],
        ["2", "3", "4", "6", "7", "8", "9", "11", "12", "13", "14", "15"],
        strict=True,
    )
)
_SAME: Final = {**_ROMAN, "versus": "vs"}
_SHORT_ROMAN: Final = {"i": "1", "v": "5", "x": "10"}
_COUNTED: Final = frozenset({"type", "factor", "stage", "grade", "class", "group"})
_BRITISH: Final = re.compile("(?<!e)ae(?=[cdelmnopstuv])|oe(?=[abcdelmnopst])")
_BRITISH_END: Final = re.compile("our(?=s?$)")
_ENDINGS: Final = (
    ("itides", "itis"),
    ("oses", "osis"),
    ("yses", "ysis"),
    ("eses", "esis"),
    ("tases", "tasis"),
    ("iases", "iasis"),
    ("omata", "oma"),
    ("sses", "ss"),
    ("xes", "x"),
    ("ches", "ch"),
    ("ies", "y"),
)
_NO_PLURAL: Final = ("ss", "us", "is")


def lowered(text: str) -> str:
    """Return the text in lower case: plain letters and quotes, lone Greek letters by name, nothing unseen."""
    text = text[:LONGEST].replace("_", " ")
    if text.isascii():
        return text.lower()
    text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    text = unicodedata.normalize("NFKC", text).casefold().translate(_LETTERS)
    text = _ACCENTS.sub("", unicodedata.normalize("NFD", text))
    text = _QUOTES.sub("'", unicodedata.normalize("NFC", text))
    return _LONE_GREEK.sub(lambda found: _GREEK[found[0]], text)


def without_brackets(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text without what stands in brackets, nested ones too, and what stood in them."""
    inside: list[str] = []
    while found := _INSIDE.search(text):
        inside.append(next(part for part in found.groups() if part is not None))
        text = f"{text[: found.start()]} {text[found.end() :]}"
    return text, tuple(inside)


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a lowered text, without possessives, punctuation, symbols and unseen characters."""
    text = _DOTTED.sub(lambda found: found[0].replace(".", ""), text)
    text = _POSSESSIVE.sub("", text).replace("'", "")
    return tuple(_WORD.findall(text)) if text.isascii() else tuple(_letters_only(text).split())


def _letters_only(text: str) -> str:
    """Return a text in which all but letters, digits and a few marks on them has become a space."""
    kept: list[str] = []
    marks = _MOST_MARKS
    for letter in text:
        kind = unicodedata.category(letter)
        if kind in {"Mn", "Mc"}:
            marks += 1
            kept += [letter] if marks <= _MOST_MARKS else []
        else:
            marks = 0 if kind[0] in "LN" else _MOST_MARKS
            kept.append(letter if kind[0] in "LN" else " ")
    return "".join(kept)


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Return a word in the singular and in American spelling; both sides of a comparison go through it."""
    if len(word) < 4 or not word.isascii():
        return word
    word = _BRITISH_END.sub("or", _BRITISH.sub("e", word))
    for plural, singular in _ENDINGS:
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word[: -len(plural)] + singular
    return word[:-1] if word.endswith("s") and not word.endswith(_NO_PLURAL) else word


def stems_of(words: Iterable[str]) -> tuple[str, ...]:
    """Return the stems of words in their order: connecting words left out, Roman numbers as Arabic ones."""
    stems: list[str] = []
    for word in words:
        if word not in _CONNECTING:
            counted = bool(stems) and stems[-1] in _COUNTED
            stems.append(_SAME.get(word) or (counted and _SHORT_ROMAN.get(word)) or stem(word))
    return tuple(stems)


def bag(stems: Iterable[str]) -> str:
    """Return stems in alphabetical order: the same for every order of words."""
    return " ".join(sorted(stems))
