"""Polls on cases: whose they may be, and what they may not ask while first opinions are awaited."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Final

from bot.collective import namer
from bot.commands.context import Context
from bot.commands.finding import thing_of
from bot.domain.cases import Case
from bot.domain.permissions import Action, require
from bot.domain.poll_asked import Asked
from bot.domain.refusal import Refused, not_found
from bot.ports.work import Work

_ASKS: Final = re.compile(
    r"diagnos|\bddx\b|\bdx\b|what (?:is|was|could|might|do you think) (?:it|this|that|she|he|they)\b"
    r"|what (?:disease|condition|disorder)|most likely|working impression",
    re.IGNORECASE,
)
_SUPPOSES: Final = re.compile(
    r"\b(?:(?:is|could|might|may|can|does|do) (?:it|this|that|she|he|they)"
    r"|(?:it|this|that|she|he|they) (?:is|has|have|could|might|may))\b(?: be\b| have\b)?",
    re.IGNORECASE,
)
"""What stands before a disease that somebody supposes: *is it gout?*, *she has lupus*."""
_FEWEST_DISEASES: Final = 2
"""Options that name diseases from which on a poll asks which one it is."""


async def require_own_case(ctx: Context, work: Work, asked: Asked) -> Case:
    """Find the case that a poll is to hang on, if it can; raises :class:`Refused`."""
    case = await work.cases.by_number(asked.case or 0)
    if case is None:
        raise not_found("case", f"#{asked.case}")
    require(Action.ADD, ctx.member, thing_of(ctx, case))
    case.require_taking()
    await require_unrevealing(case, asked)
    return case


async def require_unrevealing(case: Case, asked: Asked) -> None:
    """Refuse to ask for the diagnosis while opinions on it are covered; raises :class:`Refused`."""
    if case.covered and await asyncio.to_thread(asks_diagnosis, asked.question, asked.options):
        raise Refused(
            "leads",
            f"First opinions on #{case.number} are still covered, and a poll on what it is would lead them. "
            f"Wait for the reveal, or bring it about: reveal {case.number}.",
            f"reveal {case.number}",
        )


def asks_diagnosis(question: str, options: Sequence[str]) -> bool:
    """Say whether a poll asks which disease it is: by its question, one that it names, or several options."""
    supposes = _SUPPOSES.search(question)
    if _ASKS.search(question) or (supposes and _names_disease(question[supposes.end() :].strip(" ?."))):
        return True
    return sum(_names_disease(option) for option in options) >= _FEWEST_DISEASES


def _names_disease(option: str) -> bool:
    return any(named.disease or named.candidates for named in namer().named(option))
