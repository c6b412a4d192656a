"""The files of a database: private from the first byte, and owned by one running bot at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final

from storage.refused import StorageRefused

_PRIVATE_FILE: Final = 0o600
_PRIVATE_FOLDER: Final = 0o700


def private_folder(folder: Path) -> None:
    """Make the folder if it is not there, for its owner only; raises :class:`StorageRefused`."""
    try:
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageRefused(f"The folder {folder} cannot be made ({error.strerror}).") from None


def private_file(path: Path) -> None:
    """Make the file if it is not there and take it from group and others; raises :class:`StorageRefused`.

    SQLite gives its side files (-wal, -shm) the mode of the database itself.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE_FILE)
        try:
            os.fchmod(descriptor, _PRIVATE_FILE)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StorageRefused(f"The database file {path} cannot be opened ({error.strerror}).") from None


class OwnerLock:
    """An advisory lock beside the database: its holder is the one bot that works on it."""

    def __init__(self, path: Path) -> None:
        """Name the lock file; nothing is taken yet."""
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock for as long as this process lives; raises :class:`StorageRefused` if it is taken."""
        if self._descriptor is not None:
            return
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, _PRIVATE_FILE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise StorageRefused(
                f"Another Curbside is running on {self._path.with_suffix('.db')}; stop it first, "
                "or give this one a data_dir of its own."
            ) from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Give the lock back; nothing happens if it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
