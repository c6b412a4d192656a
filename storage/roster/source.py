"""A file for the roster: plain, gzipped or in a zip archive, read line by line from any place of its text."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Any, Final, Self, cast

from storage.refused import StorageRefused

LONGEST_LINE: Final = 1024 * 1024
"""Bytes of a line that is still looked into; one of the registry's lines has about a thousand."""
_BLOCK: Final = 1024 * 1024
_START: Final = 4096
_GZIP: Final = b"\x1f\x8b"
_ZIP: Final = b"PK"
_REGISTRY_FILE: Final = "npidata_pfile"
_HEADER_FILE: Final = "fileheader"


class RosterFileRefused(StorageRefused):
    """A file cannot be imported; the roster stays as it was."""


class RosterFile:
    """One opened file. Its text is counted in bytes after unpacking, its progress in bytes on disk."""

    def __init__(self, path: Path) -> None:
        """Open it; raises :class:`RosterFileRefused` for what is no file that can be read, and when empty."""
        self.path: Final = path
        with self._told():
            if not stat.S_ISREG(path.stat().st_mode):
                raise RosterFileRefused(f"{path} is no file; name the CSV file itself.")
            self._raw = io.BufferedReader(io.FileIO(path), _BLOCK)
        try:
            with self._told():
                self.size = os.fstat(self._raw.fileno()).st_size
                self.digest = self._digest()
                self._text = self._unpacked()
        except BaseException:
            self._raw.close()
            raise
        self.offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._text.close()
        self._raw.close()

    @property
    def done(self) -> int:
        """Bytes of the file on disk that have been read."""
        return self._raw.tell()

    def lines(self) -> Iterator[bytes | None]:
        """Yield lines from where the text stands, None for one that is too long; ``offset`` follows.

        Raises :class:`RosterFileRefused` where the file breaks off or cannot be unpacked.
        """
        with self._told():
            for line in iter(partial(self._text.readline, LONGEST_LINE), b""):
                self.offset += len(line)
                if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
                    self._finish_line()
                    yield None
                else:
                    yield line

    def go_to(self, offset: int) -> None:
        """Go forward to a place of the text, in bytes from its start."""
        with self._told():
            if self._text is self._raw:
                self._raw.seek(offset)
                self.offset = offset
            while self.offset < offset and (block := self._text.read(min(_BLOCK, offset - self.offset))):
                self.offset += len(block)

    def start(self) -> bytes:
        """Give the first bytes of the text, to see what it is; call it before anything was read."""
        with self._told():
            return self._text.peek(_START)[:_START]

    def require_unchanged(self) -> None:
        """Refuse a file that has grown or shrunk since it was opened."""
        if os.fstat(self._raw.fileno()).st_size != self.size:
            raise RosterFileRefused(f"{self.path} was changed while it was read; import it again.")

    def _finish_line(self) -> None:
        for piece in iter(partial(self._text.readline, _BLOCK), b""):
            self.offset += len(piece)
            if piece.endswith(b"\n"):
                return

    def _digest(self) -> str:
        """Digest the size and both ends, by which a file is known again."""
        if not self.size:
            raise RosterFileRefused(f"{self.path} is empty.")
        ends = hashlib.sha256(str(self.size).encode())
        for place in (0, max(0, self.size - _BLOCK)):
            self._raw.seek(place)
            ends.update(self._raw.read(_BLOCK))
        self._raw.seek(0)
        return ends.hexdigest()

    def _unpacked(self) -> io.BufferedReader[Any]:
        start = self._raw.peek(4)
        if start.startswith(_GZIP):
            return io.BufferedReader(gzip.GzipFile(fileobj=self._raw), _BLOCK)
        if start.startswith(_ZIP):
            return io.BufferedReader(self._member(), _BLOCK)
        return self._raw

    def _member(self) -> zipfile.ZipExtFile:
        archive = zipfile.ZipFile(self._raw)
        names = archive.namelist()
        if "[Content_Types].xml" in names:
            raise RosterFileRefused(f"{self.path} is a workbook; save it as CSV (UTF-8) and import that.")
        tables = [name for name in names if name.lower().endswith(".csv")]
        chosen = tables if len(tables) == 1 else [name for name in tables if _is_registry(name)]
        if len(chosen) != 1:
            raise RosterFileRefused(
                f"{self.path} holds {len(tables)} CSV files, and which one is meant is not clear; "
                "unpack it and name one."
            )
        try:
            return cast("zipfile.ZipExtFile", archive.open(chosen[0]))
        except RuntimeError:
            # With a password, or by a method that Python does not know (NotImplementedError is one as well).
            raise RosterFileRefused(
                f"{self.path} cannot be unpacked here; unpack it and name the CSV file."
            ) from None

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what the system and the unpackers raise into the sentence for the operator."""
        try:
            yield
        except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile):
            raise RosterFileRefused(
                f"{self.path} is broken off or damaged; fetch it again. Nothing was changed."
            ) from None
        except FileNotFoundError:
            raise RosterFileRefused(f"There is no {self.path}.") from None
        except OSError as error:
            raise RosterFileRefused(f"{self.path} cannot be read ({error.strerror or error}).") from None


def _is_registry(name: str) -> bool:
    stem = PurePosixPath(name).name.lower()
    return stem.startswith(_REGISTRY_FILE) and _HEADER_FILE not in stem
