"""Voting as people see it: what is offered under a poll, the form, and what counted."""

from __future__ import annotations

from typing import Final

from bot.chat.cards import Block, Button, Card, Fine, Items, Paragraph, Strong, Word, line, note
from bot.chat.forms import ChoiceField, Field, Form, Option, TextField
from bot.domain.poll_tally import Choice, real_options
from bot.domain.poll_terms import NO_OPINION, PollKind
from bot.domain.poll_votes import (
    UNDECIDED,
    example_of,
    is_shuffled,
    mark_of,
    named_by_numbers,
    scale_words,
    spelled,
    written,
)
from bot.domain.polls import Poll
from bot.views.poll_seen import who_sees
from bot.views.poll_terms import kind_line

_LONG: Final = 70
"""Characters of an option that a button or a box still shows whole."""


def offered(poll: Poll) -> tuple[Block, ...]:
    """Say in the rooms what can be chosen; of a shuffled poll no order, so that no option stands first."""
    told = _how(poll)
    if poll.terms.kind is PollKind.NUMBER:
        return (Paragraph(line(f"{told} Or: {NO_OPINION}.")), _in_one_line(poll))
    if is_shuffled(poll):
        return (Paragraph(line(f"{told} Each of you sees the options in another order.")),)
    shown = (Paragraph(line(told)), _listed(poll, tuple(range(len(poll.options)))))
    return (*shown, _in_one_line(poll)) if _by_opening(poll) else shown


def vote_buttons(poll: Poll) -> tuple[Button, ...]:
    """Give a button for each option, or the one that opens the form."""
    if _by_opening(poll):
        return (Button("Vote", f"vote {poll.number}", style="main"),)
    return tuple(
        Button(option[:75], f"vote {poll.number} {mark_of(poll, index)}")
        for index, option in enumerate(poll.options)
    )


def vote_form(poll: Poll, order: tuple[int, ...], now: Choice | None) -> Form:
    """Ask for a vote; ``order`` is that in which the options stand, ``now`` what the ballot says so far."""
    needed = poll.terms.kind is PollKind.RANKING or any(len(option) > _LONG for option in poll.options)
    listed = (_listed(poll, order),) if needed else ()
    return Form(
        command=f"vote {poll.number}",
        title=f"Vote in poll {poll.number}",
        submit="Vote",
        lead=(Paragraph(line(Strong(poll.question))), *listed, Fine(line(who_sees(poll)))),
        fields=(_field(poll, order, "" if now is None else written(poll, now)),),
        passing=() if now is None else (Paragraph(line("Your vote now: ", Strong(_words(poll, now)), ".")),),
    )


def counted_card(poll: Poll, choice: Choice, *, changed: bool) -> Card:
    """Confirm privately what counted."""
    lead = "Your vote was changed to: " if changed else "Your vote counted: "
    gone = " Nothing of the earlier one is kept." if changed else ""
    return note(
        lead,
        Strong(_words(poll, choice)),
        f".{gone} You can change it until poll {poll.number} is closed: ",
        Word(f"vote {poll.number}"),
        ".",
    )


def _by_opening(poll: Poll) -> bool:
    return is_shuffled(poll) or poll.terms.kind not in (PollKind.SINGLE, PollKind.LIKERT)


def _in_one_line(poll: Poll) -> Fine:
    return Fine(line("In one line: ", Word(f"vote {poll.number} {example_of(poll)}")))


def _how(poll: Poll) -> str:
    return kind_line(poll.terms, real_options(poll.terms, len(poll.options)))


def _listed(poll: Poll, order: tuple[int, ...]) -> Items:
    if not _marked(poll):
        return Items(tuple(line(poll.options[index]) for index in order), numbered=True)
    return Items(tuple(line(_label(poll, index)) for index in order))


def _marked(poll: Poll) -> bool:
    """Say whether the options' numbers stand in their labels, as their places do not tell them."""
    return is_shuffled(poll) or named_by_numbers(poll)


def _label(poll: Poll, index: int) -> str:
    return f"{mark_of(poll, index)}. {poll.options[index]}" if _marked(poll) else poll.options[index]


def _field(poll: Poll, order: tuple[int, ...], now: str) -> Field:
    real = real_options(poll.terms, len(poll.options))
    if poll.terms.kind is PollKind.RANKING:
        hint = f"All {real} numbers: {example_of(poll)}. If you don't know: {mark_of(poll, real)}"
        return TextField("choice", "Your order, the best first", hint, max_length=100, initial=now)
    if poll.terms.kind is PollKind.NUMBER:
        hint = f"From {scale_words(poll.terms)}. If you don't know: ?"
        return TextField("choice", "Your number", hint, max_length=100, initial=now)
    several = poll.terms.kind is PollKind.MULTIPLE
    most = poll.terms.most if poll.terms.most < real else len(poll.options)
    options = tuple(Option(mark_of(poll, index), _label(poll, index), _also(poll, index)) for index in order)
    return ChoiceField(
        "choice",
        "Your vote",
        options,
        _how(poll) if several else "",
        initial=now,
        most=most if several else 1,
        numbered=not _marked(poll),
    )


def _also(poll: Poll, index: int) -> tuple[str, ...]:
    """Give the words that mean an option: its own where a number stands in its label, and *don't know*."""
    own = () if named_by_numbers(poll) else (poll.options[index].casefold(),)
    return (*own, *(UNDECIDED if (index,) == poll.undecided else ()))


def _words(poll: Poll, choice: Choice) -> str:
    """Say a choice in words."""
    if choice == poll.undecided:
        return NO_OPINION
    scale = poll.terms.scale
    if scale is not None:
        return f"{spelled(scale.value(choice[0]))} {scale.unit}".strip()
    if poll.terms.kind is PollKind.RANKING:
        return ", ".join(f"{place}. {poll.options[index]}" for place, index in enumerate(choice, start=1))
    return "; ".join(poll.options[index] for index in choice)
