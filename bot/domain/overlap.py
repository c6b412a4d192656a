"""Polls that ask the same of some of the same people: what the results of all of them tell together.

Somebody who wants one colleague's vote asks twice, before and after it is cast, or with and without a
specialty. So polls count as the same where their audiences share a specialty and question and answers are
nearly the same, whoever asks. Likeness is that of P. Jaccard (1912): of what either has, the share that both
have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.domain.poll_terms import AGREEMENT
from bot.domain.polls import Poll

SHARED_FOR: Final = timedelta(days=30)
"""How long after its end a poll still counts."""
_NEARLY: Final = 0.5
_ON_ONE_CASE: Final = 0.2
"""On one case fewer words make the same question."""

_ALL_PURPOSE: Final = frozenset({"yes", "no", "maybe", "perhaps", "unsure", *map(str.casefold, AGREEMENT)})
"""Answers that fit any question, and so tell nothing about it."""
_WORD: Final = re.compile(r"\w+")
_LITTLE_WORDS: Final = frozenset(
    _WORD.findall(
        "a an the and or of to in on at for with by from as is are was were be do does did have has had i me "
        "my we us our you your he she it its his her they them their this that these those would will can "
        "could should may might must not no if so then than there here what which who whom how when where "
        "why please"
    )
)
"""Words that most questions have. *Not* is one: who denies a statement asks the same."""


@dataclass(frozen=True, slots=True)
class Asks:
    """What a poll asks of whom, as far as likeness goes; words and answers are sets, or keyed hashes of them.

    ``measured`` says that a number is asked for, ``telling`` that the answers fit not just any question.
    """

    audience: frozenset[str]
    words: frozenset[str]
    answers: frozenset[str]
    measured: bool
    telling: bool
    case: str

    def hashed(self, digest: Callable[[str], str]) -> Asks:
        """Give the same without a readable word."""
        words, answers = (frozenset(map(digest, texts)) for texts in (self.words, self.answers))
        return replace(self, words=words, answers=answers, case=self.case and digest(self.case))


def asks_of(poll: Poll) -> Asks:
    """Say what a poll asks of whom."""
    answers = frozenset(_folded(option).strip() for option in poll.options[:-1])
    return Asks(
        frozenset(poll.terms.audience),
        _words(poll.question),
        answers,
        measured=poll.terms.scale is not None,
        telling=not answers <= _ALL_PURPOSE,
        case=poll.case,
    )


def overlap(one: Poll, other: Poll) -> bool:
    """Say whether two results, shown side by side, could tell nearly the same people's answers apart."""
    return one.id != other.id and ask_the_same(asks_of(one), asks_of(other))


def ask_the_same(one: Asks, other: Asks) -> bool:
    """Say whether two polls ask nearly the same of some of the same people."""
    return _share_people(one, other) and _same_answers(one, other) and _same_question(one, other)


def _share_people(one: Asks, other: Asks) -> bool:
    return not one.audience or not other.audience or bool(one.audience & other.audience)


def _same_answers(one: Asks, other: Asks) -> bool:
    """Compare answers without order; numbers are alike on any scale, and so are all kinds of choosing."""
    if one.measured or other.measured:
        return one.measured and other.measured
    return _likeness(one.answers, other.answers) >= _NEARLY


def _same_question(one: Asks, other: Asks) -> bool:
    likeness = _likeness(one.words, other.words)
    if one.case and one.case == other.case:
        return likeness >= _ON_ONE_CASE or one.telling
    return likeness >= _NEARLY


def _words(text: str) -> frozenset[str]:
    words = frozenset(_WORD.findall(_folded(text)))
    return words - _LITTLE_WORDS or words


def _folded(text: str) -> str:
    """Write a text without case and accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _likeness(ours: Collection[str], theirs: Collection[str]) -> float:
    either = {*ours, *theirs}
    return len(set(ours) & set(theirs)) / len(either) if either else 1.0
