"""Polls as people see them: the form, the card that collects votes, the result in words."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Fine, Items, Paragraph, Picture, Strong, Word, line, note
from bot.chat.forms import ChoiceField, Field, Form, Option, TextField
from bot.domain.members import Member
from bot.domain.poll_tally import Choice
from bot.domain.polls import Poll, PollState
from bot.views.case import undo_buttons
from bot.views.people import speaker

WHO_SEES = "Nobody sees who voted what. Your vote can be changed until the poll is closed."


def poll_form(question: str = "") -> Form:
    """Ask for a poll."""
    return Form(
        command="poll",
        title="Ask a poll",
        submit="Preview",
        fields=poll_fields(question),
    )


def poll_fields(question: str = "", options: str = "") -> tuple[Field, ...]:
    """Give the fields for the words of a poll; ``options`` one a line."""
    return (
        TextField("question", "Question", max_length=300, initial=question),
        TextField(
            "options", "Options, one a line", "2 to 9 lines", multiline=True, max_length=1500, initial=options
        ),
    )


def poll_card(poll: Poll, author: Member) -> Card:
    """Show a poll in the rooms: open with its options, closed with its result."""
    if poll.state is PollState.CLOSED:
        return result_card(poll, author)
    return Card(
        notice=f"New poll {poll.number}",
        title=f"Poll {poll.number}",
        speaker=speaker(author),
        blocks=(
            Paragraph(line(Strong(poll.question))),
            Items(tuple(line(option) for option in poll.options), numbered=True),
            Fine(line(WHO_SEES)),
        ),
        buttons=tuple(
            Button(option[:75], f"vote {poll.number} {index}")
            for index, option in enumerate(poll.options, start=1)
        ),
    )


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
            Fine(line("The ballots were destroyed at close.")),
        ),
        pictures=pictures,
    )


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


def vote_form(poll: Poll) -> Form:
    """Ask for a vote."""
    return Form(
        command=f"vote {poll.number}",
        title=f"Vote in poll {poll.number}",
        submit="Vote",
        lead=(Paragraph(line(Strong(poll.question))), Fine(line(WHO_SEES))),
        fields=(
            ChoiceField(
                "choice",
                "Your vote",
                tuple(Option(str(index), option) for index, option in enumerate(poll.options, start=1)),
            ),
        ),
    )


def counted_card(poll: Poll, choice: Choice, *, changed: bool) -> Card:
    """Confirm privately what counted."""
    lead = "Your vote was changed to: " if changed else "Your vote counted: "
    return note(
        lead,
        Strong(poll.options[choice[0]]),
        f". You can change it until poll {poll.number} is closed: ",
        Word(f"vote {poll.number} 1"),
        ".",
    )


def asked_card(poll: Poll, author: Member, undo_seconds: int, code: str) -> Card:
    """Tell the author that the poll is on its way."""
    return Card(
        notice=f"Poll {poll.number} is on its way",
        blocks=(
            Paragraph(
                line(
                    f"Poll {poll.number} is on its way as ",
                    Strong(author.screen_name),
                    ". Close it with ",
                    Word(f"endpoll {poll.number}"),
                    ".",
                )
            ),
        ),
        buttons=undo_buttons(undo_seconds, code),
    )


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
