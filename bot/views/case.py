"""Cases as people see them: the form that asks, the card in the rooms, lists, and what comes after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.chat.cards import (
    Block,
    Button,
    Card,
    Fine,
    Items,
    Paragraph,
    Picture,
    Quote,
    Strong,
    Word,
    line,
    note,
)
from bot.chat.forms import ChoiceField, Field, FilesField, Form, Option, TextField
from bot.chat.text import Line, counted
from bot.domain.cases import Case, CaseState
from bot.domain.members import Member, Persona
from bot.views.details import beside, working_blocks
from bot.views.people import MARKS, signature, speaker
from bot.views.prompts import prompt_blocks
from bot.views.question import change_button, question_blocks
from bot.views.wanted import spoken, wanted_field

FOOTER = "Peer opinions for the treating physician. Not a consultation; the treating physician decides."
HIDDEN = "Hidden by moderation."
URGENCIES = (
    Option("routine", "Routine, answers within 72 hours"),
    Option("soon", "Soon, within 24 hours"),
    Option("today", "Today, within 4 hours"),
    Option("hour", "This hour; pages only colleagues on duty"),
    Option("emergency", "Emergency now"),
)
_URGENCY_WORDS = {"routine": "routine", "soon": "soon (24 h)", "today": "today (4 h)", "hour": "this hour"}
_STATE_WORDS = {
    CaseState.OPEN: "open",
    CaseState.CLOSED: "closed",
    CaseState.RESOLVED: "resolved",
    CaseState.WITHDRAWN: "withdrawn",
}


def case_form(story: str = "", specialty: str = "") -> Form:
    """Ask for a case on one screen; ``story`` is what was typed after the word already.

    ``specialty`` is one that it is for: what its colleagues will want to know stands above.
    """
    told, *others = case_fields(story, specialties=specialty)
    pictures = FilesField("pictures", "Pictures", "Up to six. Cleaned before anybody sees them.")
    return Form(
        command="case",
        title="Ask colleagues",
        submit="Preview",
        lead=(
            Paragraph(
                line("Tell it as to a colleague. Names, dates and numbers are taken out before you post.")
            ),
            Fine(line("Not for emergencies: call your local team.")),
            *prompt_blocks((specialty,)),
        ),
        fields=(told, pictures, *others),
    )


def case_fields(
    story: str = "", question: str = "", urgency: str = "routine", specialties: str = ""
) -> tuple[Field, ...]:
    """Give the fields for the words of a case, and for how soon it is."""
    return (
        TextField("story", "The story", "68-year-old woman, three days of…", multiline=True, initial=story),
        TextField("question", "Your question", "What would you do next?", max_length=300, initial=question),
        ChoiceField("urgency", "How soon", URGENCIES, initial=urgency),
        wanted_field(specialties),
    )


def case_card(case: Case, author: Member, *, working: bool = False) -> Card:
    """Show a case in the rooms, under its author's screen name.

    ``working`` is for those who may know what its author thinks it is before everybody may.
    """
    return Card(
        notice=f"New case #{case.number}",
        title=f"#{case.number} {case.title}",
        speaker=speaker(author),
        blocks=(
            Fine(line(_context(case, author))),
            Quote(case.story),
            *question_blocks(case),
            *(working_blocks(case.details) if working or case.tells_working else ()),
            *((Quote(case.details.interest, label="Interest"),) if case.details.interest else ()),
            Fine(line(FOOTER)),
        ),
        pictures=case_pictures(case),
        buttons=_case_buttons(case),
    )


def case_pictures(case: Case) -> tuple[Picture, ...]:
    """Give the pictures of a case as a card or a form shows them."""
    return tuple(Picture(one.media, one.alt, one.caption) for one in case.pictures)


def _state(case: Case) -> str:
    marks = [mark for mark, set_ in (("hidden", case.hidden), ("locked", case.locked)) if set_]
    by = f", {' and '.join(marks)} by moderation" if marks else ""
    return f"{_STATE_WORDS[case.state]}{by}"


def _context(case: Case, author: Member) -> str:
    urgency = _URGENCY_WORDS[case.urgency]
    asked = (
        f"Asked under a {MARKS[author.persona]}" if author.persona in MARKS else f"{signature(author)} asks"
    )
    wanted = (f"for {spoken(case.specialties)}",) if case.specialties else ()
    changed = ("question changed",) if case.earlier else ()
    return " · ".join((asked, *beside(case.details), urgency, _state(case), *wanted, *changed))


def _case_buttons(case: Case) -> tuple[Button, ...]:
    if case.state is not CaseState.OPEN or case.hidden:
        return ()
    read = (Button("Just read", f"read {case.number}"),) if case.covered else ()
    if case.locked:
        return (*read, Button("Show", f"show {case.number}"))
    return (
        Button("Give opinion", f"opinion {case.number}", "main"),
        *read,
        Button("Comment", f"comment {case.number}"),
        Button("Ask author", f"ask {case.number}"),
        Button("Show", f"show {case.number}"),
    )


def shown_card(
    case: Case,
    author: Member,
    said: Sequence[tuple[str, str]],
    *,
    reader_is_author: bool,
    besides: Sequence[Block] = (),
    buttons: Sequence[Button] = (),
    working: bool = False,
) -> Card:
    """Show one member a case with everything said about it: (who, words) pairs, oldest first.

    ``besides`` stands beneath (a summary, the gate before the reveal); ``buttons`` go in place of the usual;
    ``working`` is as for the card in the rooms.
    """
    card = case_card(case, author, working=working)
    by = (Paragraph(line(Strong(author.screen_name), " asks.")),) if author.persona is Persona.NAMED else ()
    talk: tuple[Block, ...] = (*(Quote(words, label=who) for who, words in said), *besides)
    usual = _own_buttons(case) if reader_is_author else _case_buttons(replace(case, blind=False))[:2]
    return Card(
        notice=f"Case #{case.number}",
        title=card.title,
        blocks=(*by, *card.blocks[:-1], *talk, card.blocks[-1]),
        pictures=card.pictures,
        buttons=tuple(buttons) or usual,
    )


def with_further(card: Card, further: Sequence[Button]) -> Card:
    """Offer further steps on a card, before those that cannot be taken back."""
    steps = [button for button in card.buttons if button.style != "danger"]
    dangers = [button for button in card.buttons if button.style == "danger"]
    return replace(card, buttons=(*steps, *further, *dangers))


def _own_buttons(case: Case) -> tuple[Button, ...]:
    reveal = (Button("Reveal", f"reveal {case.number}"),) if case.covered else ()
    withdraw = Button("Withdraw", f"withdraw {case.number}", "danger", confirm=_withdraw_question(case))
    if case.state is CaseState.OPEN:
        return (
            *(() if case.locked else _adding_buttons(case)),
            *reveal,
            Button("Close", f"close {case.number}"),
            withdraw,
        )
    merge = () if case.locked else (Button("Merge names", f"merge {case.number}"),)
    return (*ending_buttons(case), *merge, withdraw) if case.ended else ()


def _adding_buttons(case: Case) -> tuple[Button, ...]:
    return (
        Button("Comment", f"comment {case.number}"),
        Button("Add information", f"add {case.number}"),
        change_button(case),
    )


def ending_buttons(case: Case) -> tuple[Button, ...]:
    """Offer the author of a case that has ended to say what it was, or never to be asked."""
    if case.state is CaseState.RESOLVED:
        return (Button("Correct the outcome", f"outcome {case.number}"),)
    return (
        Button("Tell the outcome", f"outcome {case.number}", "main"),
        Button("Don't ask again", f"outcome {case.number} stop"),
    )


def _withdraw_question(case: Case) -> str:
    return f"Take case #{case.number} back in every room, with its pictures and everything said about it?"


def posted_card(case: Case, author: Member, undo_seconds: int, code: str, uploads: str = "") -> Card:
    """Tell the author that the case is on its way, how to stop it, and what becomes of the upload."""
    return Card(
        notice="Posted",
        blocks=(
            Paragraph(
                line(
                    "Posted as ",
                    Strong(author.screen_name),
                    f"{_marked(author)}, #{case.number}. ",
                    _undo_words(undo_seconds),
                    "I will write when someone answers.",
                )
            ),
            *((Paragraph(line(uploads)),) if uploads else ()),
        ),
        buttons=undo_buttons(undo_seconds, code),
    )


def _marked(author: Member) -> str:
    return f" ({MARKS[author.persona]})" if author.persona in MARKS else ""


def _undo_words(seconds: int) -> str:
    return f"You can undo it for {seconds} s. " if seconds else ""


def undo_buttons(undo_seconds: int, code: str) -> tuple[Button, ...]:
    """Offer *Undo* while there is something to undo."""
    return (Button(f"Undo ({undo_seconds} s)", f"undo {code}"),) if undo_seconds else ()


def undone_card(what: str) -> Card:
    """Confirm that something was stopped before anybody saw it."""
    return note(f"Undone. Your {what} was not posted, and nobody saw it. ", "Next: ", Word("open"), ".")


def closed_card(case: Case) -> Card:
    """Confirm a close."""
    return note(
        f"Case #{case.number} is closed. The summary goes out now, and what was said stays readable: ",
        Word(f"show {case.number}"),
        ".",
    )


def withdrawing_card(case: Case) -> Card:
    """Say at once that a withdrawal is under way."""
    return note(
        f"Taking case #{case.number} back in every room now. I will report room by room in a moment.",
    )


def withdrawal_report(number: int, what: str, rooms: Sequence[bool]) -> Card:
    """Report what was taken back, room by room; rooms are numbered, since a site's name must not be told.

    ``what`` is ``case``, ``opinion`` or ``comment``; True means that nothing of it is left in that room.
    """
    thing = f"Case #{number}" if what == "case" else f"Your {what} on #{number}"
    lead = f"Withdrawn. {thing} was removed in {sum(rooms)} of {len(rooms)} rooms."
    rest = (
        ()
        if all(rooms)
        else (Paragraph(line("The operator finds the copies that remain in the outbox list.")),)
    )
    return Card(
        notice=f"Something new in #{number}",
        blocks=(
            Paragraph(line(Strong(lead))),
            Items(tuple(_room_line(index, gone=gone) for index, gone in enumerate(rooms, start=1))),
            *rest,
            Fine(line("Encrypted pictures may remain on a server until it clears its media.")),
        ),
    )


def _room_line(index: int, *, gone: bool) -> Line:
    if gone:
        return line(f"Room {index}: messages and pictures removed.")
    return line(f"Room {index}: could not be removed (the server refused).")


def list_card(title: str, cases: Sequence[Case], nothing: str) -> Card:
    """List cases, one line each, with the next likely command at the end."""
    if not cases:
        return note(nothing, " ", Word("case"), " asks colleagues.")
    rows = tuple(line(Strong(f"#{case.number}"), f" {_listed(case)}") for case in cases)
    return Card(
        notice=title,
        title=title,
        blocks=(Items(rows), Fine(line("Look at one: ", Word(f"show {cases[0].number}"), "."))),
        buttons=tuple(Button(f"Show #{case.number}", f"show {case.number}") for case in cases[:5]),
    )


def _listed(case: Case) -> str:
    """Say what a list shows of a case; one that was withdrawn has no title."""
    if case.hidden:
        return HIDDEN
    title = f"{case.title} " if case.title else ""
    return f"{title}({_state(case)}, {counted(case.opinions, 'opinion')})"


def nothing_about_card() -> Card:
    """Say that no open case is about what was asked for."""
    return note("No open case names that field. ", Word("open"), " alone lists them all.")


def news_card(number: int) -> Card:
    """Say on a lock screen, or where the home chat is not private, that something is new; nothing else."""
    return note(f"Something new in #{number}. ", buttons=(Button("Open", f"show {number}"),))


def until(seconds_from: datetime, to: datetime) -> int:
    """Count whole seconds between two moments, never below 0."""
    return max(0, round((to - seconds_from).total_seconds()))


def taking_back_card(what: str, number: int) -> Card:
    """Say at once that something said on a case is being taken back."""
    return note(f"It was out already. Taking your {what} on #{number} back in every room; I will report.")
