"""Traces, for whoever switches them on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.config.sections import Tracing as TracingSettings
from bot.ports.adapter import ConfigurationRefused
from bot.ports.tracing import QUIET, Tracer

_NOT_INSTALLED: Final = "needs the extra `tracing`, which is not installed; see docs/operating.md"


async def _nothing() -> None:
    return


@dataclass(frozen=True, slots=True)
class Tracing:
    """Who traces, and how to end it: what is still to be sent is sent then."""

    tracer: Tracer = QUIET
    close: Callable[[], Awaitable[None]] = _nothing


def tracing_of(told: TracingSettings) -> Tracing:
    """Begin to trace as the section says, or not at all; raises ``ConfigurationRefused``."""
    if not told.endpoint:
        return Tracing()
    try:
        from bot.bootstrap.spans import Spans, provider_for  # noqa: PLC0415 (its libraries come with an extra)
    except ImportError:
        raise ConfigurationRefused("[tracing] endpoint", _NOT_INSTALLED) from None
    provider = provider_for(told.endpoint, told.share)

    async def close() -> None:
        await asyncio.to_thread(provider.shutdown)

    return Tracing(Spans(provider), close)
