"""What the first text would wait for is loaded beside the start."""

from __future__ import annotations

import asyncio

import structlog

from bot.anonymizer import Anonymizer

_log = structlog.get_logger(__name__)


class Loading:
    """Loads in a thread what an anonymizer needs."""

    def __init__(self, anonymizer: Anonymizer) -> None:
        """Load nothing yet."""
        self._anonymizer = anonymizer
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Begin to load, and return at once."""
        self._task = asyncio.create_task(self._load())

    async def ended(self) -> None:
        """Wait until it is loaded, or could not be; nothing happens where it was not begun."""
        if self._task is not None:
            await self._task

    async def _load(self) -> None:
        try:
            await asyncio.to_thread(self._anonymizer.load)
        except Exception as fault:  # noqa: BLE001 - each text says that it was not checked; all else works
            _log.error("anonymizer_not_loaded", exc_info=fault)
