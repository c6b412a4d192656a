"""A progress line for long work, on a terminal only."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Self

_SECONDS_BETWEEN = 0.2


class Progress:
    """Counts steps on standard error; writes nothing when that is no terminal."""

    def __init__(self, noun: str) -> None:
        """Take the plural word for what is counted."""
        self._noun = noun
        self._count = 0
        self._shown = 0.0
        self._terminal = sys.stderr.isatty()

    def step(self) -> None:
        """Count one more."""
        self._count += 1
        if self._terminal and time.monotonic() - self._shown > _SECONDS_BETWEEN:
            self._shown = time.monotonic()
            self._write()

    def _write(self) -> None:
        print(f"\r{self._count} {self._noun}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal and self._count:
            self._write()
            print(file=sys.stderr)
