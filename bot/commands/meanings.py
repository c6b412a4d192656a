"""Ambiguous names: whoever gives an opinion says at once which disease is meant, while the opinion waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.chat.cards import Card
from bot.collective import Bucket, Unclear, settled, unclear
from bot.commands.context import Ask, Context
from bot.commands.drafting import remember
from bot.commands.finding import require_case, split_number
from bot.commands.hearing import send_opinion
from bot.commands.personae import speaking
from bot.commands.uncovering import show_changed
from bot.commands.waiting import next_buttons
from bot.domain.cases import Case
from bot.domain.home_questions import HomeQuestion
from bot.domain.opinions import ASKED_FOR, Opinion
from bot.domain.permissions import Action
from bot.domain.refusal import Refused
from bot.ports.work import Work
from bot.views.meaning import meaning_card
from bot.views.opinion import given_card
from bot.views.summary import spoken


async def unclear_in(opinion: Opinion) -> tuple[Unclear, ...]:
    """List the ambiguous names of an opinion; reading names takes a while, so it has a thread of its own."""
    return await asyncio.to_thread(unclear, opinion.diagnoses)


@dataclass(frozen=True, slots=True)
class _Given:
    """An opinion on its case, and the ambiguous names that are in it."""

    case: Case
    opinion: Opinion
    unsure: tuple[Unclear, ...]


async def mean(ctx: Context, request: Ask) -> Card:
    """Say what an ambiguous name means: ``mean 123 2 1`` is choice 1 for the second diagnosis.

    ``mean 123`` asks again, ``mean 123 1`` answers the first question. The last choice keeps it as typed.
    """
    async with ctx.work() as work:
        given = await _find(ctx, work, request)
        numbers = _replied(given, request) if request.reply else _numbers(request.argument)
        asked = _asked(given, numbers)
        if asked is None:
            return await _settled_card(ctx, work, given)
        if not numbers:
            return _ask(given, asked)
        choice = numbers[-1]
        if not 1 <= choice <= len(asked.candidates) + 1:
            raise _no_choice(given, asked)
        said = _said(given.opinion, asked, choice)
        following = next((one for one in given.unsure if one.place > asked.place), None)
        return await _keep(ctx, work, replace(given, opinion=said), following)


def _numbers(argument: str) -> list[int]:
    words = split_number(argument)[1].split()
    if len(words) > 2 or not all(word.isdecimal() and len(word) < 4 for word in words):
        raise Refused("no_choice", "Answer with the number of what you mean, for example: mean 123 1.")
    return [int(word) for word in words]


def _replied(given: _Given, request: Ask) -> list[int]:
    """Read a reply to a question: the number of a choice, or its name, or part of it that no other has."""
    question = HomeQuestion.read(request.about)
    place = question.place if question else 0
    asked = next((one for one in given.unsure if one.place == place), None)
    if asked is None:
        return [place, 1]
    said = request.reply.casefold().strip(" .!")
    names = [spoken(Bucket.of(one)).casefold() for one in asked.candidates]
    fitting = [at for at, name in enumerate(names, start=1) if said == name]
    fitting = fitting or [at for at, name in enumerate(names, start=1) if said in name or name in said]
    if "as typed" in said:
        fitting = [len(names) + 1]
    if not said.isdecimal() and len(fitting) != 1:
        raise _no_choice(given, asked)
    return [place, int(said[:3]) if said.isdecimal() else fitting[0]]


def _no_choice(given: _Given, asked: Unclear) -> Refused:
    sentence = f"Choose a number from 1 to {len(asked.candidates) + 1}."
    return Refused("no_choice", sentence, f"mean {given.case.number}")


async def _find(ctx: Context, work: Work, request: Ask) -> _Given:
    case = await require_case(ctx, work, request, Action.MEAN)
    opinion = await work.opinions.of_member(case.id, *ctx.ids)
    if opinion is None:
        raise Refused("no_opinion", f"You have no opinion on #{case.number} yet.", f"opinion {case.number}")
    case.require_open()
    opinion.require_seen()
    return _Given(case, opinion, await unclear_in(opinion))


def _asked(given: _Given, numbers: Sequence[int]) -> Unclear | None:
    """Find the question that is answered: the named one, else the first; None where nothing is unclear."""
    if len(numbers) == 2:
        return next((one for one in given.unsure if one.place == numbers[0]), None)
    return next(iter(given.unsure), None)


def _said(opinion: Opinion, asked: Unclear, choice: int) -> Opinion:
    """Write into an opinion what is meant; the last choice leaves it as it was typed."""
    if choice > len(asked.candidates):
        return opinion
    typed = opinion.diagnoses[asked.entry]
    meant = asked.candidates[choice - 1]
    written = settled(typed, asked, meant, spoken(Bucket.of(meant)))
    return replace(
        opinion,
        diagnoses=tuple(written if at == asked.entry else name for at, name in enumerate(opinion.diagnoses)),
        must_not_miss=tuple(written if name == typed else name for name in opinion.must_not_miss),
    )


async def _keep(ctx: Context, work: Work, given: _Given, following: Unclear | None) -> Card:
    """Let the opinion out as it is meant, or keep it waiting for the next answer; change one that is out."""
    waits = given.opinion.waits_until is not None and given.opinion.waits_until > ctx.now()
    if waits and await work.outbox.hold_back(given.opinion.subject):
        given = await _anew(ctx, work, given, waiting=following is not None)
        code = await remember(ctx, work, given.opinion.subject)
        undo = ctx.rules.undo_seconds
    else:
        given = await _changed(ctx, work, given)
        code, undo = "", 0
    if following is not None:
        return _ask(given, following, code)
    giver = await speaking(ctx, work, given.opinion.member)
    others = len(await work.opinions.of_case(given.case.id)) - 1
    further = await next_buttons(ctx, work)
    return given_card(given.opinion, given.case, giver, undo, code, others=others, further=further)


async def _anew(ctx: Context, work: Work, given: _Given, *, waiting: bool) -> _Given:
    """Give it again under its number: nobody has seen it yet, so this is its first version."""
    now = ctx.now()
    opinion = replace(
        given.opinion,
        id=ctx.house.chance.id(),
        given_at=now,
        revision=0,
        waits_until=now + ASKED_FOR if waiting else None,
    )
    await work.opinions.remove(given.opinion.id)
    await work.opinions.add(opinion)
    case = given.case.looked_at(ctx.ripe_at(opinion))
    await work.cases.replace(case)
    await send_opinion(ctx, work, case, opinion, await speaking(ctx, work, opinion.member))
    return replace(given, case=case, opinion=opinion)


async def _changed(ctx: Context, work: Work, given: _Given) -> _Given:
    """Change an opinion that is out already; its first version stays as it was typed."""
    known = await work.opinions.get(given.opinion.id)
    if known is None or known.diagnoses == given.opinion.diagnoses:
        return given
    changed = replace(given.opinion, revision=given.opinion.revision + 1)
    await work.opinions.replace(changed)
    await show_changed(work, given.case, changed, await speaking(ctx, work, changed.member))
    return replace(given, opinion=changed)


def _ask(given: _Given, asked: Unclear, code: str = "") -> Card:
    return meaning_card(given.case, given.opinion, asked, code=code)


async def _settled_card(ctx: Context, work: Work, given: _Given) -> Card:
    """Show the opinion as it stands: nothing in it waits for an answer."""
    giver = await speaking(ctx, work, given.opinion.member)
    return given_card(given.opinion, given.case, giver, 0, "")
