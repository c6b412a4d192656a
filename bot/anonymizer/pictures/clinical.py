"""Decides which burned-in lines are known to be clinical. Everything else is covered."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from bot.anonymizer.pictures.clinical_words import (
    ALSO_NAMES,
    EXTRA,
    OF_PEOPLE,
    SHORT_CODES,
    SINGLE,
    STRONG,
    UNITS,
)
from bot.anonymizer.words.knowledge import about

_OLDEST_TOLD: Final = 89
_LONGEST_NUMBER: Final = 4
"""Digits in a row that may be a measure; five and more are the number of something or somebody."""
_BARE_DIGITS: Final = 3
"""Digits that may stand on a line without any word: ruler marks, depth scales, slice numbers."""
_DATES: Final = re.compile(
    r"\b\d{1,4}([./-])\d{1,2}\1\d{2,4}\b"
    r"|\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?\b"
    r"|\b\d{1,2}[\s.-]?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\s.-]+\d{1,4}\b"
)
_RATIO: Final = re.compile(r"\b(?:lossy|ratio|titer|titre|compression|i:e|ie)\W{1,3}\d{1,2}:\d{2,4}\b")
_WITH_DIGITS: Final = "|".join(
    sorted((re.escape(w) for w in STRONG | UNITS if re.search(r"[a-z]\d", w)), key=len, reverse=True)
)
_TOKEN: Final = re.compile(
    r"(?P<code>(?<![\w.])(?:" + SHORT_CODES + "|" + _WITH_DIGITS + r")(?!\w))"
    r"|(?P<number>\d+(?:[.,]\d+)*)"
    r"|(?P<word>[a-zµμ°²³]+(?:[-/&'][a-zµμ°²³]+)*)"
    r"|(?P<mark>[\s()\[\]{}<>=:;,.%+*^/|~°±×·_'\"!?-])"
    r"|(?P<other>.)"
)
_LONG_WORD: Final = 7
"""Letters from which a word may have one misread letter; shorter ones are too near to names."""
_LONG_WORDS: Final = tuple(sorted(word for word in STRONG if len(word) >= _LONG_WORD - 1))
_SHORTEST_TERM: Final = 5
"""Letters from which a word of medicine may stay that is not in the list of pictures."""
_SHORTEST_HALF: Final = 4
_GLUED: Final = frozenset(word for word in STRONG - ALSO_NAMES if len(word) >= _SHORTEST_HALF)
_AGE: Final = frozenset({"y", "yr", "yrs", "yo", "year", "years"})
_TAKES_YEARLIKE: Final = frozenset(
    (
        "w",
        "l",
        "c",
        "ww",
        "wl",
        "wc",
        "tr",
        "te",
        "ti",
        "ei",
        "s",
        "exi",
        "window",
        "level",
        "im",
        "image",
        "loc",
        "dap",
        "dlp",
        "prf",
        "b",
    )
)
"""Labels whose value may look like a year."""
_LETTER_L: Final = {"ll": "ii", "lll": "iii", "1i": "ii", "il": "ii", "iil": "iii"}


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    glued: bool
    """Whether it follows the token before without anything between."""


def is_clinical(text: str, *, names: frozenset[str] = frozenset()) -> bool:
    """Say whether every part of a line is known to be clinical; `names` are folded words that never are."""
    folded = folded_line(text)
    if not any(map(str.isalnum, folded)) or _DATES.search(_RATIO.sub(" ", folded)):
        return False
    tokens = list(_tokens(folded))
    return (
        all(_known(tokens, index) for index in range(len(tokens)))
        and _enough(tokens)
        and not any(token.text in names for token in tokens)
    )


def is_measured(text: str) -> bool:
    """Say whether a clinical line has a known word or a unit in it: enough to stay beside a name."""
    tokens = list(_tokens(folded_line(text)))
    return any(
        len(token.text) > 1 and _is_plain(tokens, index)
        for index, token in enumerate(tokens)
        if token.kind == "word"
    )


def folded_line(text: str) -> str:
    """Return a reading in lower case and plain forms; letters outside Latin stay and so are never known."""
    plain = unicodedata.normalize("NFKC", text.replace("²", "2").replace("³", "3")).lower()
    plain = plain.translate(_LOOKALIKES).strip()
    for misread, meant in _MISREAD:
        plain = misread.sub(meant, plain)
    return plain


_MISREAD: Final = (
    # Letters that readers take for each other, where only one of them makes sense.
    (re.compile(r"(?<=/)[i|1](?=\b)"), "l"),
    (re.compile(r"\bmmo[i1|]?(?=/)"), "mmol"),
    (re.compile(r"\bumo[i1|]?(?=/)"), "umol"),
    (re.compile(r"\be[l1|](?=\s*\d{2,4}$)"), "ei"),
    (re.compile(r"\blm(?=\W*\d)"), "im"),
    (re.compile(r"^(w[wl]?|c)\W{0,2}(\d{1,4})\W{0,3}([lw][lw]?|c)\W{0,2}(?=-?\d{1,4}$)"), r"\1 \2 \3 "),
    (re.compile(r"(?<=\d)(?<!h2)o(?=[\do\s]|$)|(?<=[\s.])o(?=\d)"), "0"),
)
_LOOKALIKES: Final = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "：": ":", "，": ",", "（": "(", "）": ")", "’": "'"}
)


def _tokens(folded: str) -> Iterator[_Token]:
    end = -1
    for match in _TOKEN.finditer(folded):
        kind = match.lastgroup or "other"
        if match.group().isspace():
            continue
        word = _LETTER_L.get(match.group(), match.group()) if kind == "word" else match.group()
        yield _Token(kind, word, match.start() == end)
        end = match.end()


def _known(tokens: list[_Token], index: int) -> bool:
    token = tokens[index]
    if token.kind == "number":
        return _known_number(tokens, index)
    if token.kind == "word":
        return _known_word(tokens, index)
    return token.kind in ("code", "mark")


def _known_word(tokens: list[_Token], index: int) -> bool:
    word = tokens[index].text
    if (
        len(word) == 1
        and index + 1 < len(tokens)
        and tokens[index + 1].kind == "number"
        and tokens[index + 1].glued
    ):
        # A letter in front of digits without a space is the number of something.
        return len(tokens[index + 1].text) <= 2 or "." in tokens[index + 1].text
    if word in STRONG or word in UNITS or word in EXTRA or (len(word) == 1 and word in SINGLE):
        return True
    if len(word) >= _LONG_WORD and any(edited in STRONG for edited in _near(word)):
        return True
    parts = re.split(r"[-/&']", word)
    if len(parts) > 1:
        return all(part in STRONG or part in UNITS or part in SINGLE for part in parts)
    return _is_term(word) or _is_glued(word)


def _is_glued(word: str) -> bool:
    """Say whether two clinical words were read without the space between them."""
    halves = ((word[:at], word[at:]) for at in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1))
    return any(first in _GLUED and second in _GLUED for first, second in halves)


def _is_term(word: str) -> bool:
    """Say whether the house's words know a clinical term that is no name of a person or a place."""
    if len(word) < _SHORTEST_TERM or word in OF_PEOPLE:
        return False
    known = about(word)
    return known.clinical and known.english > 1 and not (known.given or known.family or known.place)


@lru_cache(maxsize=4096)
def _near(word: str) -> tuple[str, ...]:
    """Return the long clinical words that differ from a misread one by one letter."""
    return tuple(known for known in _LONG_WORDS if abs(len(known) - len(word)) <= 1 and _one_off(word, known))


def _one_off(one: str, other: str) -> bool:
    if len(one) > len(other):
        one, other = other, one
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    return one[start + (len(one) == len(other)) :] == other[start + 1 :]


def _known_number(tokens: list[_Token], index: int) -> bool:
    number = tokens[index].text
    if (
        any(len(run) > _LONGEST_NUMBER for run in re.split("[.,]", number)[:1])
        or sum(map(str.isdigit, number)) > 7
    ):
        return False
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    if after in _AGE or _label_before(tokens, index) == "age":
        return float(number.replace(",", ".").split(".")[0]) <= _OLDEST_TOLD
    if re.fullmatch(r"(?:19|20)\d\d", number) and after not in UNITS:
        return _label_before(tokens, index) in _TAKES_YEARLIKE
    return before != "#"


def _label_before(tokens: list[_Token], index: int) -> str:
    words = [token.text for token in tokens[:index] if token.kind in ("word", "number")]
    return words[-1] if words else ""


def _enough(tokens: list[_Token]) -> bool:
    """Demand something plainly clinical: few bare digits only, and words that are names need company."""
    worded = [index for index, token in enumerate(tokens) if token.kind in ("word", "code")]
    digits = sum(map(str.isdigit, "".join(token.text for token in tokens if token.kind == "number")))
    if not worded:
        return _bare(tokens, digits)
    plain = [index for index in worded if _is_plain(tokens, index)]
    if not plain:
        return len(worded) == 1 and len(tokens[worded[0]].text) == 1 and digits <= _BARE_DIGITS
    return digits <= 6 + 4 * len(plain)


def _is_plain(tokens: list[_Token], index: int) -> bool:
    """Say whether a word is no name: by itself, as the label of a number, or as the age of somebody."""
    word = tokens[index].text
    if word in _AGE and index and tokens[index - 1].kind == "number":
        return True
    if word in UNITS and index and tokens[index - 1].kind == "number":
        return True
    if word in ALSO_NAMES:
        following = [token for token in tokens[index + 1 : index + 3] if token.kind != "mark"]
        return bool(following) and following[0].kind == "number"
    return tokens[index].kind == "code" or len(word) > 1 or word in "wx"


def _bare(tokens: list[_Token], digits: int) -> bool:
    numbers = [token.text for token in tokens if token.kind == "number"]
    if len(numbers) == 1:
        return digits <= _BARE_DIGITS or "." in numbers[0]
    if any(token.text in "/x×" for token in tokens if token.kind == "mark") and digits <= 6:
        return True
    return _counts_up(numbers) or (digits <= 6 and all("." in number for number in numbers))


def _counts_up(numbers: list[str]) -> bool:
    """Say whether these are the marks of a ruler: short, and evenly rising."""
    if any(len(number) > 3 or not number.isdigit() for number in numbers):
        return False
    values = [int(number) for number in numbers]
    steps = {later - earlier for earlier, later in pairwise(values)}
    return len(steps) == 1 and steps.pop() in (1, 2, 5, 10, 20, 25, 50)
