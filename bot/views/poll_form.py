"""The forms that ask for a poll: words and settings on one screen, and settings alone in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.chat.cards import Fine, Word, line
from bot.chat.forms import ChoiceField, Field, Form, Option, TextField
from bot.domain.drafts import Draft
from bot.domain.poll_terms import PollKind, Shows
from bot.domain.poll_text import NO, YES

_NOTHING: Final[Mapping[str, str]] = {}
_KINDS: Final = (
    Option(PollKind.SINGLE, "One option"),
    Option(PollKind.MULTIPLE, "Several options"),
    Option(PollKind.LIKERT, "Agreement, in five levels"),
    Option(PollKind.RANKING, "Options in order, the best first"),
    Option(PollKind.NUMBER, "A number on a scale"),
)
_SHOWS: Final = (
    Option(Shows.CLOSE, "Everybody, after it is closed"),
    Option(Shows.SNAPSHOTS, "Those who voted, now and then; everybody after"),
    Option(Shows.AUTHOR, "I alone, after it is closed"),
)
_TRAINEES: Final = (Option(YES, "Physicians and trainees"), Option(NO, "Physicians only"))
_ORDER: Final = (Option(NO, "As written"), Option(YES, "Another one for each voter"))
ALL_SETTINGS: Final = (
    "for cardiology · no trainees · most 2 · shuffled · opens tomorrow 8:00 · closes 3d · "
    "closes at 50 votes · snapshots · author only · sponsor Acme Ltd pays 50 EUR a vote · sample 40"
)
"""One of every setting, as it is typed."""
WAYS: Final = (
    "Kinds: poll multiple “Q?” a | b | c · poll ranking “Q?” a | b | c · poll agree “Statement” · "
    "poll number “Dose?” 0-40 mg. On your case: poll 123 “Q?” a | b. Until the first vote: poll change 45. "
    f"Settings last, in square brackets, apart by commas: {ALL_SETTINGS}. "
    "Nobody sees who voted what; your own chat keeps what you typed there."
)
"""What ``help poll`` adds."""
_MOST: Final = 3000
"""Characters that a field can hold on every platform."""
_KEPT: Final = "What you wrote is kept below."


def poll_form(told: Mapping[str, str] = _NOTHING, why: str = "") -> Form:
    """Ask for a poll; ``told`` is what was said already, by field, and ``why`` why it is asked again."""
    return Form(
        command="poll",
        title="Ask a poll",
        submit="Preview",
        why=why and f"{why} {_KEPT}",
        fields=(*poll_fields(told), _case(told.get("case", ""))),
    )


def poll_edit_form(draft: Draft, told: Mapping[str, str], why: str = "") -> Form:
    """Ask for the words and settings of a draft anew."""
    return Form(
        command=f"edit {draft.code}",
        title="Edit your poll",
        submit="Preview",
        why=why and f"{why} {_KEPT}",
        fields=(
            *poll_fields(told),
            *(() if "instead_of" in draft.settings else (_case(told.get("case", "")),)),
        ),
    )


def poll_change_form(number: int, told: Mapping[str, str], why: str = "") -> Form:
    """Ask what a poll without a ballot is to ask from now on."""
    return Form(
        command=f"poll change {number}",
        title=f"Change poll {number}",
        submit="Preview",
        lead=(Fine(line("It changes in every room when you post it, unless somebody votes before.")),),
        why=why and f"{why} {_KEPT}",
        fields=poll_fields(told),
    )


def poll_settings_form(draft: Draft, settings: str, why: str = "") -> Form:
    """Ask for the settings of a draft in one line."""
    return Form(
        command=f"details {draft.code}",
        title="Settings of your poll",
        submit="Preview",
        lead=(
            Fine(
                line("In any order, apart by commas. For example: ", Word("no trainees; closes friday 18:00"))
            ),
            Fine(line(f"All there is: {ALL_SETTINGS}")),
        ),
        why=why and f"{why} {_KEPT}",
        fields=(_settings(settings),),
    )


def _settings(told: str) -> TextField:
    field = TextField(
        "settings",
        "Settings",
        "for cardiology, neurology; closes 3d. Empty for none.",
        multiline=True,
        optional=True,
        max_length=600,
        initial=told,
    )
    return _roomy(field)


def _roomy(field: TextField) -> TextField:
    """Give a field room for what stands in it: what was too long comes back whole, to be made shorter."""
    told = field.initial[:_MOST]
    return replace(field, initial=told, max_length=max(field.max_length, len(told)))


def poll_fields(told: Mapping[str, str] = _NOTHING) -> tuple[Field, ...]:
    """Give the fields for the words of a poll and for its settings, with what was said."""
    written = (_settings(told["settings"]),) if told.get("settings") else ()
    fields = (
        ChoiceField("kind", "What voters give", _KINDS, initial=told.get("kind") or PollKind.SINGLE),
        TextField("question", "Question", max_length=300, initial=told.get("question", "")),
        TextField(
            "options",
            "Options, one a line",
            "2 to 9 lines. For a number its scale: 0-40 mg. For agreement nothing.",
            multiline=True,
            optional=True,
            max_length=1500,
            initial=told.get("options", ""),
        ),
        *written,
        *_who(told),
        *_when(told),
        *_money(told),
    )
    return tuple(_roomy(field) if isinstance(field, TextField) else field for field in fields)


def _who(told: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        _detail("most", "Of several options, at most", "A number. Empty: as many as one likes.", told),
        _detail("audience", "For which specialties", "Such as: cardiology, neurology. Empty for all.", told),
        _choice("trainees", "Who may vote", _TRAINEES, told),
        _detail("sample", "Drawn at random", "How many may vote, such as 40. Empty for everybody.", told),
    )


def _when(told: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        _detail("opens", "Opens", "Such as: tomorrow 8:00. Empty: at once.", told),
        _detail(
            "closes", "Closes", "Such as: 3d, friday 18:00, 2026-03-04 18:00. Empty: when you close it.", told
        ),
        _detail("closes_after", "Closes at how many votes", "Such as 50. Empty for any.", told),
        _choice("shows", "Who reads the result", _SHOWS, told),
        _choice("shuffled", "Order of the options", _ORDER, told),
    )


def _money(told: Mapping[str, str]) -> tuple[Field, ...]:
    return (
        _detail("sponsor", "Sponsor", "Who pays for it. Everybody reads it. Empty: nobody.", told, 80),
        _detail("payment", "Payment", "What is paid, such as: 50 EUR a vote.", told, 80),
    )


def _case(number: str) -> TextField:
    return TextField(
        "case",
        "On your case",
        "Its number, such as 123: then the poll stands in its thread.",
        optional=True,
        max_length=12,
        initial=number,
        detail=True,
    )


def _detail(name: str, label: str, hint: str, told: Mapping[str, str], most: int = 200) -> TextField:
    return TextField(
        name, label, hint, optional=True, max_length=most, initial=told.get(name, ""), detail=True
    )


def _choice(name: str, label: str, options: tuple[Option, ...], told: Mapping[str, str]) -> ChoiceField:
    chosen = told.get(name) or options[0].value
    return ChoiceField(name, label, options, optional=True, initial=chosen, detail=True)
