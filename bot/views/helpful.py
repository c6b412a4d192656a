"""Helpful, as people read it: the answer to whoever says it, and the counts beside opinions and names."""

from __future__ import annotations

from bot.chat.cards import Block, Button, Card, Fine, line, note
from bot.chat.text import counted
from bot.domain.cases import Case
from bot.domain.helpful import Thanks
from bot.domain.opinions import Opinion


def marked_helpful_card(opinion: Opinion, case: Case, count: int) -> Card:
    """Confirm a mark; nobody is told whose it is."""
    name = f"{case.number}.{opinion.number}"
    return note(
        f"Noted: opinion {name} helped you. That makes {count}. Nobody sees who says so.",
        buttons=(Button("Take it back", f"unhelpful {name}"), Button("Show the case", f"show {case.number}")),
    )


def unmarked_helpful_card(opinion: Opinion, case: Case, *, was: bool) -> Card:
    """Confirm that a mark is taken back, or that there was none."""
    name = f"{case.number}.{opinion.number}"
    told = f"Taken back. Opinion {name} no longer counts as helpful to you."
    if not was:
        told = f"You had not called opinion {name} helpful, so nothing changed."
    return note(told, buttons=(Button("Show the case", f"show {case.number}"),))


def helpful_button(opinion: Opinion, case: Case) -> Button:
    """Offer to say that an opinion helped."""
    return Button("Helpful", f"helpful {case.number}.{opinion.number}")


def thanks_blocks(thanks: Thanks) -> tuple[Block, ...]:
    """Say on an opinion's card how many it helped, and how often its screen name has."""
    told = tuple(
        words
        for words, count in (
            (f"Helpful to {thanks.helpful}", thanks.helpful),
            (f"has helped with {counted(thanks.helped, 'opinion')}", thanks.helped),
        )
        if count
    )
    return (Fine(line(" · ".join(told))),) if told else ()


def helpful_words(count: int) -> str:
    """Say in a list of what was said how many an opinion helped."""
    return f" (helpful to {count})" if count else ""


def helped_blocks(helped: int) -> tuple[Block, ...]:
    """Tell a member what others see of how often they helped; nothing while that is never."""
    if not helped:
        return ()
    return (
        Fine(line(f"On your opinions others see that you have helped with {counted(helped, 'opinion')}.")),
    )
