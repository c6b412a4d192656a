"""Votes as they are typed: ``2``, an option's words, ``1,3``, ``2>1>3``, ``12.5``, or *don't know*."""

from __future__ import annotations

import re
from decimal import Decimal
from hashlib import sha256
from typing import Final

from bot.domain.members import Member, Role
from bot.domain.poll_tally import Choice, real_options
from bot.domain.poll_terms import NO_OPINION, PollKind, Shows, Terms
from bot.domain.polls import Poll
from bot.domain.refusal import Refused
from bot.domain.wording import enumerated

UNDECIDED: Final = ("don't know", "dont know", "do not know", "not my field", "?")
"""What says *don't know*, typed in small letters."""
_PLACE: Final = re.compile(r"#?[0-9]{1,3}")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,12}(?:\.[0-9]{1,6}|,[0-9]{1,2})?")
"""A comma is a decimal one with up to two digits behind it: with three it might part the thousands."""


def require_audience(poll: Poll, member: Member) -> None:
    """Refuse the vote of somebody whom a poll does not ask."""
    if poll.terms.admits(member):
        return
    asked = enumerated(name.lower() for name in poll.terms.audience)
    if member.role is Role.TRAINEE and not poll.terms.trainees:
        asked = f"physicians of {asked}, not trainees" if asked else "physicians, not trainees"
    then = "" if poll.terms.shows is Shows.AUTHOR else " You can read its result once it is closed."
    raise Refused("not_asked", f"Poll {poll.number} asks {asked}.{then}", f"results {poll.number}")


def is_shuffled(poll: Poll) -> bool:
    """Say whether each voter sees the options in another order; a scale of agreement has its own."""
    return poll.terms.shuffled and poll.terms.kind not in (PollKind.LIKERT, PollKind.NUMBER)


def order_for(poll: Poll, voter: str) -> tuple[int, ...]:
    """Give the order in which one voter sees the options, *don't know* last: each time the same."""
    places = range(len(poll.options))
    if not is_shuffled(poll):
        return tuple(places)
    return (*sorted(places[:-1], key=lambda place: sha256(f"{voter}|{place}".encode()).digest()), places[-1])


def mark_of(poll: Poll, index: int) -> str:
    """Give what a typed vote calls an option: its number, as ``#2`` where an option is itself a number."""
    return f"{'#' if named_by_numbers(poll) else ''}{index + 1}"


def written(poll: Poll, choice: Choice) -> str:
    """Write a choice as somebody would type it."""
    if choice == poll.undecided:
        return "don't know" if poll.terms.kind is PollKind.NUMBER else mark_of(poll, choice[0])
    if poll.terms.scale is not None:
        return spelled(poll.terms.scale.value(choice[0]))
    between = ">" if poll.terms.kind is PollKind.RANKING else ","
    return between.join(mark_of(poll, index) for index in choice)


def example_of(poll: Poll) -> str:
    """Give a vote that would count, the same in each poll of a kind, so that it recommends nothing."""
    match poll.terms.kind:
        case PollKind.RANKING:
            return written(poll, tuple(range(real_options(poll.terms, len(poll.options)))))
        case PollKind.MULTIPLE if poll.terms.most > 1:
            return written(poll, (0, 1))
        case _:
            return written(poll, (0,))


def read_vote(poll: Poll, text: str) -> Choice:
    """Read a vote; raises :class:`Refused` with one that would count."""
    words = " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())
    match poll.terms.kind:
        case PollKind.NUMBER:
            return _number(poll, words)
        case PollKind.RANKING:
            return _ranking(poll, words)
        case PollKind.MULTIPLE:
            return _several(poll, words)
        case _:
            return (_single(poll, words),)


def _single(poll: Poll, words: str) -> int:
    if _named(poll, words) is None and len(_parts(words, ",;>")) > 1:
        raise _wrong(poll, "Choose one option")
    return _one(poll, words)


def _one(poll: Poll, words: str) -> int:
    """Find the option of a number, or of its own words; a number that may mean two of them is asked back."""
    named = _named(poll, words)
    place = int(words.removeprefix("#")) - 1 if _PLACE.fullmatch(words) else -1
    if named is not None and place not in (-1, named) and place < len(poll.options):
        raise _ambiguous(poll, words, named)
    if named is not None:
        return named
    if 0 <= place < len(poll.options):
        return place
    last = len(poll.options)
    sentence = f"Poll {poll.number} has options 1 to {last}. Vote with their numbers"
    raise _wrong(poll, sentence, code="no_such_option")


def _named(poll: Poll, words: str) -> int | None:
    if words in UNDECIDED:
        return poll.undecided[0]
    names = (" ".join(option.casefold().split()) for option in poll.options)
    return next((index for index, name in enumerate(names) if name == words), None)


def named_by_numbers(poll: Poll) -> bool:
    """Say whether an option's words are a number, so that a bare number might mean two of them."""
    return any(re.fullmatch(r"[0-9]+", option.strip()) for option in poll.options)


def _ambiguous(poll: Poll, words: str, named: int) -> Refused:
    told = f'Option {named + 1} of poll {poll.number} is called "{words}". Put # before an option\'s number'
    return _wrong(poll, told, written(poll, (named,)))


def _several(poll: Poll, words: str) -> Choice:
    parts = (words,) if _named(poll, words) is not None else _parts(words, ",;")
    chosen = tuple(sorted({_one(poll, part) for part in parts}))
    if not chosen:
        raise _wrong(poll, f"Vote with the numbers of up to {poll.terms.most} options")
    if poll.undecided[0] in chosen and len(chosen) > 1:
        raise _alone(poll)
    if len(chosen) > poll.terms.most:
        raise _wrong(poll, f"Choose at most {poll.terms.most} options, not {len(chosen)}")
    return chosen


def _ranking(poll: Poll, words: str) -> Choice:
    real = real_options(poll.terms, len(poll.options))
    if _named(poll, words) == real or words.removeprefix("#") == str(real + 1):
        return poll.undecided
    order = tuple(_one(poll, part) for part in _in_order(poll, words, real))
    if real in order and len(order) > 1:
        raise _alone(poll)
    if sorted(order) != list(range(real)):
        raise _wrong(poll, f"Put all {real} options in order, each once, the best first")
    return order


def _in_order(poll: Poll, words: str, real: int) -> tuple[str, ...]:
    """Part a ranking; ``213`` will do, as no number of an option that is ranked has two digits."""
    if re.fullmatch(r"[0-9]+", words) and len(words) == real and not named_by_numbers(poll):
        return tuple(words)
    return _parts(words, ">,;")


def _parts(words: str, signs: str) -> tuple[str, ...]:
    """Part words at signs; where there are only numbers, at blanks too."""
    blanks = r"\s" if re.fullmatch(rf"[\s0-9#{signs}]*", words) else ""
    return tuple(part.strip() for part in re.split(f"[{signs}{blanks}]+", words) if part.strip())


def _number(poll: Poll, words: str) -> Choice:
    scale = poll.terms.scale
    if scale is None:
        raise ValueError("a number without a scale")
    if words in UNDECIDED or words == NO_OPINION.casefold():
        return poll.undecided
    bare = words.removesuffix(scale.unit.casefold()).strip().replace("\N{MINUS SIGN}", "-")
    if not _NUMBER.fullmatch(bare):
        raise _out_of_scale(poll)
    mark = (Decimal(bare.replace(",", ".")) - scale.low) / scale.step
    if mark != int(mark) or not 0 <= mark < scale.marks:
        raise _out_of_scale(poll)
    return (int(mark),)


def spelled(number: Decimal) -> str:
    """Write a number without noughts behind its point that say nothing."""
    return f"{number.normalize():f}"


def scale_words(terms: Terms) -> str:
    """Say from where to where numbers go: "0 to 20 mg, in steps of 0.5"."""
    scale = terms.scale
    if scale is None:
        raise ValueError("a number without a scale")
    unit = f" {scale.unit}" if scale.unit else ""
    steps = "" if scale.step == 1 else f", in steps of {spelled(scale.step)}"
    return f"{spelled(scale.low)} to {spelled(scale.value(scale.marks - 1))}{unit}{steps}"


def _out_of_scale(poll: Poll) -> Refused:
    return _wrong(poll, f"Vote with a number from {scale_words(poll.terms)}")


def _alone(poll: Poll) -> Refused:
    return _wrong(poll, f'"{NO_OPINION}" stands alone: choose it, or others')


def _wrong(poll: Poll, sentence: str, example: str = "", code: str = "not_a_vote") -> Refused:
    line = f"vote {poll.number} {example or example_of(poll)}"
    return Refused(code, f"{sentence}: {line}.", f"vote {poll.number}")
