"""Outcomes as authors tell them in a sentence, in reply to being asked what it was in the end."""

from __future__ import annotations

import re
from typing import Final

from bot.domain.outcome_text import WrittenOutcome, labelled, parse_outcome, written_outcome
from bot.domain.outcomes import Certainty
from bot.domain.refusal import Refused

_MOST: Final = {"diagnosis": 200, "how": 300}
"""Characters, as in the form."""
_NOT_YET: Final = re.compile(
    r"(?:still|not yet|no (?:result|answer|news)|nothing yet|later|a?waiting|pending|results? pending"
    r"|too early|ask (?:me )?(?:again|later))\b"
    r"|.*\b(?:not|don't|no)\b.*\byet\W*$",
    re.IGNORECASE | re.DOTALL,
)
_MANNERS: Final = frozenset(
    ("thanks", "thank you", "many thanks", "ok", "okay", "yes", "no", "sure", "will do", "noted", "hello")
)
_NEVER: Final = re.compile(
    r"(?:unknown|unclear|nobody knows|no idea|never (?:found|known|clear)|lost to follow[- ]?up)\b"
    r"|.*\b(?:never found out|never know|don't know|do not know|could not be found|was not found)\b",
    re.IGNORECASE | re.DOTALL,
)
_DOUBTED: Final = re.compile(
    r"\b(?:not|never|un)[ -]?(?:yet |really )?(?:confirmed|proven|certain)\b", re.IGNORECASE
)
_CONFIRMED: Final = re.compile(r"\b(?:confirmed|proven|proved|certain)\b", re.IGNORECASE)
_LEADS: Final = re.compile(
    r"(?:(?:well|so|in the end|finally|eventually|final diagnosis|diagnosis|outcome|answer|confirmed|proven"
    r"|probably|presumably|(?:most )?likely|it|this|she|he|they|the patient|turned out to be|turned out"
    r"|was|were|is|had|has|to be)\b[\s:,-]*)+",
    re.IGNORECASE,
)
_TAIL: Final = re.compile(r"[\s,]+(?:in the end|after all|finally|eventually)\W*$", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[.;!])\s+|\n+|;\s*")


def parse_reply(text: str) -> WrittenOutcome | None:
    """Read what a plain reply tells: ``It was gout. Crystals in the tap.``; None where it tells nothing yet.

    A reply says seldom how sure it is: without a word for it, it counts as probable. Raises :class:`Refused`
    where it is too long to be a diagnosis and how that is known.
    """
    said = text.strip().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if said.endswith("?") or said.casefold().strip(" .!,") in _MANNERS or _NOT_YET.match(said):
        return None
    if re.split(r"[\s:,;]+", said, maxsplit=1)[0].casefold() in {each.value for each in Certainty}:
        return parse_outcome(said)
    if _NEVER.match(said):
        return written_outcome(Certainty.UNKNOWN.value, "", said[: _MOST["how"]], "")
    return _sentence(said)


def _sentence(said: str) -> WrittenOutcome | None:
    head, told = labelled(said)
    first, *rest = (part.strip() for part in _SENTENCE.split(head, maxsplit=1))
    name = _TAIL.sub("", _LEADS.sub("", first, count=1) if _LEADS.match(first) else first).strip(" .;,-:!")
    if name.casefold().startswith("not ") or not any(letter.isalpha() for letter in name):
        return None
    how = " ".join((*rest, told.get("how", ""))).strip()
    if len(name) > _MOST["diagnosis"] or len(how) > _MOST["how"]:
        raise Refused(
            "too_long",
            "That is more than I can read as an outcome, so nothing was told. Write the diagnosis in a few "
            "words, then how it is known.",
        )
    sure = _CONFIRMED.search(said) and not _DOUBTED.search(said)
    return written_outcome(
        (Certainty.CONFIRMED if sure else Certainty.PROBABLE).value, name, how, told.get("lesson", "")
    )
