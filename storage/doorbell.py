"""A doorbell between processes: what the shell puts into the outbox wakes the bot that runs beside it."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

_FULL: Final = 4096


class Doorbell:
    """A named pipe beside the database. The running bot listens; everybody else may ring."""

    def __init__(self, path: Path) -> None:
        """Name the pipe; nothing is made yet."""
        self._path = path
        self._listening: int | None = None

    def listen(self, rung: Callable[[], None]) -> None:
        """Call ``rung`` on this loop whenever another process rings."""
        with contextlib.suppress(FileExistsError):
            os.mkfifo(self._path, 0o600)
        # Opened for writing too, so that the pipe never ends when the last one who rang goes away.
        self._listening = os.open(self._path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        asyncio.get_running_loop().add_reader(self._listening, self._answer, self._listening, rung)

    def ring(self) -> None:
        """Wake the listener, if there is one; the listener itself needs no bell."""
        if self._listening is not None:
            return
        try:
            pipe = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError:
            # No pipe, or nobody at it: whoever starts next looks at the outbox by itself.
            return
        try:
            with contextlib.suppress(BlockingIOError):
                os.write(pipe, b"!")
        finally:
            os.close(pipe)

    def close(self) -> None:
        """Stop listening; nothing happens if nobody did."""
        if self._listening is not None:
            asyncio.get_running_loop().remove_reader(self._listening)
            os.close(self._listening)
            self._listening = None

    def _answer(self, pipe: int, rung: Callable[[], None]) -> None:
        with contextlib.suppress(BlockingIOError):
            os.read(pipe, _FULL)
        rung()
