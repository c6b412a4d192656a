"""Opinions as people see them: the form, the card in the case's thread, the note to the author."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.chat.cards import Block, Button, Card, Fields, Fine, Items, Paragraph, Quote, Strong, Word, line
from bot.chat.forms import ChoiceField, Field, Form, Option, TextField
from bot.chat.text import Line, counted
from bot.domain.cases import Case
from bot.domain.helpful import NO_THANKS, Thanks
from bot.domain.members import Member
from bot.domain.opinions import Confidence, Opinion
from bot.views.case import case_pictures, undo_buttons
from bot.views.helpful import helpful_button, thanks_blocks
from bot.views.people import signature, speaker

_SURE = tuple(Option(each.value, each.value.capitalize()) for each in Confidence)
_SHOWN = (Option("yes", "Under my screen name"), Option("no", "Count me, don't show me"))
_LIST_LENGTH = 3000
_NOTHING: Mapping[str, str] = {}


def opinion_form(
    case: Case, besides: Sequence[Block] = (), told: Mapping[str, str] = _NOTHING, why: str = ""
) -> Form:
    """Ask for an opinion; question, story, pictures and what else there is to know stand above the fields.

    ``told`` is what was said already, by field, and ``why`` says why it is asked again.
    """
    shown = told.get("diagnoses", "")[:_LIST_LENGTH]
    return Form(
        command=f"opinion {case.number}",
        title=f"Opinion on #{case.number}",
        submit="Give opinion",
        lead=(Quote(case.question, label="Question"), Quote(case.story), *besides),
        pictures=case_pictures(case),
        why=why and f"{why} What you wrote is kept below.",
        fields=opinion_fields(shown, told, _choices(told)),
    )


def _choices(told: Mapping[str, str]) -> dict[str, str]:
    """Give the choices that were made, where the form still offers them."""
    offered = {"confidence": _SURE, "shown": _SHOWN}
    return {
        name: told[name]
        for name, options in offered.items()
        if told.get(name) in {option.value for option in options}
    }


def opinion_fields(
    diagnoses: str = "", words: Mapping[str, str] = _NOTHING, chosen: Mapping[str, str] = _NOTHING
) -> tuple[Field, ...]:
    """Give the fields of an opinion with what was written and chosen."""
    return (
        TextField(
            "diagnoses",
            "Your list, most likely first",
            "1) cellulitis 2) necrotising fasciitis!  (! marks what must not be missed)",
            multiline=True,
            max_length=_LIST_LENGTH,
            initial=diagnoses,
        ),
        ChoiceField(
            "confidence",
            "How sure of the first",
            _SURE,
            optional=True,
            initial=chosen.get("confidence", ""),
        ),
        TextField(
            "next",
            "Next step",
            "Test, treat, refer or observe, and what: test blood cultures",
            optional=True,
            max_length=300,
            initial=words.get("next", ""),
        ),
        TextField(
            "remark",
            "Why",
            "What speaks for it",
            multiline=True,
            optional=True,
            max_length=1500,
            initial=words.get("remark", ""),
        ),
        TextField(
            "change",
            "What would change my mind",
            optional=True,
            max_length=300,
            initial=words.get("change", ""),
            detail=True,
        ),
        TextField(
            "needs",
            "Needs a specialist",
            "Which one",
            optional=True,
            max_length=100,
            initial=words.get("needs", ""),
            detail=True,
        ),
        ChoiceField(
            "shown", "Shown to others", _SHOWN, optional=True, initial=chosen.get("shown", "yes"), detail=True
        ),
    )


def opinion_in_room(opinion: Opinion, case: Case, giver: Member, thanks: Thanks = NO_THANKS) -> Card:
    """Show an opinion in the thread of its case: without its content while the case is covered.

    How often its giver has helped would tell whose it is, so that stands on whole cards only.
    """
    if case.covered or not opinion.shown:
        return _covered(opinion, case, giver)
    card = opinion_card(opinion, case, giver)
    return replace(
        card, blocks=(*card.blocks, *thanks_blocks(thanks)), buttons=(helpful_button(opinion, case),)
    )


def room_revision(opinion: Opinion, case: Case) -> int:
    """Give the number of the change of an opinion's card: later words and the reveal both make it newer."""
    return 2 * opinion.revision + (0 if case.covered else 1)


def _covered(opinion: Opinion, case: Case, giver: Member) -> Card:
    answer = Word(f"opinion {case.number}")
    told = (
        line("Its content is shown at the reveal, and before that to whoever has answered: ", answer, ".")
        if opinion.shown
        else line("Counted in the group answer, and not shown.")
    )
    return Card(
        notice=f"New opinion on #{case.number}",
        blocks=(Paragraph(line(Strong(_label(opinion, case)), f" · {signature(giver)}")), Fine(told)),
    )


def opinion_card(opinion: Opinion, case: Case, giver: Member) -> Card:
    """Show an opinion whole, under the screen name of its giver.

    Where it stood covered, its words name the giver: an edit cannot change who speaks on every platform.
    """
    stood_covered = case.revealed_at is not None and opinion.given_at <= case.revealed_at
    name = f" · {giver.screen_name}" if stood_covered else ""
    label = Strong(f"{_label(opinion, case)}{name}")
    return Card(
        notice=f"New opinion on #{case.number}",
        speaker=None if stood_covered else speaker(giver),
        blocks=(
            Paragraph(line(label, f" · {signature(giver)}{_marks(opinion, case)}")),
            *_content(opinion),
        ),
    )


def _label(opinion: Opinion, case: Case) -> str:
    changed = " (changed)" if opinion.revision else ""
    return f"Opinion {case.number}.{opinion.number}{changed}"


def _marks(opinion: Opinion, case: Case) -> str:
    return " · after the reveal" if case.blind and not opinion.independent else ""


def _content(opinion: Opinion) -> tuple[Block, ...]:
    rows = (
        ("How sure", opinion.confidence.value if opinion.confidence else ""),
        ("Next step", opinion.next_step),
        ("Would change my mind", opinion.change_mind),
        ("Needs a specialist", opinion.specialist),
    )
    said = tuple(row for row in rows if row[1])
    return (
        Items(tuple(_name(opinion, name) for name in opinion.diagnoses), numbered=True),
        *((Fields(said),) if said else ()),
        *((Quote(opinion.remark),) if opinion.remark else ()),
    )


def _name(opinion: Opinion, name: str) -> Line:
    return line(name, Strong(" (must not be missed)")) if name in opinion.must_not_miss else line(name)


def opinion_words(opinion: Opinion) -> str:
    """Say an opinion in one paragraph, for lists of what was said."""
    if not opinion.shown:
        return "Counted in the group answer, and not shown."
    names = (
        f"{name} (must not be missed)" if name in opinion.must_not_miss else name
        for name in opinion.diagnoses
    )
    ranked = " ".join(f"{rank}) {name}" for rank, name in enumerate(names, start=1))
    rest = (
        ("How sure", opinion.confidence.value if opinion.confidence else ""),
        ("Next step", opinion.next_step),
        ("Would change my mind", opinion.change_mind),
        ("Needs a specialist", opinion.specialist),
    )
    told = "".join(f" {label}: {words.removesuffix('.')}." for label, words in rest if words)
    remark = f" {opinion.remark}" if opinion.remark else ""
    return f"{ranked}.{told}{remark}"


def opinion_news(opinion: Opinion, case: Case, giver: Member, *, to_author: bool = True) -> Card:
    """Tell the author of a case, or somebody who reads along, about a new opinion, in a private home chat."""
    buttons = (Button("Show the case", f"show {case.number}"), Button("Comment", f"comment {case.number}"))
    if not opinion.shown:
        told = f"Somebody answered your case #{case.number}. It counts in the group answer, and is not shown."
        return Card(f"Something new in #{case.number}", blocks=(Paragraph(line(told)),), buttons=buttons)
    which = f"your case #{case.number}" if to_author else f"#{case.number} too"
    lead = Paragraph(line(Strong(giver.screen_name), f" answered {which}."))
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(lead, *opinion_card(opinion, case, giver).blocks),
        buttons=(*buttons, helpful_button(opinion, case)),
    )


def given_card(
    opinion: Opinion,
    case: Case,
    giver: Member,
    undo_seconds: int,
    code: str,
    *,
    others: int = 0,
    further: Sequence[Button] = (),
) -> Card:
    """Confirm an opinion to the one who gave it.

    ``others`` is how many there are besides; ``further`` leads to the next case.
    """
    change = " Your earlier list was replaced." if opinion.revision else ""
    undo = () if opinion.revision else undo_buttons(undo_seconds, code)
    look = (Button(f"Read {counted(others, 'other')}", f"show {case.number}"),) if others else ()
    return Card(
        notice=f"Your opinion on #{case.number} is in",
        blocks=(
            Paragraph(
                line(
                    f"Your opinion on #{case.number} is in, as {case.number}.{opinion.number} under ",
                    Strong(giver.screen_name),
                    f".{change} I read it as:",
                )
            ),
            *_content(opinion),
            *((Fine(line(_who_reads(opinion, case))),) if _who_reads(opinion, case) else ()),
        ),
        buttons=(*undo, *look, *further),
    )


def _who_reads(opinion: Opinion, case: Case) -> str:
    if not opinion.shown:
        return "It counts in the group answer, and nobody reads it."
    if case.covered:
        return "Until the reveal only the author reads it, and whoever has answered or just reads."
    return ""
