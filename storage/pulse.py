"""The pulse of a database: whether it answered the last one who wrote and the last one who read."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from sqlalchemy.exc import DBAPIError, IntegrityError

Use = Literal["reading", "writing"]


class Pulse:
    """Nothing is polled: each use of the database says how it went, and a refusal counts until one goes well.

    A row that its own rules refuse, and a caller who gives up a unit of work, are answers like any other.
    """

    def __init__(self) -> None:
        """Believe in the database until it fails."""
        self._failing: set[Use] = set()

    @property
    def answering(self) -> bool:
        """Whether the last reading and the last writing went well."""
        return not self._failing

    @asynccontextmanager
    async def felt(self, use: Use) -> AsyncIterator[None]:
        """Watch one use; what it raises is raised on."""
        try:
            yield
        except DBAPIError as error:
            if not isinstance(error, IntegrityError):
                self._failing.add(use)
            raise
        else:
            self._failing.discard(use)
