"""The collective list as a picture: how many named each diagnosis, and how many first; legible in grey."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from bot.chat.text import counted
from bot.collective import GroupAnswer, Shown, agreement_word
from bot.domain.cases import Case
from bot.views.chart import FILLS, INK, MARGIN, MUTED, TRACK, WIDTH, hatch, wrap
from bot.views.summary import spoken

_ROW = 150
_BAR = 52
_TOP = 190
_FIRST = FILLS[0]
_NAMED = (150, 190, 200)


def summary_chart(case: Case, answer: GroupAnswer) -> bytes:
    """Draw a group answer as PNG, 1080 pixels wide; raises ValueError where there is none."""
    if answer.too_few:
        raise ValueError("too few opinions for a chart")
    height = _TOP + _ROW * len(answer.top) + 150
    image = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(image)
    draw.text((MARGIN, MARGIN), f"Summary of #{case.number}", font=ImageFont.load_default(44), fill=INK)
    draw.text((MARGIN, MARGIN + 64), _lead(answer), font=ImageFont.load_default(30), fill=MUTED)
    for index, one in enumerate(answer.top):
        _row(draw, _TOP + _ROW * index, (index + 1, one), answer.responders)
    _legend(draw, height - 130)
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()


def _lead(answer: GroupAnswer) -> str:
    word = agreement_word(answer.agreement)
    return counted(answer.responders, "opinion") + (f", agreement: {word}" if word else "")


def _row(draw: ImageDraw.ImageDraw, top: int, place: tuple[int, Shown], responders: int) -> None:
    rank, one = place
    font = ImageFont.load_default(34)
    named = round(one.share * responders)
    amount = f"{named} of {responders}, first {one.first}"
    room = WIDTH - 2 * MARGIN - font.getlength(amount) - 32
    draw.text((MARGIN, top), wrap(f"{rank}. {spoken(one.bucket)}", font, room)[0], font=font, fill=INK)
    draw.text((WIDTH - MARGIN, top), amount, font=font, fill=INK, anchor="ra")
    whole = (MARGIN, top + 52, WIDTH - MARGIN, top + 52 + _BAR)
    draw.rounded_rectangle(whole, 8, fill=TRACK)
    _bar(draw, whole, one.share, _NAMED)
    if first := _bar(draw, whole, one.first / responders, _FIRST):
        hatch(draw, first, 1)


def _bar(
    draw: ImageDraw.ImageDraw, whole: tuple[int, int, int, int], share: float, fill: tuple[int, int, int]
) -> tuple[int, int, int, int] | None:
    left, top, right, bottom = whole
    length = round((right - left) * share)
    if not length:
        return None
    box = (left, top, left + max(length, 16), bottom)
    draw.rounded_rectangle(box, 8, fill=fill)
    return box


def _legend(draw: ImageDraw.ImageDraw, top: int) -> None:
    font = ImageFont.load_default(28)
    first = (MARGIN, top, MARGIN + 72, top + 36)
    draw.rounded_rectangle(first, 8, fill=_FIRST)
    hatch(draw, first, 1)
    draw.text((MARGIN + 92, top), "named it first", font=font, fill=INK)
    draw.rounded_rectangle((MARGIN + 400, top, MARGIN + 472, top + 36), 8, fill=_NAMED)
    draw.text((MARGIN + 492, top), "named it at all", font=font, fill=INK)
    draw.text((MARGIN, top + 62), "Peer opinions, not a consultation.", font=font, fill=MUTED)
