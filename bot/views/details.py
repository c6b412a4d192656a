"""Details of a case: the form that asks for them, and how they stand beside the story."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bot.chat.cards import Block, Quote
from bot.chat.forms import ChoiceField, Form, Option, TextField
from bot.domain.details import LONGEST_TITLE, Consent, Details, details_of, title_of
from bot.domain.drafts import Draft
from bot.domain.languages import Language
from bot.domain.proposals import AGE_BANDS, QuestionKind, Sex

NOT_SAID: Final = "not said"
"""The choice that says nothing."""
_SEX_WORDS: Final = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.OTHER: "sex other"}
_KIND_WORDS: Final = {
    QuestionKind.DIAGNOSIS: "asks for a diagnosis",
    QuestionKind.NEXT_TEST: "asks for the next test",
    QuestionKind.TREATMENT: "asks about treatment",
    QuestionKind.REFERRAL: "asks whether to refer",
    QuestionKind.SECOND_READING: "asks for a second reading",
    QuestionKind.OTHER: "asks something else",
}
_CONSENT_LABELS: Final = {
    Consent.NOT_NEEDED: "Not needed: nothing identifies the patient",
    Consent.WRITTEN: "The patient agreed in writing",
    Consent.ORAL: "The patient agreed, not in writing",
    Consent.NOT_OBTAINED: "Not obtained: no pictures then",
}
_CONSENT_WORDS: Final = {
    Consent.NOT_NEEDED: "Consent: not needed, because nothing identifies the patient.",
    Consent.WRITTEN: "Consent: the patient agreed in writing.",
    Consent.ORAL: "Consent: the patient agreed, not in writing.",
    Consent.NOT_OBTAINED: "Consent: not obtained.",
}


def details_form(draft: Draft, told: Mapping[str, str]) -> Form:
    """Ask what stands beside the story, beginning with what is proposed; ``told`` are the words as typed."""
    details = details_of(draft)
    return Form(
        command=f"details {draft.code}",
        title="Details",
        submit="Preview",
        fields=(
            TextField(
                "title",
                "Title",
                "The first thing that colleagues read.",
                optional=True,
                max_length=LONGEST_TITLE,
                initial=told.get("title") or title_of(draft),
            ),
            _choice("age_band", "Age", AGE_BANDS, details.age_band),
            _choice("sex", "Sex", Sex, details.sex or ""),
            _choice("kind", "What you want to know", QuestionKind, details.kind or ""),
            TextField(
                "working",
                "Working diagnosis",
                "What you think it is. Hidden until others have answered; never counted.",
                optional=True,
                max_length=200,
                initial=told.get("working", ""),
            ),
            _language(details.language),
            _consent(details.consent),
            TextField(
                "interest",
                "Conflict of interest",
                "For example: I have shares in the maker.",
                optional=True,
                max_length=200,
                initial=told.get("interest", ""),
            ),
        ),
    )


def _choice(name: str, label: str, values: Iterable[str], chosen: str) -> ChoiceField:
    options = (Option(NOT_SAID, "Not said"), *(Option(str(value), _first_up(value)) for value in values))
    return ChoiceField(name, label, options, initial=chosen or NOT_SAID)


def _language(chosen: Language) -> ChoiceField:
    options = tuple(Option(one.value, _first_up(one.value)) for one in Language)
    return ChoiceField("language", "Language", options, initial=chosen.value)


def _consent(chosen: Consent) -> ChoiceField:
    options = tuple(Option(one.value, label) for one, label in _CONSENT_LABELS.items())
    return ChoiceField("consent", "The patient's consent", options, initial=chosen.value)


def _first_up(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


def beside(details: Details) -> tuple[str, ...]:
    """Give the details as short pieces for one line; nothing for what is not said."""
    pieces = (
        details.age_band,
        _SEX_WORDS[details.sex] if details.sex else "",
        _KIND_WORDS[details.kind] if details.kind else "",
        f"in {_first_up(details.language)}" if details.language is not Language.ENGLISH else "",
    )
    return tuple(piece for piece in pieces if piece)


def working_blocks(details: Details) -> tuple[Block, ...]:
    """Show what the author of a case thinks it is, to whoever may know; nothing where nothing was said."""
    return (Quote(details.working, label="The author's working diagnosis"),) if details.working else ()


def kind_words(kind: QuestionKind) -> str:
    """Say what a case asks for."""
    return _KIND_WORDS[kind]


def consent_words(details: Details) -> str:
    """Say what the patient said to it."""
    return _CONSENT_WORDS[details.consent]
