"""Polls as people see them: the card that collects votes, and what its author is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Block, Button, Card, Fine, Paragraph, Strong, Word, line
from bot.domain.members import Member
from bot.domain.poll_terms import Shows
from bot.domain.polls import Poll, PollState
from bot.views.case import undo_buttons
from bot.views.people import speaker
from bot.views.poll_paying import drawn_words
from bot.views.poll_result import result_card
from bot.views.poll_seen import who_sees
from bot.views.poll_terms import terms_blocks
from bot.views.poll_times import closed_card, so_far
from bot.views.poll_vote import offered, vote_buttons

_STATES = {PollState.WAITING: "not open yet", PollState.OPEN: "open", PollState.CLOSED: "closed"}


def poll_card(poll: Poll, author: Member) -> Card:
    """Show a poll in the rooms: open with its options, waiting without buttons, closed with its result."""
    if poll.state is PollState.CLOSED:
        return (
            result_card(poll, author) if poll.terms.shows is not Shows.AUTHOR else closed_card(poll, author)
        )
    return Card(
        notice=f"New poll {poll.number}",
        title=f"Poll {poll.number}",
        speaker=speaker(author),
        blocks=(
            Paragraph(line(Strong(poll.question))),
            *offered(poll),
            *terms_blocks(poll),
            *so_far(poll),
            Fine(line(who_sees(poll))),
        ),
        buttons=vote_buttons(poll) if poll.state is PollState.OPEN else (),
    )


def polls_on_case(polls: Sequence[Poll]) -> tuple[Block, ...]:
    """List the polls on a case in one line; nothing where there is none."""
    if not polls:
        return ()
    listed = ", ".join(f"{poll.number} ({_STATES[poll.state]})" for poll in polls)
    last = polls[-1].number
    way = Word(f"results {last}" if polls[-1].state is PollState.CLOSED else f"vote {last}")
    return (Fine(line(f"Polls on it: {listed}. For example: ", way, ".")),)


def asked_card(poll: Poll, author: Member, undo_seconds: int, code: str) -> Card:
    """Tell the author that the poll is on its way."""
    way = f"Poll {poll.number} is on its way as "
    return Card(
        notice=f"Poll {poll.number} is on its way",
        blocks=(
            Paragraph(
                line(way, Strong(author.screen_name), ". Close it with ", Word(f"endpoll {poll.number}"), ".")
            ),
            *_changing(poll),
        ),
        buttons=(*undo_buttons(undo_seconds, code), *change_button(poll)),
    )


def _changing(poll: Poll) -> tuple[Block, ...]:
    """Tell the author how many were drawn, or that the poll can still be changed."""
    if poll.terms.sample:
        return (Fine(line(drawn_words(poll))),)
    return (Fine(line("Until the first vote you can change it: ", Word(f"poll change {poll.number}"), ".")),)


def change_button(poll: Poll) -> tuple[Button, ...]:
    """Offer the author of a poll without a ballot to ask something else; not once a sample was drawn."""
    return () if poll.terms.sample else (Button("Change", f"poll change {poll.number}"),)


def changed_card(poll: Poll) -> Card:
    """Confirm to the author that a poll asks something else now."""
    return Card(
        notice=f"Poll {poll.number} changes",
        blocks=(Paragraph(line(f"Poll {poll.number} changes in every room now.")),),
        buttons=change_button(poll),
    )
