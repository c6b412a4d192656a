"""A sheet that a chart is laid out on from top to bottom, and drawn at once when its height is known."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from bot.views.chart import INK, MARGIN, MUTED, TRACK, WIDTH, hatch
from bot.views.chart_letters import font, written

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
Stroke = Callable[[ImageDraw.ImageDraw], None]
LEFT: Final = MARGIN
RIGHT: Final = WIDTH - MARGIN
ROOM: Final = RIGHT - LEFT
BAR: Final = 52


class Sheet:
    """What is to be drawn; ``top`` is where the next thing begins.

    ``said`` are all words in their order, ``letters`` their lines as drawn, each with its size in pixels.
    """

    def __init__(self) -> None:
        """Begin with an empty sheet."""
        self.top = MARGIN
        self.said: list[str] = []
        self.letters: list[tuple[int, str]] = []
        self._strokes: list[Stroke] = []

    def paragraph(self, words: str, size: int, fill: Colour = INK) -> int:
        """Write words over the whole width, in as many lines as they take; gives the last line's length."""
        words = written(words)
        lines = broken(words, size, ROOM)
        for each in lines:
            self._letters((LEFT, self.top), each, size, fill)
            self.top += leading(size)
        self.said.append(words)
        return round(font(size).getlength(lines[-1]))

    def label(self, words: str, amount: str, size: int) -> None:
        """Write words with an amount at the right end: beside their last line, or under it."""
        used = self.paragraph(words, size)
        if used + font(size).getlength(written(amount)) + 32 <= ROOM:
            self.top -= leading(size)
        self.write((RIGHT, self.top), amount, size, anchor="ra")
        self.top += leading(size)

    def write(
        self, at: tuple[int, int], words: str, size: int, fill: Colour = INK, *, anchor: str = "la"
    ) -> None:
        """Write one line at a place."""
        self.said.append(written(words))
        self._letters(at, written(words), size, fill, anchor)

    def draw(self, stroke: Stroke) -> None:
        """Draw something whose places are known."""
        self._strokes.append(stroke)

    def bar(self, share: float, fill: Colour, pattern: int, interval: tuple[float, float] | None) -> None:
        """Draw a bar from the left over its track, with its interval as a whisker."""
        top, left, right = self.top, LEFT, RIGHT
        length = round(ROOM * share)

        def stroke(draw: ImageDraw.ImageDraw) -> None:
            draw.rounded_rectangle((left, top, right, top + BAR), 8, fill=TRACK)
            if length:
                box = (left, top, left + max(length, 16), top + BAR)
                draw.rounded_rectangle(box, 8, fill=fill)
                hatch(draw, box, pattern)
            if interval is not None:
                ends = (left + round(ROOM * interval[0]), left + round(ROOM * interval[1]))
                whisker(draw, ends, top + BAR // 2)

        self.draw(stroke)
        self.top += BAR

    def foot(self, *lines: str) -> None:
        """Write the small print."""
        self.top += 12
        for words in lines:
            if words:
                self.paragraph(words, 30, MUTED)
                self.top += 6

    def png(self) -> bytes:
        """Draw it all, as PNG."""
        image = Image.new("RGB", (WIDTH, self.top + MARGIN - 16), "white")
        draw = ImageDraw.Draw(image)
        for stroke in self._strokes:
            stroke(draw)
        few = image.quantize(128, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        # Its white is a shade off, which shows on a white page.
        few.putpalette([255 if level >= 253 else level for level in few.getpalette() or ()])
        out = BytesIO()
        few.save(out, "PNG")
        return out.getvalue()

    def _letters(self, at: tuple[int, int], words: str, size: int, fill: Colour, anchor: str = "la") -> None:
        self.letters.append((size, words))
        self._strokes.append(lambda draw: draw.text(at, words, font=font(size), fill=fill, anchor=anchor))


def leading(size: int) -> int:
    """Give the distance of two lines in pixels."""
    return round(1.3 * size)


def whisker(draw: ImageDraw.ImageDraw, ends: tuple[int, int], middle: int) -> None:
    """Draw an interval: a line with an end on both sides, set off from what is under it."""
    low, high = ends
    for grow, fill in ((3, (255, 255, 255)), (0, INK)):
        width = 4 + 2 * grow
        draw.line((low - grow, middle, high + grow, middle), fill=fill, width=width)
        for end in ends:
            draw.line((end, middle - 14 - grow, end, middle + 14 + grow), fill=fill, width=width)


def broken(text: str, size: int, room: int) -> list[str]:
    """Break text into lines that fit; a word that is too long for one goes on in the next."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font(size).getlength(longer) <= room:
            lines[-1] = longer
        else:
            lines += _pieces(word, size, room)
    return lines or [""]


def _pieces(word: str, size: int, room: int) -> list[str]:
    pieces = [""]
    for sign in word:
        if pieces[-1] and font(size).getlength(pieces[-1] + sign) > room:
            pieces.append("")
        pieces[-1] += sign
    return pieces
