"""Figures of polls in words, said alike on cards, in alt texts, under charts and in tables."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.domain.poll_figures import Proportion
from bot.domain.poll_tally import Group, Result
from bot.domain.poll_terms import OTHERS, Terms
from bot.domain.poll_votes import spelled
from bot.domain.polls import Poll

TOGETHER: Final = "Other specialties together"
NO_SPECIALTY: Final = "No specialty of the list"
NOBODY: Final = "Nobody had an opinion."


def amount(one: Proportion) -> str:
    """Say a share with its interval: ``11 of 20 (55 %, 34–74 %)``."""
    low, high = one.interval_percent
    return f"{one.count} of {one.base} ({one.percent} %, {low}–{high} %)"


def bare_amount(one: Proportion) -> str:
    """Say a share without its interval: ``11 of 20 (55 %)``."""
    return f"{one.count} of {one.base} ({one.percent} %)"


def measured(value: Decimal | str, unit: str) -> str:
    """Write a number, or a range of numbers, with its unit."""
    words = value if isinstance(value, str) else spelled(value)
    return f"{words} {unit}".strip()


def span(low: Decimal, high: Decimal) -> str:
    """Write a range; one number where both ends are the same. A dash beside a minus would be misread."""
    if low == high:
        return spelled(low)
    return f"{spelled(low)} to {spelled(high)}" if low < 0 else f"{spelled(low)}–{spelled(high)}"


def voters(terms: Terms, many: int) -> str:
    """Count those who voted: ``23 physicians and trainees``."""
    ones = "s" if many != 1 else ""
    return f"{many} physician{ones}" + (f" and trainee{ones}" if terms.trainees and not terms.sample else "")


def base_line(poll: Poll, result: Result) -> str:
    """Say how many voted, and how many of them don't know."""
    counts = result.counts
    line = f"{voters(poll.terms, counts.ballots)} voted"
    if counts.undecided:
        line += f"; {counts.undecided} of them {'doesn' if counts.undecided == 1 else 'don'}'t know"
    return f"{line}."


def group_name(group: Group) -> str:
    """Name a part of a breakdown."""
    if len(group.specialties) != 1:
        return TOGETHER
    return group.specialties[0] if group.specialties[0] != OTHERS else NO_SPECIALTY


def held_back_line(result: Result, least: int) -> str:
    """Say what is not in a table, and why; empty where all is in it. ``least`` 0 leaves its number out."""
    many = result.held_back
    if not many:
        return ""
    them = "1 more ballot is" if many == 1 else f"{many} more ballots are"
    new = f"at least {least} new ones" if least else "enough new ones"
    return f"{them} not shown: a result changes only with {new}, so that nobody's vote can be worked out."


def science_line(poll: Poll, result: Result) -> str:
    """Say who was asked and how they came to answer, how many did, and when."""
    when = _window(poll, result)
    answered, invited = result.counts.ballots, result.invited
    if poll.terms.sample:
        drawn = voters(poll.terms, invited or poll.terms.sample)
        return f"Random sample of {drawn}: {answered} voted, {when}."
    if not invited:
        return f"Self-selected: {answered} voted, {when}."
    if answered > invited:
        return f"Self-selected: {invited} could vote when it was asked, later more; {answered} did, {when}."
    return f"Self-selected: of {invited} who could vote when it was asked, {answered} did, {when}."


def _window(poll: Poll, result: Result) -> str:
    first, last = window(poll, result)
    if first.date() == last.date():
        return f"on {_day(last)}"
    if first.year != last.year:
        return f"between {_day(first)} and {_day(last)}"
    return f"between {first.day} {first:%B} and {_day(last)}"


def window(poll: Poll, result: Result) -> tuple[datetime, datetime]:
    """Say from when to when the votes came; an open poll's until its last snapshot."""
    return poll.terms.opens_at or poll.asked_at, poll.closed_at or result.at


def _day(at: datetime) -> str:
    return f"{at.day} {at:%B %Y}"
