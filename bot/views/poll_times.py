"""Times of polls in words: when they open and close, how they stand, and who reads what came of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.chat.cards import Card, Fine, Paragraph, Strong, Word, line, note
from bot.domain.members import Member
from bot.domain.poll_terms import Shows
from bot.domain.polls import Poll, PollState
from bot.views.people import speaker
from bot.views.poll_result import result_card
from bot.views.poll_terms import moment
from bot.views.poll_withheld import NO_BALLOTS

ROUND: Final = 5
"""The rooms read how many have voted in steps of this many."""


def so_far(poll: Poll) -> tuple[Fine, ...]:
    """Say on an open poll's card roughly how many are in the table that was shown last."""
    if poll.terms.shows is not Shows.SNAPSHOTS or poll.result is None:
        return ()
    about = poll.result.counts.ballots // ROUND * ROUND
    return (Fine(line(f"At least {about} have voted so far.")),) if about else ()


def closed_card(poll: Poll, author: Member) -> Card:
    """Show the rooms a closed poll whose result goes to its author alone."""
    return _closed(poll, author, "Closed. The result goes to its author alone.")


def void_card(poll: Poll, author: Member) -> Card:
    """Show the rooms a poll that was brought back without its ballots."""
    return _closed(poll, author, f"Closed without a result: {NO_BALLOTS}.")


def _closed(poll: Poll, author: Member, words: str) -> Card:
    return Card(
        notice=f"Poll {poll.number} is closed",
        title=f"Poll {poll.number}: closed",
        speaker=speaker(author),
        blocks=(Paragraph(line(Strong(poll.question))), Paragraph(line(words))),
    )


def closed_for_author_card(poll: Poll) -> Card:
    """Tell the author that the poll is closed, where nobody else reads its result."""
    return note(f"Poll {poll.number} is closed. Its result comes to you alone: ", _results(poll), ".")


def closed_by_moderator_card(poll: Poll) -> Card:
    """Tell a moderator that the poll is closed."""
    return note(f"Poll {poll.number} is closed. Its author is told.")


def voided_card(poll: Poll) -> Card:
    """Tell the author that the poll had to be closed without a result."""
    return note(
        f"Poll {poll.number} is closed without a result: {NO_BALLOTS}. Ask again with ",
        Word("poll"),
        ".",
    )


def quiet_card(poll: Poll) -> Card:
    """Say no more than that a poll is closed."""
    return note(f"Poll {poll.number} is closed. See ", _results(poll), ".")


def waiting_card(poll: Poll) -> Card:
    """Say of a poll that it is not open yet."""
    opens = poll.terms.opens_at
    when = f" It opens on {moment(opens)}." if opens else ""
    return note(f"Poll {poll.number} is not open yet.{when}")


def stands_card(poll: Poll, author: Member, least: int) -> Card:
    """Show how an open poll stood when it was last counted, to whoever voted or asked."""
    if poll.result is None:
        return note(
            f"Too few have voted in poll {poll.number} to show how it stands. Look again later: ",
            _results(poll),
            ".",
        )
    shown = result_card(poll, author, least=least)
    counted = Fine(line(f"Counted on {moment(poll.result.at)}. Later votes come with the next count."))
    title = f"Poll {poll.number}: so far"
    return replace(shown, notice=title, title=title, speaker=None, blocks=(*shown.blocks, counted))


def vote_first_card(poll: Poll) -> Card:
    """Say what has to be done before somebody reads how a poll stands."""
    return note(
        "Vote first, then ", _results(poll), " shows how it stands: ", Word(f"vote {poll.number}"), "."
    )


def author_only_card(poll: Poll) -> Card:
    """Say that the result of a poll is its author's."""
    if poll.state is PollState.CLOSED:
        return note(f"Poll {poll.number} is closed. Its result went to its author alone.")
    return note(
        f"Poll {poll.number} is open; its result goes to its author alone when it is closed. Vote: ",
        Word(f"vote {poll.number}"),
        ".",
    )


def _results(poll: Poll) -> Word:
    return Word(f"results {poll.number}")
