"""My data as its owner reads it: the two sides in answers of their own, so that none of them joins both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.chat.cards import Block, Button, Card, Fields, Fine, Items, Paragraph, Quote, Strong, Word, line
from bot.chat.text import Line, counted
from bot.domain.cases import Case, CaseState
from bot.domain.former import Posted
from bot.domain.members import Member
from bot.domain.mydata import Held
from bot.views.case import HIDDEN
from bot.views.opinion import opinion_words
from bot.views.page import paged_rows

_IDENTITY: Final = Button("Who you are", "me data identity")
_ROOMS: Final = Button("What you posted", "me data rooms")
_LET_IN: Final = {"checks": "the checks of verification", "shell": "the operator, by hand"}
_ERASED: Final = "The case was withdrawn, and these words are erased."
_NOTHING: Final[Mapping[str, Sequence[str]]] = {}
_ACTS: Final = {
    "enrolled": "became a member",
    "left": "left",
}


def mydata_card() -> Card:
    """Say where everything about the member lies, and offer the two halves apart."""
    return Card(
        notice="My data",
        title="My data",
        blocks=(
            Paragraph(
                line(
                    "What I hold about you lies in two databases that do not know each other. I show one at "
                    "a time, so that no single message says who you are and what you posted."
                )
            ),
            Items(
                (
                    line("Who you are: your account, your name, how you came in."),
                    line(
                        "What you posted: your screen name, your cases, opinions, comments, polls and drafts."
                    ),
                )
            ),
            Fine(
                line(
                    "Ballots are not shown, not even to you: they lie under a key of their poll's own and go "
                    "when it closes."
                )
            ),
        ),
        buttons=(_IDENTITY, _ROOMS, Button("Delete my account", "me delete")),
        reopen=Button("Show it", "me data"),
    )


def identity_card(held: Held) -> Card:
    """Show everything that the vault holds about its owner."""
    rows = (
        *(("Account", account) for account in held.accounts),
        ("Name", held.real_name),
        ("Let in by", _LET_IN.get(held.let_in_by, "a moderator")),
        ("Reference in the log of decisions", held.reference),
        ("Keyed hashes of number, licence, sign-on", str(held.keys)),
        ("Messages in your chat whose place I keep", str(held.messages)),
        *paged_rows(held.pages),
    )
    acts = tuple(line(f"{day}: {_ACTS.get(act, act.replace('_', ' '))}") for act, day in held.acts)
    return Card(
        notice="My data: who you are",
        title="Who you are",
        blocks=(
            Fields(rows),
            *((Items(acts),) if acts else ()),
            Fine(
                line(
                    "All of this is encrypted. A hash finds you again if your number is given; it holds none."
                )
            ),
        ),
        buttons=(_ROOMS,),
        reopen=Button("Show it", "me data identity"),
    )


def rooms_card(
    member: Member,
    posted: Posted,
    about: Mapping[str, int],
    drafts: int,
    *,
    page: int,
    size: int,
    later: Mapping[str, Sequence[str]] = _NOTHING,
    followed: Sequence[int] = (),
) -> Card:
    """Show a page of everything under a member's screen name; ``about`` gives the numbers of cases by id.

    ``later`` has by case what its author said about it after posting it; ``followed`` are the numbers of
    cases that the member follows.
    """
    items = _items(posted, about, later)
    first = (page - 1) * size
    shown, more = items[first : first + size], len(items) > first + size
    counts = ", ".join(
        counted(len(things), word)
        for things, word in (
            (posted.cases, "case"),
            (posted.opinions, "opinion"),
            (posted.comments, "comment"),
            (posted.polls, "poll"),
        )
    )
    return Card(
        notice="My data: what you posted",
        title="What you posted",
        blocks=(
            Paragraph(
                line(
                    "As ", Strong(member.screen_name), f", {member.role.value}, {member.specialty}: {counts}."
                )
            ),
            *shown,
            *_follows(followed),
            Fine(_footer(page, drafts)),
        ),
        buttons=((Button("More", f"me data rooms {page + 1}", "main"),) if more else ()) + (_IDENTITY,),
        reopen=Button("Show it", f"me data rooms {page}"),
    )


def _follows(numbers: Sequence[int]) -> Sequence[Block]:
    listed = ", ".join(f"#{number}" for number in numbers)
    return (Paragraph(line(f"You follow {listed}.")),) if numbers else ()


def _footer(page: int, drafts: int) -> Line:
    if not drafts:
        return line(f"Page {page}. No drafts wait.")
    return line(
        f"Page {page}. {counted(drafts, 'draft')} not posted: ", Word("preview"), " shows the newest."
    )


def _items(posted: Posted, about: Mapping[str, int], later: Mapping[str, Sequence[str]]) -> Sequence[Block]:
    return (
        *(
            Quote(
                HIDDEN if case.hidden else "\n".join(_words(case, later.get(case.id, ()))),
                label=f"Case #{case.number}, {case.state.value}, {case.posted_at:%Y-%m-%d}",
            )
            for case in posted.cases
        ),
        *(
            Quote(
                HIDDEN if one.hidden else (opinion_words(one) if one.diagnoses else _ERASED),
                label=f"Opinion on #{about[one.case]}, {one.given_at:%Y-%m-%d}",
            )
            for one in posted.opinions
        ),
        *(
            Quote(
                HIDDEN if one.hidden else (one.text or _ERASED),
                label=f"Comment on #{about[one.case]}, {one.said_at:%Y-%m-%d}",
            )
            for one in posted.comments
        ),
        *(
            Quote(
                "\n".join((poll.question, *poll.options)),
                label=f"Poll {poll.number}, {poll.state.value}, {poll.asked_at:%Y-%m-%d}",
            )
            for poll in posted.polls
        ),
    )


def _words(case: Case, later: Sequence[str]) -> tuple[str, ...]:
    if case.state is CaseState.WITHDRAWN:
        return (_ERASED,)
    beside = (words for words in (case.details.working, case.details.interest) if words)
    pictures = (f"Picture: {one.alt}" for one in case.pictures)
    return (case.story, case.question, *beside, *pictures, *later)
