"""Honoraria and random samples as people see them: what stands on a poll, tokens, invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.chat.cards import Block, Button, Card, Fine, Paragraph, Strong, Word, line, note
from bot.chat.text import counted
from bot.domain.claims import Honorarium
from bot.domain.poll_terms import Shows
from bot.domain.polls import Poll
from bot.views.poll_seen import who_sees
from bot.views.poll_terms import paid_line

_SHOW: Final = "honorarium"


def drawn_words(poll: Poll) -> str:
    """Tell the author how many were drawn, never who."""
    drawn = counted(poll.invited, "colleague")
    if poll.invited < poll.terms.sample:
        return f"Only {drawn} could be asked, so all of them are invited."
    return f"{drawn} of those who could vote were drawn by chance and are invited."


def invitation_card(poll: Poll) -> Card:
    """Invite somebody who was drawn; for a private home chat."""
    drawn = (
        f"Poll {poll.number} asks a random sample of {counted(poll.invited, 'colleague')}, and you are in it."
    )
    return Card(
        notice=f"Poll {poll.number} asks you",
        blocks=(
            Paragraph(line(drawn)),
            Fine(line("Only those drawn can vote. ", who_sees(poll))),
            *((Fine(line(paid_line(poll.terms))),) if poll.terms.payment else ()),
        ),
        buttons=_vote(poll),
    )


def invitation_quiet_card(poll: Poll) -> Card:
    """Invite somebody where others may read along."""
    return note(f"Poll {poll.number} asks a random sample, and you are in it. ", buttons=_vote(poll))


def _vote(poll: Poll) -> tuple[Button, ...]:
    return (Button("Vote", f"vote {poll.number}", "main"),)


def not_drawn_words(poll: Poll) -> str:
    """Tell somebody who was not drawn."""
    drawn = f"Poll {poll.number} asks a random sample of {counted(poll.invited, 'colleague')}."
    if poll.terms.shows is Shows.AUTHOR:
        return f"{drawn} You were not drawn, and its author alone will read the result."
    return f"{drawn} You were not drawn; its result comes to the room."


def honoraria_card(held: Sequence[Honorarium]) -> Card:
    """Show somebody's own tokens: what they are, where to claim, what they say and do not say."""
    if not held:
        return note("No honorarium waits for you. A token stays here until it is paid, for 90 days at most.")
    name = "honorarium" if len(held) == 1 else "honoraria"
    return Card(
        notice=f"Your {name}",
        title=f"Your {name}",
        blocks=(*(block for one in held for block in _token(one)), *_HOW),
        reopen=Button("Show it", _SHOW),
    )


def _token(one: Honorarium) -> tuple[Block, ...]:
    return (
        Paragraph(line(f"For poll {one.number}: ", Strong(one.token))),
        Paragraph(line(f"{one.payer}: {one.payment}")),
        Fine(
            line("Shown until it is paid, at the latest until ", f"{one.until:%Y-%m-%d}", ": ", Word(_SHOW))
        ),
    )


_HOW: Final = (
    Fine(
        line(
            "Give the token to whoever pays, with the number of the poll. It is good once. It says that its "
            "holder took part and nothing of the answers, and I give the payer no names; what you tell them "
            "to be paid, they know. Whoever has the token can use it, so keep it to yourself."
        )
    ),
)


def honorarium_quiet_card() -> Card:
    """Say where others may read along that something waits; not even from which poll."""
    return note("Something waits for you. ", buttons=(Button("Open", _SHOW, "main"),))
