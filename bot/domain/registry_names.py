"""Names: how far a name as a hospital writes it agrees with the registry's.

Given name and surname are compared apart, and the worse of the two counts, because one letter in ten often
is the difference between two people. Likeness is one minus the share of letters to change (insert, drop,
replace, swap neighbours). Accents, case, hyphens, titles, suffixes and middle names make no difference. An
initial, a short form, half of a double surname, the two parts in the other order, and a middle name that is
used as given name are worth a look.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, Protocol

WORTH_A_LOOK: Final = 0.80
"""What an agreement is worth that is likely and proves nothing: below what passes, above what fails."""

_LONGEST: Final = 120
_MOST_WORDS: Final = 8
_SHORTEST_FORM: Final = 3

# Letters that do not fall apart into a plain one and an accent, and how German and the North spell them out.
_PLAIN: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i"}
)
_SPELLED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_APOSTROPHES: Final = re.compile(r"['`´‘’ʻʼ.]")  # noqa: RUF001 - these are the signs that are meant
_APART: Final = re.compile(r"[^\w]+|[\d_]+")
_AROUND: Final = frozenset(
    (
        *("dr", "doctor", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "sir"),
        *("jr", "sr", "ii", "iii", "iv", "nd", "rd"),
        *("md", "mbbs", "phd", "dds", "dmd", "mph", "facp", "facs"),
    )
)
"""Words before and behind a name that are no part of it."""
_PERHAPS_AROUND: Final = "do"
"""A degree, and a surname as well."""

_SHORT: Final = {
    short: frozenset(longer.split())
    for short, longer in {
        "andy": "andrew anders", "becky": "rebecca", "beth": "elizabeth", "betsy": "elizabeth",
        "betty": "elizabeth", "bill": "william", "billy": "william", "bob": "robert", "bobby": "robert",
        "cathy": "catherine", "chuck": "charles", "debbie": "deborah", "dick": "richard", "drew": "andrew",
        "gene": "eugene", "hank": "henry", "harry": "harold henry", "jack": "john jackson", "jake": "jacob",
        "jerry": "gerald jerome jeremiah", "jim": "james", "jimmy": "james", "joe": "joseph",
        "johnny": "john", "kate": "katherine kathryn catherine", "kathy": "katherine kathleen",
        "katie": "katherine kathryn", "larry": "lawrence", "lisa": "elizabeth", "liz": "elizabeth",
        "maggie": "margaret", "meg": "margaret", "mike": "michael", "molly": "mary", "ned": "edward",
        "nick": "nicholas", "patty": "patricia", "peggy": "margaret", "polly": "mary", "rick": "richard",
        "sally": "sarah", "sandy": "alexander sandra", "steve": "stephen steven", "susie": "susan",
        "ted": "edward theodore", "terry": "terence theresa", "tony": "anthony", "trish": "patricia",
        "vicky": "victoria", "will": "william",
    }.items()
}  # fmt: skip


class Registered(Protocol):
    """The parts of a name as the registry has them."""

    @property
    def first_name(self) -> str:
        """The given name; perhaps several words."""
        ...

    @property
    def middle_name(self) -> str:
        """The middle name or its initial; often empty."""
        ...

    @property
    def last_name(self) -> str:
        """The surname; perhaps several words."""
        ...

    @property
    def other_first_name(self) -> str:
        """The given name of a former or professional name; mostly empty."""
        ...

    @property
    def other_last_name(self) -> str:
        """A former or professional surname; mostly empty."""
        ...


def is_comparable(name: str) -> bool:
    """Say whether a name has two Latin words at least, so that it can be held against the registry's."""
    return sum(_bare(word).isascii() for word in _words(name)) > 1


def parts_of(name: str) -> tuple[str, str, str] | None:
    """Give given name, middle names and surname of a name written in one; None when it has one word only.

    In small letters, titles and suffixes left out. Without a comma the last word is the surname.
    """
    before, given = _by_comma(name)
    words = (*given, *before) if given else before
    if len(words) < 2 or not before:
        return None
    surname = before if given else words[-1:]
    rest = words[: -len(surname)]
    return rest[0], " ".join(rest[1:]), " ".join(surname)


def name_agreement(claimed: str, registered: Registered) -> float:
    """Say how far a name agrees with a registry's row, from 0 to 1; 0.80 is :data:`WORTH_A_LOOK`."""
    return max((_agreement(claimed, one) for one in _names_of(registered)), default=0.0)


_Name = tuple[str, str, str]
"""Given name, middle name and surname, as written."""


def _names_of(row: Registered) -> Iterator[_Name]:
    """Yield the registered name, and the other ones it makes with a former surname."""
    yield row.first_name, row.middle_name, row.last_name
    if row.other_last_name:
        yield row.first_name, row.middle_name, row.other_last_name
    if row.other_last_name and row.other_first_name:
        yield row.other_first_name, row.middle_name, row.other_last_name


def _agreement(claimed: str, name: _Name) -> float:
    words, given = _by_comma(claimed)
    if given:
        return _best([(given, words)], name)
    cut = words[:-1] if words[-1:] == (_PERHAPS_AROUND,) else words
    # Somebody may be called Sir or Doctor: the words as they stand are held against the row as well.
    ways = {words, cut, _as_written(claimed)[:_MOST_WORDS]}
    splits = [(each[:at], each[at:]) for each in ways for at in range(1, len(each))]
    turned = [(surname, given) for given, surname in splits]
    return max(_best(splits, name), min(WORTH_A_LOOK, _best(turned, name)))


def _by_comma(written: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give what stands before a comma, and the given names behind it; titles are none."""
    before, _, behind = written[:_LONGEST].partition(",")
    given = (word for word in _words(behind) if word not in _AROUND and word != _PERHAPS_AROUND)
    return _words(before), tuple(given)


def _best(splits: Iterable[tuple[Sequence[str], Sequence[str]]], name: _Name) -> float:
    first, middle, last = map(_words, name)
    if not first or not last:
        return 0.0
    both = (min(_given(given, first, middle), _surname(surname, last)) for given, surname in splits)
    return max(both, default=0.0)


def _given(claimed: Sequence[str], first: Sequence[str], middle: Sequence[str]) -> float:
    """Hold given names against each other; what follows the first word is a middle name, or part of it."""
    if not claimed:
        return 0.0
    whole = max(_likeness("".join(claimed[:n]), "".join(first)) for n in range(1, len(claimed) + 1))
    near = max(whole, _likeness(claimed[0], first[0]))
    by_middle = bool(middle) and len(middle[0]) > 1 and claimed[0] == middle[0]
    likely = by_middle or _is_short_of(claimed[0], first[0]) or _is_short_of(first[0], claimed[0])
    return max(near, WORTH_A_LOOK) if likely else near


def _is_short_of(short: str, longer: str) -> bool:
    if len(short) == 1 or len(short) >= _SHORTEST_FORM:
        return longer.startswith(short) or longer in _SHORT.get(short, ())
    return False


def _surname(claimed: Sequence[str], last: Sequence[str]) -> float:
    if not claimed:
        return 0.0
    near = _likeness("".join(claimed), "".join(last))
    half = len(claimed) != len(last) and bool(_long(claimed) & _long(last))
    return max(near, WORTH_A_LOOK) if half else near


def _long(words: Sequence[str]) -> set[str]:
    """Leave the particles out (de, van), which many share."""
    return {word for word in words if len(word) > _SHORTEST_FORM}


@lru_cache(maxsize=1024)
def _words(written: str) -> tuple[str, ...]:
    """Give the words of a name in small letters, titles and suffixes left out; accents stay."""
    words = _as_written(written)
    return (tuple(word for word in words if word not in _AROUND) or words)[:_MOST_WORDS]


def _as_written(written: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFKC", written[:_LONGEST]).casefold()
    return tuple(word for word in _APART.split(_APOSTROPHES.sub("", text)) if word)


def _likeness(one: str, other: str) -> float:
    """Give the best likeness of two words over the ways to write their letters plainly."""
    return max(_alike(a, b) for a in _plain(one) for b in _plain(other))


def _plain(word: str) -> set[str]:
    return {_bare(word), _bare(word.translate(_SPELLED))}


def _bare(word: str) -> str:
    fallen = unicodedata.normalize("NFKD", word.translate(_PLAIN))
    return "".join(letter for letter in fallen if not unicodedata.combining(letter))


def _alike(one: str, other: str) -> float:
    longer = max(len(one), len(other))
    return 1 - _edits(one, other) / longer if longer else 0.0


def _edits(one: str, other: str) -> int:
    """Count letters to insert, drop, replace or swap with a neighbour to make one word of the other."""
    earlier: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        now = [row]
        for column, facing in enumerate(other, start=1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != facing))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == facing:
                cost = min(cost, earlier[column - 2] + 1)
            now.append(cost)
        earlier, last = last, now
    return last[-1]
