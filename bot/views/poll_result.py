"""Results of polls in words: the table that goes to the rooms, and what its author is told."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Block, Card, Fine, Items, Paragraph, Picture, Strong, Word, line, note
from bot.domain.members import Member
from bot.domain.poll_tally import Result
from bot.domain.poll_terms import Shows
from bot.domain.polls import Poll, PollState
from bot.views.people import speaker
from bot.views.poll_amounts import base_line, held_back_line, science_line
from bot.views.poll_rows import group_row, note_on_rows, rows
from bot.views.poll_terms import paid_line
from bot.views.poll_withheld import why_withheld

_TOO_FEW: Final = "Too few people voted to show a result without betraying somebody."


def result_card(poll: Poll, author: Member, chart: str = "", *, parted: bool = False, least: int = 0) -> Card:
    """Show what was released of a poll, with its chart where there is one; a snapshot while it is open.

    ``parted`` adds the breakdown, and so does a chart. ``least`` is the smallest cell, for the sentence about
    ballots that are held back.
    """
    closed = poll.state is PollState.CLOSED
    return Card(
        notice=f"Result of poll {poll.number}",
        title=f"Poll {poll.number}: result" if closed else f"Poll {poll.number}: result so far",
        speaker=speaker(author),
        blocks=(
            Paragraph(line(Strong(poll.question))),
            *_body(poll, least, parted=parted or bool(chart)),
            Fine(line(what_is_kept(poll))),
        ),
        pictures=(Picture(chart, result_words(poll)),) if chart else (),
    )


def _body(poll: Poll, least: int, *, parted: bool) -> tuple[Block, ...]:
    result = poll.result
    if result is None:
        closed = poll.state is PollState.CLOSED
        why = why_withheld(poll) or (_TOO_FEW,)
        return (Paragraph(line("Closed. ", *why) if closed else line(f"So far: {_TOO_FEW.lower()}")),)
    fine = (held_back_line(result, least), note_on_rows(poll), paid_line(poll.terms))
    return (
        Items(tuple(line(row) for row in rows(poll, result.counts))),
        Paragraph(line(base_line(poll, result))),
        *(_breakdown(poll, result) if parted else ()),
        Fine(line(science_line(poll, result))),
        *(Fine(line(words)) for words in fine if words),
    )


def what_is_kept(poll: Poll) -> str:
    """Say what became of the ballots, or what becomes of them."""
    if poll.state is PollState.CLOSED:
        return "The ballots were destroyed at close."
    return "The poll is still open. Its ballots are destroyed when it is closed."


def _breakdown(poll: Poll, result: Result) -> tuple[Block, ...]:
    if not result.groups:
        return ()
    lines = tuple(line(group_row(poll, group)) for group in result.groups)
    return (Paragraph(line(Strong("By specialty"))), Items(lines))


def result_words(poll: Poll) -> str:
    """Say a result in one paragraph, the alt text of its chart."""
    start = f"Result of poll {poll.number}: {poll.question}"
    if poll.result is None:
        return f"{start} {_TOO_FEW}"
    table = "; ".join(rows(poll, poll.result.counts)).rstrip(".")
    return f"{start} {table}. {base_line(poll, poll.result)} {science_line(poll, poll.result)}"


def ended_card(poll: Poll, *, least: int = 0) -> Card:
    """Tell the author that the poll is closed."""
    result = poll.result
    if result is None:
        why = why_withheld(poll) or ("Too few people voted to show a result.",)
        return note(f"Poll {poll.number} is closed. ", *why)
    where = (
        "The result is for you alone" if poll.terms.shows is Shows.AUTHOR else "The result goes to all rooms"
    )
    held = held_back_line(result, least)
    return Card(
        notice=f"Poll {poll.number} is closed",
        blocks=(
            Paragraph(line(f"Poll {poll.number} is closed. {where}:")),
            Items(tuple(line(row) for row in rows(poll, result.counts))),
            Paragraph(line(base_line(poll, result))),
            *((Fine(line(held)),) if held else ()),
            Fine(line("The whole table: ", Word(f"results {poll.number}"), ". As CSV: ", _csv(poll), ".")),
        ),
    )


def _csv(poll: Poll) -> Word:
    return Word(f"results {poll.number} csv")


def results_card(poll: Poll, author: Member, *, least: int = 0) -> Card:
    """Answer ``results``: the whole table when closed, why there is none while open."""
    if poll.state is PollState.OPEN:
        return note(
            f"Poll {poll.number} is open; its result is shown when it is closed. Vote: ",
            Word(f"vote {poll.number}"),
            ".",
        )
    return result_card(poll, author, parted=True, least=least)
