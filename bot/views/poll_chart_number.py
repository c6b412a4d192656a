"""Numbers as a histogram, with the median and the middle half marked."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Final

from PIL import ImageDraw

from bot.domain.poll_figures import Bin, Spread, bins, spread
from bot.domain.poll_tally import Counts
from bot.domain.poll_terms import Scale
from bot.domain.poll_votes import spelled
from bot.domain.polls import Poll
from bot.views.chart import FILLS, INK, MUTED
from bot.views.chart_letters import font
from bot.views.chart_sheet import LEFT, RIGHT, ROOM, Sheet
from bot.views.poll_amounts import measured, span
from bot.views.poll_rows import scale_of

_HEIGHT: Final = 380
_BAND: Final = (222, 231, 236)
_ABOVE: Final = 56
"""Pixels above the highest bar, for its number."""


def histogram(sheet: Sheet, poll: Poll, counts: Counts) -> None:
    """Lay out median and middle half in words, and the bars under them."""
    scale = scale_of(poll)
    found = spread(counts, scale)
    sheet.label("Median (arrow)", measured(found.median, scale.unit), 36)
    middle = measured(span(found.lower, found.upper), scale.unit)
    sheet.label("Middle half (shaded)", middle, 36)
    sheet.top += 20
    floor = sheet.top + _ABOVE + _HEIGHT
    sheet.draw(partial(_shade, scale=scale, found=found, reach=(sheet.top, floor)))
    _bars(sheet, scale, bins(counts), floor)
    _axis(sheet, scale, floor)
    sheet.draw(partial(_arrow, at=_across(scale, found.median), floor=floor))
    sheet.top = floor + 96


def _across(scale: Scale, value: Decimal) -> int:
    """Say where a value stands: each mark takes the same room, its value in the middle."""
    return LEFT + round(ROOM * (float((value - scale.low) / scale.step) + 0.5) / scale.marks)


def _shade(draw: ImageDraw.ImageDraw, *, scale: Scale, found: Spread, reach: tuple[int, int]) -> None:
    """Shade the middle half."""
    left, right = _across(scale, found.lower), _across(scale, found.upper)
    draw.rectangle((left - 4, reach[0], right + 4, reach[1]), fill=_BAND)


def _arrow(draw: ImageDraw.ImageDraw, *, at: int, floor: int) -> None:
    """Point at the median from under the axis."""
    draw.polygon(((at - 18, floor + 30), (at + 18, floor + 30), (at, floor + 4)), fill=INK)


def _bars(sheet: Sheet, scale: Scale, found: tuple[Bin, ...], floor: int) -> None:
    highest = max(one.count for one in found)
    for one in found:
        left = LEFT + round(ROOM * one.first / scale.marks)
        right = LEFT + round(ROOM * (one.last + 1) / scale.marks)
        top = floor - round(_HEIGHT * one.count / highest)
        sheet.draw(partial(_bar, box=(left + 2, top, right - 2, floor), count=one.count))
        fits = font(30).getlength(str(one.count)) <= right - left
        if one.count and (fits or one.count == highest):
            sheet.write(((left + right) // 2, top - 6), str(one.count), 30, anchor="mb")


def _bar(draw: ImageDraw.ImageDraw, *, box: tuple[int, int, int, int], count: int) -> None:
    if count:
        draw.rectangle(box, fill=FILLS[0])


def _axis(sheet: Sheet, scale: Scale, floor: int) -> None:
    sheet.draw(lambda draw: draw.line((LEFT, floor, RIGHT, floor), fill=INK, width=3))
    for mark in _ticks(scale):
        value = scale.value(mark)
        half = round(font(30).getlength(spelled(value)) / 2)
        place = min(max(_across(scale, value), LEFT + half), RIGHT - half)
        sheet.write((place, floor + 40), spelled(value), 30, MUTED, anchor="ma")


def _ticks(scale: Scale) -> range:
    """Say which marks are named: all where they have room, else as many as part the scale evenly."""
    widest = max(font(30).getlength(spelled(scale.value(mark))) for mark in range(scale.marks))
    last = scale.marks - 1
    steps = [step for step in range(1, last + 1) if last % step == 0]
    return range(
        0, last + 1, next((step for step in steps if step * ROOM / scale.marks >= widest + 36), last or 1)
    )
