"""Details: what stands beside a case's story, so that colleagues see at once what is asked about whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.drafts import NO_CONSENT, Draft
from bot.domain.languages import Language, language_of
from bot.domain.proposals import AGE_BANDS, QuestionKind, Sex, propose

LONGEST_TITLE: Final = 80
"""Characters of a title."""
APART: Final = ("title", "working", "interest")
"""Fields with words that the author of a case may add to story and question."""
CHOSEN: Final = ("age_band", "sex", "kind", "language", "consent")
"""Settings of a draft that its author chose in place of what the words propose."""


class Consent(StrEnum):
    """What the patient said to the asking, as the author has it."""

    NOT_NEEDED = "not needed"
    """Nothing identifies the patient."""
    WRITTEN = "written"
    ORAL = "oral"
    NOT_OBTAINED = NO_CONSENT
    """Then no picture can be posted."""


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of the patient beside the story. ``age_band`` is one of :data:`AGE_BANDS`, or empty.

    ``interest`` is the author's conflict of interest in own words; empty means none. ``working`` is what its
    author thinks it is: no opinion, never counted, and hidden from whoever could still be led by it.
    """

    age_band: str = ""
    sex: Sex | None = None
    kind: QuestionKind | None = None
    consent: Consent = Consent.NOT_NEEDED
    interest: str = ""
    working: str = ""
    language: Language = Language.ENGLISH


def details_of(draft: Draft) -> Details:
    """Give what its author chose for a draft, and what its words propose where nothing was chosen.

    An empty choice is a choice: it is not said.
    """
    chosen, words = draft.settings, draft.fields
    proposed = propose(words.get("story", ""), words.get("question", ""))
    age = chosen.get("age_band", proposed.age_band)
    sex = chosen.get("sex", proposed.sex or "")
    kind = chosen.get("kind", proposed.kind or "")
    return Details(
        age_band=age if age in AGE_BANDS else "",
        sex=Sex(sex) if sex else None,
        kind=QuestionKind(kind) if kind else None,
        consent=Consent(chosen.get("consent") or Consent.NOT_NEEDED),
        interest=words.get("interest", "").strip(),
        working=words.get("working", "").strip(),
        language=_language(chosen.get("language", ""), words),
    )


def _language(chosen: str, words: Mapping[str, str]) -> Language:
    """Give the language that was chosen, or the one that the words are in."""
    if chosen in set(Language):
        return Language(chosen)
    return language_of("\n".join((words.get("story", ""), words.get("question", ""))))


def title_of(draft: Draft) -> str:
    """Give the title that its author chose, or the beginning of the question."""
    return as_title(draft.fields.get("title", "").strip() or draft.fields["question"])


def as_title(text: str) -> str:
    """Give the beginning of a text, as long as a title may be."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_TITLE:
        return words
    return f"{words[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
