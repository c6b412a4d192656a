"""A poll's result as a picture: bars with patterns and labels, legible at phone width and without colour."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.domain.polls import Poll
from bot.views.chart import FILLS, INK, MARGIN, MUTED, TRACK, WIDTH, hatch, wrap
from bot.views.poll_result import share

_ROW = 132
_BAR = 52


def poll_chart(poll: Poll) -> bytes:
    """Draw a closed poll's counts as PNG, 1080 pixels wide; raises ValueError when it has no counts."""
    if poll.result is None:
        raise ValueError("a poll without counts has no chart")
    counts = poll.result.counts
    title = wrap(poll.question, ImageFont.load_default(40), WIDTH - 2 * MARGIN)
    top = MARGIN + 54 * len(title) + 24
    height = top + _ROW * len(poll.options) + 76
    image = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(image)
    for index, words in enumerate(title):
        draw.text((MARGIN, MARGIN + 54 * index), words, font=ImageFont.load_default(40), fill=INK)
    for index, option in enumerate(poll.options):
        _row(draw, top + _ROW * index, option, (counts.slots[index], counts.ballots), index)
    base = f"{counts.ballots} physicians voted"
    draw.text((MARGIN, height - 64), base, font=ImageFont.load_default(28), fill=MUTED)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _row(draw: ImageDraw.ImageDraw, top: int, option: str, votes: tuple[int, int], index: int) -> None:
    count, base = votes
    font = ImageFont.load_default(32)
    amount = f"{count} ({share(count, base)} %)"
    room = WIDTH - 2 * MARGIN - font.getlength(amount) - 32
    draw.text((MARGIN, top), wrap(option, font, room)[0], font=font, fill=INK)
    draw.text((WIDTH - MARGIN, top), amount, font=font, fill=INK, anchor="ra")
    bar_top = top + 48
    draw.rounded_rectangle((MARGIN, bar_top, WIDTH - MARGIN, bar_top + _BAR), 8, fill=TRACK)
    length = round((WIDTH - 2 * MARGIN) * count / base) if base else 0
    if length:
        right = MARGIN + max(length, 16)
        draw.rounded_rectangle((MARGIN, bar_top, right, bar_top + _BAR), 8, fill=FILLS[index % len(FILLS)])
        hatch(draw, (MARGIN, bar_top, right, bar_top + _BAR), index)
