"""Polls as people see them: the card that collects votes, and what its author is told."""

from __future__ import annotations

from bot.chat.cards import Card, Fine, Items, Paragraph, Strong, Word, line
from bot.domain.members import Member
from bot.domain.polls import Poll, PollState
from bot.views.case import undo_buttons
from bot.views.people import speaker
from bot.views.poll_paying import drawn_words, paying_lines
from bot.views.poll_result import result_card
from bot.views.poll_seen import who_sees
from bot.views.poll_vote import vote_buttons


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
            Fine(line(who_sees(poll))),
            *paying_lines(poll),
        ),
        buttons=vote_buttons(poll),
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
            *((Fine(line(drawn_words(poll))),) if poll.terms.sample else ()),
        ),
        buttons=undo_buttons(undo_seconds, code),
    )
