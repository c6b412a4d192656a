"""Waiting for what other programs do, of which no word comes: their state is asked for again and again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import isawaitable


async def until(met: Callable[[], object], seconds: float = 20.0) -> None:
    """Return when ``met()``, or what it promises, is true; TimeoutError after so many real seconds."""
    async with asyncio.timeout(seconds):
        while not await _so(met):  # noqa: ASYNC110  (there is no event of it in this process)
            await asyncio.sleep(0.01)


async def _so(met: Callable[[], object]) -> bool:
    answer = met()
    return bool(await answer if isawaitable(answer) else answer)
