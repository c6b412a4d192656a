"""Telling: the transcript. Each act starts the clock of a hop, each observation on a real client stops it."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Awaitable, Callable
from typing import TextIO, TypeVar

from bot.demo.bell import Bell

T = TypeVar("T")
PATIENCE = 30.0
"""Seconds that one line may take before the story says that it was missed."""
_WIDTH = 24
_LINE = 110


class Missed(Exception):
    """A line of the story was not observed in time, or something was seen that must not be."""


class Telling:
    """Writes the transcript while the story happens; nothing is written as seen that was not."""

    def __init__(self, bell: Bell, stream: TextIO) -> None:
        self._bell = bell
        self._stream = stream
        self._began = self._acted = time.monotonic()
        self._chapters = 0
        self.observed = 0

    def chapter(self, title: str) -> None:
        """Begin a part of the story."""
        self._chapters += 1
        self._write(f"\n{self._chapters}. {title}\n")

    def remark(self, words: str) -> None:
        """Say something that is neither done nor seen."""
        self._write(f"   {words}")

    async def does(self, who: str, what: str, doing: Awaitable[T]) -> T:
        """Write who does what, start the hop's clock and do it; gives what the act gives."""
        self._write(textwrap.fill(f"   {who:<{_WIDTH}} {what}", _LINE, subsequent_indent=" " * (_WIDTH + 4)))
        self._acted = time.monotonic()
        return await doing

    async def sees(self, what: str, look: Callable[[], T | None], *, seconds: float = PATIENCE) -> T:
        """Wait until ``look()`` finds something and write how long after the last act that was.

        ``look`` is asked anew whenever a client took something in. Raises :class:`Missed`.
        """
        try:
            found: T = await self._bell.until(look, seconds)
        except TimeoutError:
            self._write(f"      MISSED after {seconds:4.1f} s  {what}")
            raise Missed(what) from None
        self._seen(what)
        return found

    def holds(self, what: str, met: object) -> None:
        """Write that something is so right now; raises :class:`Missed` where it is not."""
        if not met:
            self._write(f"      MISSED              {what}")
            raise Missed(what)
        self._seen(what)

    @property
    def since_act(self) -> float:
        """Seconds since the last act."""
        return time.monotonic() - self._acted

    def end(self) -> None:
        """Say how it went."""
        took = time.monotonic() - self._began
        self._write(f"\nAll {self.observed} lines were observed, in {took:.1f} s.")

    def broke_off(self, missed: Missed) -> None:
        """Say where the story ended."""
        self._write(f"\nThe story ended after {self.observed} lines. Not observed: {missed}")

    def _seen(self, what: str) -> None:
        self.observed += 1
        self._write(f"      seen {self.since_act:6.2f} s  {what}")

    def _write(self, line: str) -> None:
        print(line, file=self._stream, flush=True)
