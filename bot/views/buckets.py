"""Putting names of the collective list together, and taking them apart: what is asked and what is told."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat.cards import Button, Card, Paragraph, line
from bot.chat.forms import ChoiceField, Form, Option
from bot.chat.text import counted
from bot.collective import GroupAnswer, Ranked
from bot.domain.cases import Case, CaseState
from bot.views.summary import spoken, summary_blocks

_LONGEST = 70


def merge_form(case: Case, ranking: Sequence[Ranked]) -> Form:
    """Ask which two names are one."""
    options = _options(ranking)
    return Form(
        command=f"merge {case.number}",
        title=f"Put together in #{case.number}",
        submit="Put together",
        lead=(Paragraph(line("Two names for the same diagnosis count as one once they are together.")),),
        fields=(
            ChoiceField("into", "The name that stays", options),
            ChoiceField("source", "Counts as that from now on", options),
        ),
    )


def split_form(case: Case, ranking: Sequence[tuple[int, Ranked]]) -> Form:
    """Ask which name is to be taken apart; each comes with its number in the list."""
    return Form(
        command=f"split {case.number}",
        title=f"Take apart in #{case.number}",
        submit="Take apart",
        lead=(Paragraph(line("What was put together comes apart again, else into the names as typed.")),),
        fields=(ChoiceField("bucket", "Which one", tuple(_option(rank, row) for rank, row in ranking)),),
    )


def _options(ranking: Sequence[Ranked]) -> tuple[Option, ...]:
    return tuple(_option(rank, row) for rank, row in enumerate(ranking, start=1))


def _option(rank: int, row: Ranked) -> Option:
    name = spoken(row.bucket)
    short = name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"
    return Option(str(rank), short)


def changed_card(case: Case, done: str, answer: GroupAnswer, back: str) -> Card:
    """Confirm a change of the list, and show it as it is now; ``back`` is the command that undoes it."""
    told = " The summary in the rooms says so too." if case.state is CaseState.CLOSED else ""
    return Card(
        notice=f"The list of #{case.number} was changed",
        blocks=(
            Paragraph(line(f"{done}{told}")),
            *summary_blocks(answer),
        ),
        buttons=(
            *((Button("Take it back", back),) if back else ()),
            Button("Show the case", f"show {case.number}"),
        ),
    )


def merged_words(sources: Sequence[Ranked], into: Ranked) -> str:
    """Say what was put together."""
    names = ", ".join(spoken(row.bucket) for row in sources)
    verb = "counts" if len(sources) == 1 else "count"
    return f"{names} {verb} as {spoken(into.bucket)} now."


def parted_words(name: str, texts: Sequence[str]) -> str:
    """Say what was taken apart."""
    return f"{name} is taken apart into {counted(len(texts), 'name')}: {', '.join(texts)}."


def undone_words(source: str, into: str) -> str:
    """Say that a merge was taken back."""
    return f"{source} and {into} are two names again."


def rejoined_words(name: str) -> str:
    """Say that a name which was taken apart is whole again."""
    return f"{name} is one name again."
