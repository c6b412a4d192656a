"""Results of polls in words: the table that goes to the rooms, and what its author is told."""

from __future__ import annotations

from bot.chat.cards import Card, Fine, Items, Paragraph, Picture, Strong, Word, line, note
from bot.domain.members import Member
from bot.domain.polls import Poll, PollState
from bot.views.people import speaker


def result_card(poll: Poll, author: Member, chart: str = "") -> Card:
    """Show a closed poll's result in words, with its chart where there is one."""
    pictures = (Picture(chart, result_words(poll)),) if chart else ()
    if poll.result is None:
        body: tuple[Paragraph | Items, ...] = (
            Paragraph(line("Closed. Too few people voted to show a result without betraying somebody.")),
        )
    else:
        body = (
            Items(tuple(line(row) for row in _rows(poll))),
            Paragraph(line(f"{poll.result.counts.ballots} physicians voted.")),
        )
    return Card(
        notice=f"Result of poll {poll.number}",
        title=f"Poll {poll.number}: result",
        speaker=speaker(author),
        blocks=(
            Paragraph(line(Strong(poll.question))),
            *body,
            Fine(line(what_is_kept(poll))),
        ),
        pictures=pictures,
    )


def what_is_kept(poll: Poll) -> str:
    """Say what became of the ballots, or what becomes of them."""
    if poll.state is PollState.CLOSED:
        return "The ballots were destroyed at close."
    return "The poll is still open. Its ballots are destroyed when it is closed."


def _rows(poll: Poll) -> tuple[str, ...]:
    if poll.result is None:
        return ()
    base = poll.result.counts.ballots
    return tuple(
        f"{option}: {count} of {base} ({share(count, base)} %)"
        for option, count in zip(poll.options, poll.result.counts.slots, strict=True)
    )


def share(count: int, base: int) -> int:
    """Give a share in whole percent; 0 when nobody voted."""
    return round(100 * count / base) if base else 0


def result_words(poll: Poll) -> str:
    """Say a result in one paragraph, the alt text of its chart."""
    return f"Result of poll {poll.number}: {poll.question} {'; '.join(_rows(poll))}."


def ended_card(poll: Poll) -> Card:
    """Tell the author that the poll is closed."""
    if poll.result is None:
        return note(f"Poll {poll.number} is closed. Too few people voted to show a result.")
    return Card(
        notice=f"Poll {poll.number} is closed",
        blocks=(
            Paragraph(line(f"Poll {poll.number} is closed. The result goes to all rooms:")),
            Items(tuple(line(row) for row in _rows(poll))),
        ),
    )


def results_card(poll: Poll, author: Member) -> Card:
    """Answer ``results``: the table when closed, why there is none while open."""
    if poll.state is PollState.OPEN:
        return note(
            f"Poll {poll.number} is open; its result is shown when it is closed. Vote: ",
            Word(f"vote {poll.number} 1"),
            ".",
        )
    return result_card(poll, author)
