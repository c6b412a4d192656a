"""A released table as CSV, one figure a row: what a statistician reads with one line of R or pandas."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime
from io import StringIO
from typing import Final

from bot.chat.cards import Card, Fine, Paragraph, Quote, Word, line
from bot.domain.poll_figures import (
    Proportion,
    agreement,
    opinions,
    ranking,
    shares,
    spread,
    undecided,
)
from bot.domain.poll_tally import Counts, Result
from bot.domain.poll_terms import PollKind
from bot.domain.poll_votes import spelled
from bot.domain.polls import Poll
from bot.views.poll_amounts import group_name, science_line, window
from bot.views.poll_rows import median_level, scale_of

HEADER: Final = ("poll", "scope", "measure", "option", "value", "base", "share", "low", "high")
ALL: Final = "all"
"""The scope of a whole table; those of a breakdown are specialties."""
_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # noqa: RUF001
_PLAIN_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
Row = tuple[str, str, object, Proportion | None]
"""Measure, option, value, and the proportion that stands behind a value."""


def poll_table(poll: Poll) -> str:
    """Write what was released of a poll as RFC 4180 says; raises ValueError where nothing was.

    No row is about a single voter. Words of people that a spreadsheet would run get an apostrophe in front.
    """
    if poll.result is None:
        raise ValueError("a poll without a result has no table")
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADER)
    for scope, rows in _scopes(poll, poll.result):
        writer.writerows(_cells(poll, scope, row) for row in rows)
    return out.getvalue()


def table_card(poll: Poll) -> Card:
    """Show the table to whoever may have it, to be copied."""
    return Card(
        notice=f"Table of poll {poll.number}",
        blocks=(
            Paragraph(line(f"The table of poll {poll.number} as CSV, to copy into a file:")),
            Quote(poll_table(poll).replace("\r\n", "\n").rstrip("\n")),
            Fine(
                line(
                    "It holds what was shown, and no single vote. In words: ",
                    Word(f"results {poll.number}"),
                    ".",
                )
            ),
        ),
    )


def _scopes(poll: Poll, result: Result) -> Iterator[tuple[str, Iterator[Row]]]:
    yield ALL, _about(poll, result)
    yield ALL, _figures(poll, result.counts)
    for group in result.groups:
        yield group_name(group), _figures(poll, group.counts)


def _cells(poll: Poll, scope: str, row: Row) -> tuple[object, ...]:
    measure, option, value, one = row
    figures: tuple[object, ...] = ("", "", "", "")
    if one is not None and one.base:
        figures = (one.base, *(f"{each:.6f}" for each in (one.share, *one.interval)))
    elif one is not None:
        figures = (0, "", "", "")
    return (poll.number, harmless(scope), measure, harmless(option), value, *figures)


def harmless(words: str) -> str:
    """Put an apostrophe before words that a spreadsheet would take for a formula."""
    if _PLAIN_NUMBER.fullmatch(words) or not _FORMULA.match(words):
        return words
    return f"'{words}"


def _about(poll: Poll, result: Result) -> Iterator[Row]:
    opened, closed = window(poll, result)
    yield "question", poll.question, "", None
    yield "kind", poll.terms.kind.value, "", None
    yield "science line", science_line(poll, result), "", None
    yield "opened", _day(opened), "", None
    yield "closed" if poll.closed_at else "as of", _day(closed), "", None
    if result.invited:
        yield "invited", "", result.invited, None
    if poll.terms.sample:
        yield "sample", "", poll.terms.sample, None
    yield "held back", "", result.held_back, None
    if poll.terms.sponsor:
        yield "sponsor", poll.terms.sponsor, "", None
        yield "payment", poll.terms.payment, "", None


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _figures(poll: Poll, counts: Counts) -> Iterator[Row]:
    yield "ballots", "", counts.ballots, None
    yield "undecided", "", counts.undecided, undecided(counts)
    match poll.terms.kind:
        case PollKind.RANKING:
            yield from _ranking(poll, counts)
        case PollKind.NUMBER:
            yield from _number(poll, counts)
        case PollKind.LIKERT:
            yield from _options(poll, counts)
            yield from _agreement(poll, counts)
        case _:
            yield from _options(poll, counts)


def _options(poll: Poll, counts: Counts) -> Iterator[Row]:
    for option, one in zip(poll.options[:-1], shares(counts), strict=True):
        yield "count", option, one.count, one


def _agreement(poll: Poll, counts: Counts) -> Iterator[Row]:
    if not opinions(counts):
        return
    found = agreement(counts)
    yield "agree", "", found.agree.count, found.agree
    yield "disagree", "", found.disagree.count, found.disagree
    level = (sum(found.median) + 2) / 2
    yield "median", median_level(poll, counts).removeprefix("Median: "), f"{level:g}", None


def _ranking(poll: Poll, counts: Counts) -> Iterator[Row]:
    for one in ranking(counts, len(poll.options) - 1):
        option = poll.options[one.option]
        yield "place", option, one.place, None
        yield "points", option, one.points, None
        yield "mean rank", option, f"{one.mean_rank:.4f}" if one.first.base else "", None
        yield "first", option, one.first.count, one.first


def _number(poll: Poll, counts: Counts) -> Iterator[Row]:
    """Give the quartiles, and every number that somebody said."""
    scale = scale_of(poll)
    yield "unit", scale.unit, "", None
    if not opinions(counts):
        return
    found = spread(counts, scale)
    quartiles = (("lower quartile", found.lower), ("median", found.median), ("upper quartile", found.upper))
    for measure, value in quartiles:
        yield measure, "", spelled(value), None
    for mark, one in enumerate(shares(counts)):
        if one.count:
            yield "count", spelled(scale.value(mark)), one.count, one
