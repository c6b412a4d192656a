"""The files of a folder, none of them silently: what to work on, and what is left out and why."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


class FileTrouble(Exception):
    """A file that cannot be read or written: `code` for counting, `sentence` for the person."""

    def __init__(self, code: str, sentence: str) -> None:
        """Keep the code and the sentence."""
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


_CLOSED = FileTrouble("unreadable", "This file cannot be read; look at its rights and at what it links to.")
_CLOSED_FOLDER = FileTrouble("unreadable", "This folder cannot be read; look at its rights.")
_NO_FILE = FileTrouble("unreadable", "This is no file but a pipe, a device or a folder.")


@dataclass(frozen=True, slots=True)
class Source:
    """One place in the input: a file to work on, one left out (`skipped` says why), or a closed door."""

    path: Path
    skipped: str = ""
    closed: FileTrouble | None = None

    @property
    def name(self) -> str:
        """The path as text that fits into JSON, whatever bytes it is made of."""
        return os.fsencode(self.path).decode("utf-8", "backslashreplace")


def sources(start: Path) -> list[Source]:
    """List a file, or everything in a folder and its sub-folders by name."""
    return sorted(_walk(start), key=lambda source: source.path) if start.is_dir() else [Source(start)]


def read(path: Path, longest: int) -> bytes:
    """Return a file's bytes, at most one more than `longest`; FileTrouble when it is none or closed."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise _NO_FILE
        with path.open("rb") as file:
            return file.read(longest + 1)
    except OSError as error:
        raise _CLOSED from error


def _walk(start: Path) -> Iterator[Source]:
    closed: list[Source] = []

    def keep(error: OSError) -> None:
        closed.append(Source(Path(os.fsdecode(error.filename)), closed=_CLOSED_FOLDER))

    for folder, folders, files in os.walk(start, onerror=keep):
        here = Path(folder)
        aside = {name: reason for name in folders if (reason := _aside(here / name))}
        yield from (Source(here / name, skipped=reason) for name, reason in aside.items())
        folders[:] = [name for name in folders if name not in aside]
        for name in files:
            yield Source(here / name, skipped="hidden" if name.startswith(".") else "")
    yield from closed


def _aside(folder: Path) -> str:
    """Say why a sub-folder is not gone into; empty when it is."""
    if folder.name.startswith("."):
        return "hidden"
    return "a link to a folder" if folder.is_symlink() else ""
