"""Progress: one line a step while the world comes up, with how long each took."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Progress:
    """Prints steps to a terminal as they end; ``stream`` is standard error unless a test wants it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._began = time.monotonic()

    @contextmanager
    def step(self, words: str) -> Iterator[None]:
        """Say what is being done, and afterwards how long it took; a failed step says so."""
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._line("failed", words, began)
            raise
        self._line("ok", words, began)

    def total(self, words: str) -> None:
        """Say how long everything took."""
        self._line("ok", words, self._began)

    def _line(self, state: str, words: str, since: float) -> None:
        print(f"  {state:>6}  {time.monotonic() - since:5.1f} s  {words}", file=self._stream, flush=True)
