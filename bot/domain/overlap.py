"""Polls that ask the same of some of the same people: what the results of all of them tell together.

Somebody who wants one colleague's vote asks twice, before and after it is cast, or with and without a
specialty. So polls count as the same where their audiences share a specialty and question and answers are
nearly the same, whoever asks. Likeness is that of P. Jaccard (1912): of what either has, the share that both
have.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
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


def overlap(one: Poll, other: Poll) -> bool:
    """Say whether two results, shown side by side, could tell nearly the same people's answers apart."""
    return (
        one.id != other.id
        and _share_people(one, other)
        and _same_answers(one, other)
        and _same_question(one, other)
    )


def _share_people(one: Poll, other: Poll) -> bool:
    ours, theirs = set(one.terms.audience), set(other.terms.audience)
    return not ours or not theirs or bool(ours & theirs)


def _same_answers(one: Poll, other: Poll) -> bool:
    """Compare answers without order; numbers are alike on any scale, and so are all kinds of choosing."""
    if one.terms.scale is not None or other.terms.scale is not None:
        return one.terms.scale is not None and other.terms.scale is not None
    return _likeness(_answers(one), _answers(other)) >= _NEARLY


def _same_question(one: Poll, other: Poll) -> bool:
    likeness = _likeness(_words(one.question), _words(other.question))
    if one.case and one.case == other.case:
        return likeness >= _ON_ONE_CASE or not _answers(one) <= _ALL_PURPOSE
    return likeness >= _NEARLY


def _answers(poll: Poll) -> frozenset[str]:
    return frozenset(_folded(option).strip() for option in poll.options[:-1])


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
