"""A table of a poll as lines, one kind of poll at a time: whole, and for one part of a breakdown."""

from __future__ import annotations

from bot.domain.poll_figures import (
    Bin,
    agreement,
    bins,
    opinions,
    ranking,
    shares,
    spread,
)
from bot.domain.poll_tally import Counts, Group
from bot.domain.poll_terms import PollKind, Scale
from bot.domain.polls import Poll
from bot.views.poll_amounts import NOBODY, amount, bare_amount, group_name, measured, span


def rows(poll: Poll, counts: Counts) -> tuple[str, ...]:
    """Say all figures of a table."""
    if not opinions(counts):
        return (NOBODY,)
    match poll.terms.kind:
        case PollKind.LIKERT:
            return (*_options(poll, counts), *_agreement(poll, counts))
        case PollKind.RANKING:
            return _ranking(poll, counts)
        case PollKind.NUMBER:
            return _number(poll, counts)
        case _:
            return _options(poll, counts)


def note_on_rows(poll: Poll) -> str:
    """Say how the lines are to be read."""
    brackets = "In brackets: the share of those with an opinion, and its 95 % interval."
    match poll.terms.kind:
        case PollKind.MULTIPLE:
            return f"{brackets} Shares may add up to more than 100 %: several options could be chosen."
        case PollKind.RANKING:
            most = len(poll.options) - 2
            return f"Points as Borda counted them: {most} for each first place, 0 for a last one. {brackets}"
        case PollKind.NUMBER:
            return "The middle half are the answers between the quartiles."
        case _:
            return brackets


def group_row(poll: Poll, group: Group) -> str:
    """Say the figures of one part in one line."""
    counts = group.counts
    who = f"{group_name(group)} ({counts.ballots} voted"
    who += f", {counts.undecided} of them without an opinion)" if counts.undecided else ")"
    return f"{who}: {_in_short(poll, counts)}"


def _in_short(poll: Poll, counts: Counts) -> str:
    if not opinions(counts):
        return NOBODY
    match poll.terms.kind:
        case PollKind.LIKERT:
            return "; ".join(_sides(poll, counts))
        case PollKind.RANKING:
            real = len(poll.options) - 1
            return "; ".join(
                f"{poll.options[one.option]}: {one.points} points" for one in ranking(counts, real)
            )
        case PollKind.NUMBER:
            return "; ".join(_quartiles(poll, counts))
        case _:
            pairs = zip(poll.options[:-1], shares(counts), strict=True)
            return "; ".join(f"{option}: {bare_amount(one)}" for option, one in pairs)


def _options(poll: Poll, counts: Counts) -> tuple[str, ...]:
    pairs = zip(poll.options[:-1], shares(counts), strict=True)
    return tuple(f"{option}: {amount(one)}" for option, one in pairs)


def _agreement(poll: Poll, counts: Counts) -> tuple[str, ...]:
    found = agreement(counts)
    return (
        f"On the side of agreement: {amount(found.agree)}",
        f"On the side of disagreement: {amount(found.disagree)}",
        median_level(poll, counts),
    )


def _sides(poll: Poll, counts: Counts) -> tuple[str, ...]:
    found = agreement(counts)
    return (
        f"agreement {bare_amount(found.agree)}",
        f"neither {bare_amount(found.neither)}",
        f"disagreement {bare_amount(found.disagree)}",
        median_level(poll, counts),
    )


def median_level(poll: Poll, counts: Counts) -> str:
    """Say the middle level, or the two between which the middle lies."""
    low, high = agreement(counts).median
    if low == high:
        return f"Median: {poll.options[low]}"
    return f"Median: between {poll.options[low]} and {poll.options[high]}"


def _ranking(poll: Poll, counts: Counts) -> tuple[str, ...]:
    return tuple(
        f"Place {one.place}{' (tied)' if one.tied else ''}: {poll.options[one.option]}, {one.points} points,"
        f" mean rank {one.mean_rank:.1f}, first for {amount(one.first)}"
        for one in ranking(counts, len(poll.options) - 1)
    )


def _number(poll: Poll, counts: Counts) -> tuple[str, ...]:
    scale = scale_of(poll)
    said = "; ".join(f"{bin_words(scale, one)}: {one.count}" for one in bins(counts) if one.count)
    return (*_quartiles(poll, counts), f"Answers: {said}")


def _quartiles(poll: Poll, counts: Counts) -> tuple[str, ...]:
    scale = scale_of(poll)
    found = spread(counts, scale)
    middle = measured(span(found.lower, found.upper), scale.unit)
    return f"Median: {measured(found.median, scale.unit)}", f"Middle half: {middle}"


def scale_of(poll: Poll) -> Scale:
    """Give the scale of a poll for numbers; raises ValueError for any other."""
    if poll.terms.scale is None:
        raise ValueError("a number without a scale")
    return poll.terms.scale


def bin_words(scale: Scale, one: Bin) -> str:
    """Name neighbouring marks that are counted together."""
    return span(scale.value(one.first), scale.value(one.last))
