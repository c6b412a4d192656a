"""Details: what stands beside a case's story, so that colleagues see at once what is asked about whom."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.drafts import NO_CONSENT, Draft
from bot.domain.proposals import AGE_BANDS, QuestionKind, Sex, propose

LONGEST_TITLE: Final = 80
"""Characters of a title."""
APART: Final = ("title", "interest")
"""Fields with words that the author of a case may add to story and question."""
CHOSEN: Final = ("age_band", "sex", "kind", "consent")
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

    ``interest`` is the author's conflict of interest in own words; empty means none.
    """

    age_band: str = ""
    sex: Sex | None = None
    kind: QuestionKind | None = None
    consent: Consent = Consent.NOT_NEEDED
    interest: str = ""


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
    )


def title_of(draft: Draft) -> str:
    """Give the title that its author chose, or the beginning of the question."""
    return as_title(draft.fields.get("title", "").strip() or draft.fields["question"])


def as_title(text: str) -> str:
    """Give the beginning of a text, as long as a title may be."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_TITLE:
        return words
    return f"{words[: LONGEST_TITLE - 1].rsplit(' ', 1)[0]}…"
