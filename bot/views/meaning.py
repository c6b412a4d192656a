"""Ambiguous names as their writer is asked about them."""

from __future__ import annotations

from bot.chat.cards import Button, Card, Fine, Paragraph, Strong, line
from bot.collective import Bucket, Unclear
from bot.domain.cases import Case
from bot.domain.home_questions import MEANING, HomeQuestion
from bot.domain.opinions import ASKED_FOR, Opinion
from bot.views.summary import spoken

_MINUTES = int(ASKED_FOR.total_seconds()) // 60


def meaning_card(case: Case, opinion: Opinion, asked: Unclear, *, code: str = "") -> Card:
    """Ask which disease a name stands for; ``code`` is what *Undo* carries where that can be done."""
    typed = opinion.diagnoses[asked.entry]
    inside = f" (in “{typed}”)" if typed.casefold() != asked.text.casefold() else ""
    return Card(
        notice=f"A question about your opinion on #{case.number}",
        blocks=(
            Paragraph(
                line(
                    "“",
                    Strong(_shown(typed, asked.text)),
                    f"”{inside} has more than one meaning. Which do you mean?",
                )
            ),
            Fine(line(_meanwhile(opinion))),
        ),
        buttons=(
            *(
                Button(spoken(Bucket.of(one)), _answer(case, asked, number))
                for number, one in enumerate(asked.candidates, start=1)
            ),
            Button(
                f"Use “{_shown(typed, asked.text)}” as typed", _answer(case, asked, len(asked.candidates) + 1)
            ),
            *((Button("Undo", f"undo {code}"),) if code else ()),
        ),
        about=HomeQuestion(MEANING, case.id, asked.place).subject,
    )


def _answer(case: Case, asked: Unclear, choice: int) -> str:
    return f"mean {case.number} {asked.place} {choice}"


def _shown(typed: str, text: str) -> str:
    """Give the name in the letters in which it was typed."""
    at = typed.casefold().find(text.casefold())
    return typed[at : at + len(text)] if at >= 0 else text


def _meanwhile(opinion: Opinion) -> str:
    if opinion.waits_until is None:
        return "Your opinion is in already; an answer changes it."
    waits = f"Your opinion is kept and waits for your answer, {_MINUTES} minutes at most."
    return f"{waits} Then it goes out as typed."
