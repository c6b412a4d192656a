"""A table for :meth:`str.translate` that takes characters out by a rule, and asks the rule once for each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

_MOST: Final = 10_000
"""How many characters are remembered; whoever writes in more scripts than that waits a little longer."""


class Sieve(dict[int, int | None]):
    """Maps a character's code to itself, or to None where ``out`` says so."""

    def __init__(self, out: Callable[[str], bool]) -> None:
        """Remember nothing yet."""
        super().__init__()
        self._out = out

    def __missing__(self, code: int) -> int | None:
        """Ask the rule, and remember what it says."""
        kept = None if self._out(chr(code)) else code
        if len(self) < _MOST:
            self[code] = kept
        return kept
