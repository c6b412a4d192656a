"""The home menu: what waits for a member, what is theirs, and the ways on."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Strong, Word, line
from bot.chat.text import Line, counted
from bot.domain.cases import Case
from bot.domain.members import Role
from bot.views.poll_list import ListedPoll, polls_waiting
from bot.views.waiting import next_button

_SHOWN = 5
"""Cases of each kind that the menu names."""


def dashboard_card(
    role: Role,
    waiting: Sequence[Case],
    mine: Sequence[Case],
    drafts: Sequence[str],
    polls: Sequence[ListedPoll] = (),
) -> Card:
    """Show one member what waits: cases, polls, the own open cases, and the drafts by their kind."""
    return Card(
        notice="Your consults",
        title="Your consults",
        blocks=(
            *_waiting(waiting, answers=role is not Role.MODERATOR),
            *polls_waiting(polls),
            *_mine(mine),
            *_drafts(drafts),
            Fine(line("All of this works in words too: ", Word("help"), " lists them.")),
        ),
        buttons=_buttons(role, left=len(waiting), has_draft=bool(drafts), has_polls=bool(polls)),
    )


def _waiting(cases: Sequence[Case], *, answers: bool) -> tuple[Block, ...]:
    if not answers:
        return ()
    if not cases:
        return (Paragraph(line(Strong("No case waits for you right now."))),)
    verb = "waits" if len(cases) == 1 else "wait"
    lead = Paragraph(line(Strong(f"{counted(len(cases), 'case')} {verb} for you.")))
    return (lead, Items(tuple(_row(case, case.urgency) for case in cases[:_SHOWN])))


def _mine(cases: Sequence[Case]) -> tuple[Block, ...]:
    if not cases:
        return ()
    said = "Your open case" if len(cases) == 1 else f"Your {len(cases)} open cases"
    rows = tuple(_row(case, "open") for case in cases[:_SHOWN])
    return (Paragraph(line(Strong(f"{said}:"))), Items(rows))


def _row(case: Case, state: str) -> Line:
    return line(Strong(f"#{case.number}"), f" {case.title} ({state}, {counted(case.opinions, 'opinion')})")


def _drafts(kinds: Sequence[str]) -> tuple[Block, ...]:
    if not kinds:
        return ()
    several = f"{len(kinds)} drafts of yours are not posted."
    told = f"A {kinds[0]} of yours is not posted." if len(kinds) == 1 else several
    return (Paragraph(line(Strong(told), " ", Word("preview"), " shows the newest.")),)


def _buttons(role: Role, *, left: int, has_draft: bool, has_polls: bool) -> tuple[Button, ...]:
    moderates = role is Role.MODERATOR
    return (
        *((next_button(left),) if left else ()),
        *((Button("Open polls", "polls"),) if has_polls else ()),
        *((Button("Preview my draft", "preview"),) if has_draft else ()),
        *((Button("Ask colleagues", "case"),) if role is Role.PHYSICIAN else ()),
        Button("Open cases", "open"),
        *((Button("Who waits", "mod queue"),) if moderates else (Button("My cases", "mine"),)),
        Button("Find", "find"),
        Button("Me", "me"),
        Button("Help", "help"),
    )
