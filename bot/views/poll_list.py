"""The list of open polls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.chat.cards import Block, Button, Card, Items, Paragraph, Strong, Word, line, note
from bot.chat.text import Line, counted
from bot.domain.polls import Poll

_SHOWN: Final = 10
_BUTTONS: Final = 5


class Place(StrEnum):
    """Where a poll stands for whoever looks."""

    WAITS = "waits"
    """It waits for the own vote."""
    VOTED = "voted"
    OTHERS = "others"
    """Others are asked."""
    LATER = "later"
    """It is not open yet."""


@dataclass(frozen=True, slots=True)
class ListedPoll:
    """An open poll, and where it stands for whoever looks."""

    poll: Poll
    place: Place


_SAID: Final = {
    Place.WAITS: "waits for your vote",
    Place.VOTED: "you have voted",
    Place.OTHERS: "asks others",
    Place.LATER: "opens later",
}


def polls_card(polls: Sequence[ListedPoll]) -> Card:
    """List open polls, those that wait for a vote first."""
    if not polls:
        return note("No poll is open. Ask one: ", Word('poll "Question?" yes | no'), ".")
    more = len(polls) - _SHOWN
    left = (Paragraph(line(f"And {counted(more, 'older one')}.")),) if more > 0 else ()
    return Card(
        notice="Open polls",
        title="Open polls",
        blocks=(Items(tuple(map(_row, polls[:_SHOWN]))), *left),
        buttons=tuple(
            Button(f"Vote in {one.poll.number}", f"vote {one.poll.number}")
            for one in _waiting(polls)[:_BUTTONS]
        ),
    )


def polls_waiting(polls: Sequence[ListedPoll]) -> tuple[Block, ...]:
    """Say on the home menu that polls wait for a vote; nothing where none does."""
    waiting = _waiting(polls)
    if not waiting:
        return ()
    verb = "waits" if len(waiting) == 1 else "wait"
    lead = line(
        Strong(f"{counted(len(waiting), 'poll')} {verb} for your vote."), " ", Word("polls"), " lists them."
    )
    return (Paragraph(lead),)


def _waiting(polls: Sequence[ListedPoll]) -> list[ListedPoll]:
    return [one for one in polls if one.place is Place.WAITS]


def _row(one: ListedPoll) -> Line:
    return line(Strong(f"Poll {one.poll.number}"), f" {one.poll.question} ({_SAID[one.place]})")
