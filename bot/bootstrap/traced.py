"""The content database with its commits traced, for whoever traces."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.ports.tracing import QUIET, Tracer
from bot.ports.work import Content, Work


class _TracedContent:
    """Fills :class:`bot.ports.work.Content`."""

    def __init__(self, content: Content, tracer: Tracer) -> None:
        self._content = content
        self._tracer = tracer

    @asynccontextmanager
    async def work(self) -> AsyncIterator[Work]:
        """Open a unit of work; the step lasts from the wait for the writer's turn to the commit."""
        with self._tracer.span("commit"):
            async with self._content.work() as work:
                yield work

    def look(self) -> AbstractAsyncContextManager[Work]:
        """Open a unit of work to read from, which is no step."""
        return self._content.look()

    def glance(self) -> Work:
        """Give a unit of work to ask short questions of, which is no step either."""
        return self._content.glance()


def traced(content: Content, tracer: Tracer) -> Content:
    """Give the content database as the house uses it; the same one where nobody traces."""
    return content if tracer is QUIET else _TracedContent(content, tracer)
