"""Pages as people read them: a request to look at a case, what stops pages, and news of followed cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Strong, Word, line, note
from bot.chat.text import Line, counted
from bot.domain.cases import Case
from bot.domain.mydata import Paged
from bot.domain.routing import Availability
from bot.views.digest import rhythm_words
from bot.views.wanted import spoken

MUTE: Final = "mute 8h"
_LISTED: Final = 10
"""Cases of which moderators are told more than the number."""
_IN_HOURS: Final = 48
"""Hours from which on an age is told in days."""
_WITHIN: Final = {
    "routine": "72 hours",
    "soon": "24 hours",
    "today": "4 hours, so today",
    "hour": "this hour",
}


def page_card(case: Case, specialty: str) -> Card:
    """Ask one physician to look at a case; for a private home chat. It says nothing of the patient."""
    asks = f"A question for {specialty.lower()}, within {_WITHIN[case.urgency]}"
    return Card(
        notice=f"A question for you: #{case.number}",
        blocks=(
            Paragraph(line(Strong(asks), f": #{case.number}.")),
            Fine(
                line("Not yours? ", Word(f"notmine {case.number}"), ". No pages for now: ", Word(MUTE), ".")
            ),
        ),
        buttons=(
            Button("Look", f"show {case.number}", "main"),
            Button("Not my field", f"notmine {case.number}"),
            Button("Mute pages 8 h", MUTE),
        ),
        about=case.subject,
    )


def not_mine_card(number: int) -> Card:
    """Confirm that a case is not somebody's field."""
    return note(
        f"Noted. #{number} pages you no more, and others are asked before you where it is about this field. "
        "You can still answer: ",
        Word(f"show {number}"),
        ".",
    )


def following_card(number: int) -> Card:
    """Confirm that somebody follows a case."""
    return note(
        f"You follow #{number}: I write when something new is said. Enough of it: ",
        Word(f"follow {number} off"),
        ".",
    )


def followed_no_more_card(number: int) -> Card:
    """Confirm that somebody follows a case no more."""
    return note(f"You follow #{number} no more. It stays open to read: ", Word(f"show {number}"), ".")


def followed_news(case: Case, in_room: Card) -> Card:
    """Tell a follower what was said, as it stands in the rooms; for a private home chat."""
    who = (Paragraph(line(Strong(in_room.speaker.name))),) if in_room.speaker else ()
    return Card(
        notice=f"Something new in #{case.number}",
        blocks=(Fine(line(f"You follow #{case.number}.")), *who, *in_room.blocks),
        buttons=(
            Button("Show the case", f"show {case.number}"),
            Button("Stop following", f"follow {case.number} off"),
        ),
    )


def wider_card(case: Case, paged: int) -> Card:
    """Tell the author whom a wider question reaches now: how many, never who."""
    asked = f"{counted(paged, 'more colleague')} asked to look at #{case.number}. "
    return note(asked, "I will write when someone answers.", buttons=(show_button(case.number),))


def show_button(number: int) -> Button:
    """Offer the case."""
    return Button("Show the case", f"show {number}")


def routing_buttons(case: Case, *, mine: bool, followed: bool, paged: bool) -> tuple[Button, ...]:
    """Give what a reader of a case can do about being asked, and about news of it."""
    if mine:
        return (wider_button(case),) if case.may_ask_wider else ()
    follow = (
        Button("Stop following", f"follow {case.number} off")
        if followed
        else Button("Follow", f"follow {case.number}")
    )
    stop = (Button("Not my field", f"notmine {case.number}"), Button("Mute pages 8 h", MUTE)) if paged else ()
    return (follow, *stop)


def wider_button(case: Case) -> Button:
    """Offer to ask further specialties."""
    return Button("Ask wider", f"wider {case.number}")


def duty_card(said: Availability, now: datetime) -> Card:
    """Say whether somebody is on duty, and how to change that."""
    if not said.on_duty(now):
        return note(
            "You are not on duty. Cases of this hour page only those who are: ",
            Word("duty 12h"),
            ".",
            buttons=(Button("On duty for 12 h", "duty 12h"), _availability_button()),
        )
    return note(
        f"You are on duty for {_left(said.duty_until, now)}. Cases of this hour page you too, and your quiet "
        "hours do not count meanwhile.",
        buttons=(Button("Off duty", "duty off"), _availability_button()),
    )


def mute_card(said: Availability, now: datetime) -> Card:
    """Say whether somebody gets pages, and how to change that."""
    if not said.muted(now):
        return note(
            "Pages reach you. No pages for a while: ",
            Word(MUTE),
            ".",
            buttons=(Button("Mute pages 8 h", MUTE), _availability_button()),
        )
    return note(
        f"No page reaches you for {_left(said.mute_until, now)}. News of your own cases goes on.",
        buttons=(Button("Let pages through", "mute off"), _availability_button()),
    )


def availability_card(said: Availability, now: datetime) -> Card:
    """Say when somebody can be paged."""
    return Card(
        notice="When pages reach you",
        title="When pages reach you",
        blocks=(
            Paragraph(_quiet_words(said)),
            Paragraph(_urgent_words(said)),
            Paragraph(line(_now_words(said, now))),
            Paragraph(line(rhythm_words(said.digest))),
            *_how(),
        ),
        buttons=(
            *((Button("No quiet hours", "me quiet off"),) if said.quiet else ()),
            *(_urgent_button(said) if said.quiet else ()),
            Button("Duty", "duty"),
            Button("Mute", "mute"),
            Button("Digest", "digest"),
        ),
    )


def _how() -> tuple[Block, ...]:
    return (
        Fine(
            line(
                "Quiet hours with your time zone: ",
                Word("me quiet 22-7 America/New_York"),
                ". Only I know them; nobody else is shown when you can be reached.",
            )
        ),
    )


def paged_rows(held: Paged | None) -> tuple[tuple[str, str], ...]:
    """Say what is kept about somebody's pages, in their own data; nothing where nothing is."""
    if held is None:
        return ()
    said = held.availability
    hours = f"{said.quiet[0]}:00 to {said.quiet[1]}:00" if said.quiet else "none"
    times = tuple(
        (name, f"{until:%Y-%m-%d %H:%M} UTC")
        for name, until in (("On duty until", said.duty_until), ("Muted until", said.mute_until))
        if until is not None
    )
    return (
        ("Quiet hours", f"{hours} ({said.zone})" if said.zone else hours),
        *times,
        ("Digest", said.digest.rhythm.value),
        ("Pages for cases that have ended", f"{held.paged}, answered {held.answered}"),
        *((("Not your field", ", ".join(held.declined)),) if held.declined else ()),
    )


def _quiet_words(said: Availability) -> Line:
    if said.quiet is None:
        return line("You have no quiet hours: pages may come at any time.")
    start, end = said.quiet
    return line(f"Quiet hours from {start}:00 to {end}:00 ({said.zone}). No page comes then.")


def _urgent_words(said: Availability) -> Line:
    if said.quiet is None:
        return line("Your time zone: ", said.zone or "not told", ".")
    through = "come through" if said.through else "wait like all others"
    return line(f"Cases of today and of this hour {through}.")


def _urgent_button(said: Availability) -> tuple[Button, ...]:
    if said.through:
        return (Button("Hold urgent ones too", "me quiet urgent off"),)
    return (Button("Let urgent ones through", "me quiet urgent on"),)


def _now_words(said: Availability, now: datetime) -> str:
    duty = f"On duty for {_left(said.duty_until, now)}." if said.on_duty(now) else "Not on duty."
    mute = f"Muted for {_left(said.mute_until, now)}." if said.muted(now) else "Not muted."
    return f"{duty} {mute}"


def _left(until: datetime | None, now: datetime) -> str:
    minutes = -(-((until or now) - now) // timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if part)


def _availability_button() -> Button:
    return Button("When pages reach you", "me quiet")


def unanswered_list_card(cases: Sequence[Case], now: datetime) -> Card:
    """Tell moderators which cases nobody has answered in time: number, specialties and age, nothing else."""
    rows = tuple(line(Strong(f"#{case.number}"), f" {_unanswered(case, now)}") for case in cases[:_LISTED])
    others = ", ".join(f"#{case.number}" for case in cases[_LISTED:])
    return Card(
        notice="Cases without an answer",
        blocks=(
            Paragraph(line(Strong(f"{counted(len(cases), 'case')} without an answer in time:"))),
            Items(rows),
            *((Fine(line(f"Also {others}.")),) if others else ()),
            Fine(line("Their authors know, and can ask wider.")),
        ),
        buttons=tuple(Button(f"Show #{case.number}", f"show {case.number}") for case in cases[:5]),
    )


def _unanswered(case: Case, now: datetime) -> str:
    hours = int((now - case.released_at) / timedelta(hours=1))
    age = f"{hours} h" if hours < _IN_HOURS else f"{hours // 24} days"
    return f"for {spoken(case.specialties) if case.specialties else 'nobody in particular'}, out for {age}"


def unanswered_list_quiet_card() -> Card:
    """Tell it where others may read along, who must not learn that the reader is a moderator."""
    return note("Something waits for you. ", buttons=(Button("Open", "open", "main"),))
