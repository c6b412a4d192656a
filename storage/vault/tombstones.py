"""Tombstones: marks of those who left, in a file of their own, so that a restore erases them again."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from storage.refused import StorageRefused

_PRIVATE: Final = 0o600
_MARK_BYTES: Final = 32


class Tombstones:
    """A file of lines ``mark posts``: keyed hashes in hex, sorted, so that nothing tells who left when."""

    def __init__(self, path: Path) -> None:
        """Name the file; it comes with the first mark."""
        self._path = path

    def all(self) -> Mapping[bytes, str]:
        """Give what becomes of the posts, by mark; raises :class:`StorageRefused` for a damaged file."""
        try:
            lines = self._path.read_text("ascii").splitlines()
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError):
            raise self._damaged() from None
        return dict(map(self._read, lines))

    def add(self, mark: bytes, posts: str) -> None:
        """Keep a mark; it is on the disk when this returns."""
        marks = {**self.all(), mark: posts}
        fresh = self._path.with_name(f"{self._path.name}.new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, _PRIVATE)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{one.hex()} {fate}\n" for one, fate in sorted(marks.items()))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._path)
        self._sync_folder()

    def _sync_folder(self) -> None:
        descriptor = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _read(self, line: str) -> tuple[bytes, str]:
        mark, _, posts = line.partition(" ")
        try:
            read = bytes.fromhex(mark)
        except ValueError:
            raise self._damaged() from None
        if len(read) != _MARK_BYTES:
            raise self._damaged()
        return read, posts

    def _damaged(self) -> StorageRefused:
        return StorageRefused(
            f"{self._path} cannot be read. It lists who has left, so that a restored backup forgets them "
            "again; put back the last whole copy of it."
        )
