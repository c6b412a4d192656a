"""Levels of agreement as one bar that parts to both sides, the neutral level over the middle.

After N. B. Robbins, R. M. Heiberger, Plotting Likert and Other Rating Scales (2011).
"""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import Final

from PIL import ImageDraw

from bot.domain.poll_figures import Proportion, agreement, shares
from bot.domain.poll_tally import Counts
from bot.domain.polls import Poll
from bot.views.chart import INK, WIDTH, hatch
from bot.views.chart_letters import font
from bot.views.chart_sheet import BAR, LEFT, RIGHT, ROOM, Box, Colour, Sheet
from bot.views.poll_amounts import amount
from bot.views.poll_rows import median_level

_WHITE: Final = (255, 255, 255)
_FILLS: Final[tuple[Colour, ...]] = (
    (122, 62, 0),
    (232, 165, 92),
    (210, 214, 219),
    (112, 182, 196),
    (0, 78, 96),
)
_LETTERS: Final[tuple[Colour, ...]] = (_WHITE, INK, INK, INK, _WHITE)
_PATTERNS: Final = (3, 2, 0, 1, 4)
_HEIGHT: Final = 112
_MIDDLE: Final = WIDTH // 2


def likert(sheet: Sheet, poll: Poll, counts: Counts) -> None:
    """Lay out the bar with its sides, and the levels with their numbers below it."""
    found, levels = agreement(counts), shares(counts)
    _sides(sheet, ("On the side of", "On the side of"), 30)
    _sides(sheet, ("disagreement", "agreement"), 34)
    _sides(sheet, (amount(found.disagree), amount(found.agree)), 30)
    sheet.top += 12
    _bar(sheet, levels)
    sheet.top += _HEIGHT + 40
    for level, one in enumerate(levels):
        _level(sheet, poll.options[level], one, level)
    sheet.paragraph(median_level(poll, counts), 34)
    sheet.top += 12


def _sides(sheet: Sheet, words: tuple[str, str], size: int) -> None:
    """Write what stands over both ends of the bar: in one line, or in two where there is no room for it."""
    left, right = words
    sheet.write((LEFT, sheet.top), left, size)
    if font(size).getlength(left) + font(size).getlength(right) + 32 > ROOM:
        sheet.top += 40
    sheet.write((RIGHT, sheet.top), right, size, anchor="ra")
    sheet.top += 44


def _bar(sheet: Sheet, levels: tuple[Proportion, ...]) -> None:
    before = levels[0].share + levels[1].share + levels[2].share / 2
    scale = ROOM / 2 / max(before, 1 - before)
    sums = accumulate((one.share for one in levels), initial=0.0)
    ends = [_MIDDLE + round(scale * (until - before)) for until in sums]
    for level, one in enumerate(levels):
        box = (ends[level], sheet.top, ends[level + 1], sheet.top + _HEIGHT)
        if one.count:
            sheet.draw(partial(_segment, box=box, level=level, words=f"{one.percent} %"))
    sheet.draw(partial(_axis, top=sheet.top))


def _segment(draw: ImageDraw.ImageDraw, *, box: Box, level: int, words: str) -> None:
    """Fill a segment, and write its share on it where there is room; it stands below the bar in any case."""
    left, top, right, bottom = box
    draw.rectangle(box, fill=_FILLS[level])
    hatch(draw, box, _PATTERNS[level])
    draw.line((right, top, right, bottom), fill=_WHITE, width=3)
    across, middle = (left + right) // 2, (top + bottom) // 2
    half = font(34).getlength(words) / 2 + 10
    if 2 * half <= right - left:
        draw.rectangle((across - half, middle - 24, across + half, middle + 24), fill=_FILLS[level])
        draw.text((across, middle), words, font=font(34), fill=_LETTERS[level], anchor="mm")


def _axis(draw: ImageDraw.ImageDraw, *, top: int) -> None:
    """Mark the middle of the neutral level above and below the bar."""
    draw.line((_MIDDLE, top - 18, _MIDDLE, top - 2), fill=INK, width=4)
    draw.line((_MIDDLE, top + _HEIGHT + 2, _MIDDLE, top + _HEIGHT + 18), fill=INK, width=4)


def _level(sheet: Sheet, words: str, one: Proportion, level: int) -> None:
    box = (LEFT, sheet.top, LEFT + 84, sheet.top + BAR)
    sheet.draw(partial(_swatch, box=box, level=level))
    sheet.write((LEFT + 108, sheet.top + BAR // 2), words, 34, anchor="lm")
    if 108 + font(34).getlength(words) + font(34).getlength(amount(one)) + 32 > ROOM:
        sheet.top += BAR
    sheet.write((RIGHT, sheet.top + BAR // 2), amount(one), 34, anchor="rm")
    sheet.top += BAR + 20


def _swatch(draw: ImageDraw.ImageDraw, *, box: Box, level: int) -> None:
    draw.rectangle(box, fill=_FILLS[level])
    hatch(draw, box, _PATTERNS[level])
