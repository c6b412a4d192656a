"""A poll's result as a picture: patterns and labels beside colours, numbers in words, legible on a phone."""

from __future__ import annotations

from bot.domain.poll_figures import opinions, ranking, shares
from bot.domain.poll_tally import Result
from bot.domain.poll_terms import PollKind
from bot.domain.polls import Poll
from bot.views.chart import FILLS, MUTED
from bot.views.chart_letters import legible
from bot.views.chart_sheet import Sheet
from bot.views.poll_amounts import (
    NOBODY,
    amount,
    base_line,
    held_back_line,
    science_line,
)
from bot.views.poll_chart_likert import likert
from bot.views.poll_chart_number import histogram
from bot.views.poll_rows import note_on_rows
from bot.views.poll_terms import paid_line

_TITLE = 42
_LABEL = 34
_SMALL = 30


def poll_chart(poll: Poll, least: int = 0) -> bytes:
    """Draw what was released of a poll as PNG, 1080 pixels wide; raises ValueError where nothing was.

    ``least`` is the smallest cell, for the sentence about ballots that are held back.
    """
    return poll_sheet(poll, least).png()


def poll_sheet(poll: Poll, least: int = 0) -> Sheet:
    """Lay the chart out; raises ValueError where nothing was released."""
    result = poll.result
    if result is None:
        raise ValueError("a poll without a result has no chart")
    sheet = Sheet()
    sheet.paragraph(legible(poll.question, f"Poll {poll.number}"), _TITLE)
    sheet.top += 28
    if opinions(result.counts):
        _figures(sheet, poll, result)
    else:
        sheet.paragraph(NOBODY, _LABEL)
    sheet.foot(
        base_line(poll, result),
        science_line(poll, result),
        _reading(poll, result),
        held_back_line(result, least),
        paid_line(poll.terms),
    )
    return sheet


def _figures(sheet: Sheet, poll: Poll, result: Result) -> None:
    match poll.terms.kind:
        case PollKind.LIKERT:
            likert(sheet, poll, result.counts)
        case PollKind.RANKING:
            _places(sheet, poll, result)
        case PollKind.NUMBER:
            histogram(sheet, poll, result.counts)
        case _:
            _bars(sheet, poll, result)


def _reading(poll: Poll, result: Result) -> str:
    if not opinions(result.counts):
        return ""
    whiskers = poll.terms.kind in (PollKind.SINGLE, PollKind.MULTIPLE)
    return note_on_rows(poll) + (" The line over a bar is the same interval." if whiskers else "")


def _bars(sheet: Sheet, poll: Poll, result: Result) -> None:
    for index, one in enumerate(shares(result.counts)):
        sheet.label(_option(poll, index), amount(one), _LABEL)
        sheet.top += 4
        sheet.bar(one.share, FILLS[index % len(FILLS)], index, one.interval)
        sheet.top += 30


def _places(sheet: Sheet, poll: Poll, result: Result) -> None:
    real = len(poll.options) - 1
    for one in ranking(result.counts, real):
        tied = " (tied)" if one.tied else ""
        sheet.label(f"{one.place}. {_option(poll, one.option)}{tied}", f"{one.points} points", _LABEL)
        sheet.top += 4
        most = one.first.base * (real - 1)
        sheet.bar(one.points / most, FILLS[one.option % len(FILLS)], one.option, None)
        sheet.top += 6
        sheet.paragraph(f"mean rank {one.mean_rank:.1f}, first for {amount(one.first)}", _SMALL, MUTED)
        sheet.top += 22


def _option(poll: Poll, index: int) -> str:
    """Give an option's words; its number where the typeface has not all of their letters."""
    return legible(poll.options[index], f"Option {index + 1}")
