"""Votes as they are typed: ``2``, an option's words, ``1,3``, ``2>1>3``, ``12.5``, or *don't know*."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bot.domain.poll_tally import Choice, real_options
from bot.domain.poll_terms import NO_OPINION, PollKind, Scale
from bot.domain.polls import Poll
from bot.domain.refusal import Refused

_UNDECIDED = frozenset({"don't know", "dont know", "don’t know", "not my field", "?", NO_OPINION.casefold()})
_APART = re.compile(r"[,;\s]+")


def read_vote(poll: Poll, text: str) -> Choice:
    """Read a vote; raises :class:`Refused` with what would be one."""
    words = text.strip().casefold()
    if words in _UNDECIDED:
        return poll.undecided
    match poll.terms.kind:
        case PollKind.NUMBER:
            return _number(poll, words)
        case PollKind.RANKING:
            return _ranking(poll, words)
        case PollKind.MULTIPLE:
            return _several(poll, words)
        case _:
            return (_one(poll, words),)


def _one(poll: Poll, words: str) -> int:
    for index, option in enumerate(poll.options):
        if words in {str(index + 1), option.casefold()}:
            return index
    raise Refused(
        "no_such_option",
        f"Poll {poll.number} has options 1 to {len(poll.options)}. Vote with one of these numbers.",
        f"vote {poll.number}",
    )


def _several(poll: Poll, words: str) -> Choice:
    whole = {option.casefold(): index for index, option in enumerate(poll.options)}
    if words in whole:
        return (whole[words],)
    chosen = tuple(sorted({_one(poll, part) for part in _APART.split(words) if part}))
    if not chosen:
        raise _wrong(poll, f"Vote with the numbers of up to {poll.terms.most} options", "1,2")
    if poll.undecided[0] in chosen and len(chosen) > 1:
        raise _wrong(poll, f"{NO_OPINION} stands alone: choose it, or the others", "1,2")
    if len(chosen) > poll.terms.most:
        raise _wrong(poll, f"Choose at most {poll.terms.most} options, not {len(chosen)}", "1,2")
    return chosen


def _ranking(poll: Poll, words: str) -> Choice:
    real = real_options(poll.terms, len(poll.options))
    if words == str(real + 1):
        return poll.undecided
    order = tuple(_one(poll, part.strip()) for part in re.split(r"[>,;\s]+", words) if part.strip())
    example = ">".join(str(number) for number in range(1, real + 1))
    if sorted(order) != list(range(real)):
        raise _wrong(poll, f"Put all {real} options in order, each once, the best first", example)
    return order


def _number(poll: Poll, words: str) -> Choice:
    scale = poll.terms.scale
    if scale is None:
        raise ValueError("a number without a scale")
    bare = words.removesuffix(scale.unit.casefold()).strip().replace(",", ".")
    try:
        mark = (Decimal(bare) - scale.low) / scale.step
    except InvalidOperation:
        raise _out_of_scale(poll, scale) from None
    if not mark.is_finite() or mark != int(mark) or not 0 <= mark < scale.marks:
        raise _out_of_scale(poll, scale)
    return (int(mark),)


def _out_of_scale(poll: Poll, scale: Scale) -> Refused:
    unit = f" {scale.unit}" if scale.unit else ""
    steps = "" if scale.step == 1 else f", in steps of {scale.step}"
    return _wrong(poll, f"Vote with a number from {scale.low} to {scale.high}{unit}{steps}", str(scale.low))


def _wrong(poll: Poll, sentence: str, example: str) -> Refused:
    return Refused("not_a_vote", f"{sentence}: vote {poll.number} {example}.", f"vote {poll.number}")
