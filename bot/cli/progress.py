"""A progress bar for long work, on a terminal only."""

from __future__ import annotations

import os
import shutil
import sys
import time
from types import TracebackType
from typing import Final, Self

_SECONDS_BETWEEN: Final = 0.2
_BAR: Final = 24
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """Counts steps on standard error; draws nothing when that is no terminal."""

    def __init__(self, noun: str, whole: int | None = None) -> None:
        """Take the plural word for what is counted, and how much there is to do where that is known."""
        self._noun = noun
        self._whole = whole
        self._count = 0
        self._done = 0
        self._started = self._shown = time.monotonic()
        self._drawn = False
        self.terminal: Final = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def step(self, done: int | None = None) -> None:
        """Count one more; `done` says how much of the whole that makes, without it the count does."""
        self._count += 1
        self._done = self._count if done is None else done
        if self.terminal and time.monotonic() - self._shown > _SECONDS_BETWEEN:
            self._draw()

    def say(self, line: str) -> None:
        """Print a line on standard error, above the bar if there is one."""
        print(f"{_CLEAR if self._drawn else ''}{line}", file=sys.stderr, flush=True)
        if self._drawn:
            self._draw()

    def _draw(self) -> None:
        self._shown = time.monotonic()
        self._drawn = True
        width = shutil.get_terminal_size().columns - 1
        print(
            f"{_CLEAR}{self._line(self._shown - self._started)[:width]}", end="", file=sys.stderr, flush=True
        )

    def _line(self, seconds: float) -> str:
        counted = f"{self._count:,} {self._noun}"
        if not self._whole:
            return f"{counted}  {_clock(seconds)}"
        if self._done == self._count:
            counted = f"{self._count:,} of {self._whole:,} {self._noun}"
        share = min(self._done / self._whole, 1.0)
        bar = "#" * int(share * _BAR)
        left = f"  {_clock(seconds / share - seconds)} left" if 0 < share < 1 else f"  {_clock(seconds)}"
        return f"[{bar:-<{_BAR}}] {share:>4.0%}  {counted}{left}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.terminal and self._count:
            self._draw()
            print(file=sys.stderr)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
