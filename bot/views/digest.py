"""Digests as people read them: the list of the morning, and how often it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Strong, Word, line, note
from bot.chat.text import Line, counted
from bot.domain.cases import Case
from bot.domain.digest_times import Rhythm, Subscription
from bot.domain.digests import Digest, Turn
from bot.domain.routing import Availability
from bot.views.waiting import next_button

_SHOWN: Final = 4
"""Cases of each kind that a digest names."""
_TURNED: Final = {
    Turn.REVEALED: "its opinions can be read now",
    Turn.SUMMED_UP: "it has ended, and its summary stands",
    Turn.RESOLVED: "it is known what it was",
}


def digest_card(digest: Digest, specialty: str) -> Card:
    """Tell one member what is new, and what is still to do; for a private home chat."""
    if digest.empty:
        return note("Nothing new for a digest right now. ", Word("open"), " lists open cases.")
    return Card(
        notice="Your digest",
        title="Your digest",
        blocks=(
            *_waiting(digest.waiting, specialty),
            *_followed(digest.followed),
            *_own(digest.own),
            Fine(line("How often it comes, or not at all: ", Word("digest"), ".")),
        ),
        buttons=(
            *((next_button(len(digest.waiting)),) if digest.waiting else ()),
            *((Button("Tell an outcome", f"outcome {digest.own[0].number}"),) if digest.own else ()),
            Button("Open cases", "open"),
            Button("No digest", "digest off"),
        ),
    )


def digest_quiet_card() -> Card:
    """Tell it where others may read along: that there is something, and nothing of what."""
    return note("Something new for you. ", buttons=(Button("Open", "digest show", "main"),))


def _waiting(cases: Sequence[Case], specialty: str) -> tuple[Block, ...]:
    if not cases:
        return ()
    verb = "waits" if len(cases) == 1 else "wait"
    lead = f"{counted(len(cases), 'case')} for {specialty.lower()} {verb} for opinions:"
    rows = [_row(case, f"{case.urgency}, {counted(case.opinions, 'opinion')}") for case in cases]
    return _list(lead, rows)


def _followed(cases: Sequence[tuple[Case, Turn]]) -> tuple[Block, ...]:
    if not cases:
        return ()
    return _list("Cases that you follow:", [_row(case, _TURNED[turn]) for case, turn in cases])


def _own(cases: Sequence[Case]) -> tuple[Block, ...]:
    if not cases:
        return ()
    asked = "Your case waits" if len(cases) == 1 else f"{len(cases)} cases of yours wait"
    return _list(f"{asked} for what it was in the end:", [_row(case, "ended") for case in cases])


def _list(lead: str, rows: Sequence[Line]) -> tuple[Block, ...]:
    more = len(rows) - _SHOWN
    rest = (Fine(line(f"And {counted(more, 'more case')}.")),) if more > 0 else ()
    return (Paragraph(line(Strong(lead))), Items(tuple(rows[:_SHOWN])), *rest)


def _row(case: Case, state: str) -> Line:
    return line(Strong(f"#{case.number}"), f" {case.title} ({state})")


def digest_wish_card(said: Availability, hour: int) -> Card:
    """Say how often a digest comes to somebody, and how to change that."""
    return Card(
        notice="Your digest",
        blocks=(
            Paragraph(line(rhythm_words(said.digest))),
            *_when(said, hour),
            Fine(
                line(
                    "It lists open cases of your field with few opinions, what became of cases that you "
                    "follow, and your own that wait for an outcome. It comes only if something is new."
                )
            ),
        ),
        buttons=(*_rhythms(said.digest), Button("Show it now", "digest show")),
    )


def rhythm_words(said: Subscription) -> str:
    """Say how often a digest comes."""
    return {
        Rhythm.OFF: "No digest comes to you.",
        Rhythm.DAILY: "A digest comes every morning.",
        Rhythm.WEEKLY: "A digest comes every Monday morning.",
    }[said.rhythm]


def _when(said: Availability, hour: int) -> tuple[Block, ...]:
    if said.digest.rhythm is Rhythm.OFF:
        return ()
    if said.zone:
        return (Fine(line(f"At {hour}:00 in {said.zone}, or when your quiet hours or a mute are over.")),)
    example = f"digest {said.digest.rhythm} Europe/Berlin"
    return (Fine(line(f"At {hour}:00 UTC. In your own time zone: ", Word(example), ".")),)


def _rhythms(said: Subscription) -> tuple[Button, ...]:
    offered = {
        Rhythm.DAILY: Button("Every morning", "digest daily"),
        Rhythm.WEEKLY: Button("Every Monday", "digest weekly"),
        Rhythm.OFF: Button("No digest", "digest off"),
    }
    return tuple(button for rhythm, button in offered.items() if rhythm is not said.rhythm)
