"""A table in a file of sorted lines, looked up in the file: what nobody asks for takes no memory."""

from __future__ import annotations

import os
from array import array
from bisect import bisect_right
from pathlib import Path
from typing import Final
from weakref import finalize

_BLOCK: Final = 4096
_LONGEST: Final = 256
"""Bytes of two lines with their breaks; all are shorter."""


class SortedTable:
    """Lines of a key, a tab and a value, sorted by their bytes; the first key of each block is kept.

    The file stays open, so that one that is replaced meanwhile does no harm. May be read from any thread.
    """

    def __init__(self, path: Path) -> None:
        """Read where the blocks begin; raises ValueError for what is no such table."""
        self._file = os.open(path, os.O_RDONLY)
        finalize(self, os.close, self._file)
        self._size = os.fstat(self._file).st_size
        self._starts = array("q")
        self._keys: list[bytes] = []
        for at in range(0, max(1, self._size), _BLOCK):
            self._note(at)

    def find(self, key: bytes) -> bytes | None:
        """Give the value of a key; raises OSError where the file cannot be read."""
        wanted = b"\n" + key + b"\t"
        block = self._block_of(wanted[1:])
        at = block.find(wanted)
        return None if at < 0 else block[at + len(wanted) : block.index(b"\n", at + 1)]

    def has_beginning(self, words: bytes) -> bool:
        """Say whether any key begins so; raises as above."""
        at = bisect_right(self._keys, words)
        following = at < len(self._keys) and self._keys[at].startswith(words)
        return following or b"\n" + words in self._block_of(words)

    def _note(self, at: int) -> None:
        """Keep the first key that begins at or behind a place, and where it begins."""
        read = os.pread(self._file, _LONGEST, at)
        begins = read.find(b"\n") + 1 if at else 0
        key, tab, _ = read[begins:].partition(b"\t")
        if at and at + begins == self._size:
            return  # The last line began before and ends here.
        if (at and not begins) or not tab or b"\n" in key:
            raise ValueError("the table is empty, or a line of it is too long or has no tab")
        self._keys.append(key + tab)
        self._starts.append(at + begins)

    def _block_of(self, wanted: bytes) -> bytes:
        """Read the lines among which something must be, with a line break before each."""
        at = max(0, bisect_right(self._keys, wanted) - 1)
        start = self._starts[at]
        end = self._starts[at + 1] if at + 1 < len(self._starts) else self._size
        return b"\n" + os.pread(self._file, end - start, start)
