"""Outcomes as physicians type them: how sure, what it was, how that is known, what it taught."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.domain.outcomes import Certainty
from bot.domain.refusal import Refused

_LABELS: Final = {
    "how": "how",
    "known by": "how",
    "lesson": "lesson",
    "learned": "lesson",
    "learnt": "lesson",
}
_LABEL: Final = re.compile(
    rf"(?:^|(?<=[\s;,.]))({'|'.join(sorted(map(re.escape, _LABELS), key=len, reverse=True))})\s*:\s*",
    re.IGNORECASE,
)
_STOP: Final = frozenset({"stop", "don't ask", "don't ask again", "dont ask", "dont ask again"})


@dataclass(frozen=True, slots=True)
class WrittenOutcome:
    """What a text says about an outcome."""

    certainty: Certainty
    diagnosis: str
    how: str = ""
    lesson: str = ""


def stops_asking(words: str) -> bool:
    """Say whether the words ask not to be asked again."""
    return " ".join(words.casefold().replace("’", "'").strip(" .").split()) in _STOP


def parse_outcome(text: str) -> WrittenOutcome:
    """Read ``confirmed gout how: a tap lesson: tap early``; raises :class:`Refused`."""
    word, rest = (*re.split(r"[\s:,;]+", text.strip(), maxsplit=1), "")[:2]
    head, told = labelled(rest)
    return written_outcome(word, head, told.get("how", ""), told.get("lesson", ""))


def labelled(text: str) -> tuple[str, Mapping[str, str]]:
    """Split what is labelled (how, lesson) from what stands before it."""
    head, *parts = _LABEL.split(text)
    told: dict[str, str] = {}
    for label, words in zip(parts[::2], parts[1::2], strict=True):
        told.setdefault(_LABELS[" ".join(label.casefold().split())], words.strip(" ;,"))
    return head, told


def written_outcome(certainty: str, diagnosis: str, how: str, lesson: str) -> WrittenOutcome:
    """Put together what was written; raises :class:`Refused` where it is not clear or not whole."""
    sure = _certainty(certainty)
    name = re.sub(r"\s+", " ", diagnosis).strip(" .;,-:")
    if sure is not Certainty.UNKNOWN and not any(letter.isalpha() for letter in name):
        raise Refused(
            "no_diagnosis",
            f"What was it? Write the diagnosis behind the word, for example: {sure.value} gout how: a tap.",
        )
    return WrittenOutcome(sure, name, how.strip(), lesson.strip())


def _certainty(word: str) -> Certainty:
    said = word.casefold().strip()
    if said not in {each.value for each in Certainty}:
        raise Refused(
            "certainty",
            "How sure is it: confirmed, probable or unknown? Begin with that word, for example: "
            "confirmed gout how: a tap.",
        )
    return Certainty(said)
