"""The connection that a bot writes to a server through, and those that wait for its next commit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from storage.asking import Asking, Joining
from storage.pulse import Pulse
from storage.riders import Riders
from storage.said import given_up, told_away


class Riding:
    """Writes one unit after the other; a unit that others follow leaves its commit to them.

    Each unit behind the first works behind a savepoint, so that one that fails is undone alone.
    """

    def __init__(self, joining: Joining, pulse: Pulse, riders: Riders) -> None:
        """Connect nowhere yet; the pulse and those who share a commit are told of it."""
        self._joining = joining
        self._pulse = pulse
        self._writer: Asking | None = None
        self._riders = riders
        self._marks = 0
        self._mark = ""
        """The savepoint behind which the last unit works that joined in; none behind the first."""
        self._open = False
        """Whether something was begun and neither committed nor undone, even if its connection is lost."""
        self._began = 0.0
        self._first = ""

    @property
    def first(self) -> str:
        """The first statement of what was begun and not committed yet; empty where nothing was."""
        return self._first if self._open else ""

    @asynccontextmanager
    async def unit(self, first: str) -> AsyncIterator[Asking]:
        """Begin with a first statement, or go on in what others wrote and nobody has committed yet."""
        writer = await self._begun(first)
        rides = bool(self._riders)
        try:
            if rides:
                await self._set_mark(writer)
            yield writer
            writer.require_sound()
        except BaseException:
            await writer.surely(self._undo(writer, rides=rides))
            raise

    async def commit(self) -> None:
        """Commit what was written; nothing happens where nothing was."""
        if self._writer is not None and self._open:
            await self._writer.surely(self._commit_for_all(self._writer))

    async def opened(self) -> Asking:
        """Give the connection; only for whose turn it is."""
        if self._writer is not None and self._writer.lost:
            await self._undo_all(self._writer)
        if self._writer is None:
            self._writer = await self._joining.open()
        return self._writer

    async def close(self) -> None:
        """End the connection."""
        if self._writer is not None:
            await self._undo_all(self._writer)
        if self._writer is not None:
            await self._writer.close()
            self._writer = None

    async def _begun(self, first: str) -> Asking:
        while True:
            known = self._writer
            writer = await self.opened()
            if self._open:
                return writer
            try:
                await writer.begin("READ COMMITTED", first)
            except BaseException as error:
                ended = writer is known and writer.lost and isinstance(error, Exception)
                await writer.surely(self._undo_all(writer))
                if not ended:
                    raise
                # It ended since it was last used; a new one may do.
            else:
                self._open, self._began, self._mark = True, self._pulse.now(), ""
                self._first = first
                return writer

    async def _set_mark(self, writer: Asking) -> None:
        # A new name each time: if this is given up half way, nothing is undone that another unit wrote.
        before, self._marks = self._mark, self._marks + 1
        self._mark = f"unit_{self._marks}"
        await writer.save(self._mark, before)

    async def _undo(self, writer: Asking, *, rides: bool) -> None:
        """Go back to where a unit began; those before it stay, unless that cannot be done."""
        if not rides or not await writer.undo_to(self._mark):
            await self._undo_all(writer)

    async def _undo_all(self, writer: Asking, error: Exception | None = None) -> None:
        """Go back to the last commit; a connection that cannot even do that is used no more."""
        self._open = False
        try:
            if not await writer.undone():
                writer.cut_off()
                await writer.close()
                self._writer = None
        finally:
            self._riders.tell(error or given_up())

    async def _commit_for_all(self, writer: Asking) -> None:
        try:
            with told_away(), self._pulse.felt("writing"):
                await writer.commit()
        except BaseException as error:
            self._riders.cut_off |= not isinstance(error, Exception)
            await self._undo_all(writer, error if isinstance(error, Exception) else None)
            raise
        self._open = False
        self._pulse.wrote(self._began)
        self._riders.tell(None)
