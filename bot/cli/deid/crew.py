"""Many lines cleaned on all cores: in their order, a bounded number at a time, none lost with a process."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait
from types import TracebackType
from typing import Final, Self

from bot.cli.deid.cleaning import Outcome, failed
from bot.cli.json_lines import Line, LineSource

_ALONE: Final = 64 * 1024
"""Bytes that are cleaned here before other processes are worth their start."""
_BATCHES_A_WORKER: Final = 3

CleanLine = Callable[[Line], Outcome]


class Crew:
    """Cleans the lines of a source with several processes, or here when one is enough."""

    def __init__(self, clean: CleanLine, workers: int, alone: int = _ALONE) -> None:
        """Take what cleans a line, how many processes may run, and the bytes that are no work for them."""
        self._clean = clean
        self._workers = workers
        self._alone = alone
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[tuple[Sequence[Line], Future[list[Outcome]]]] = deque()

    def outcomes(self, source: LineSource) -> Iterator[Outcome]:
        """Yield the outcome of every line in order, each as soon as those before it are done."""
        while True:
            if self._waiting and (self._full() or not source.ready()):
                yield from self._oldest()
                continue
            batch = source.read()
            if batch is None:
                break
            if self._workers == 1 or (self._pool is None and batch and batch[-1].end <= self._alone):
                yield from map(self._clean, batch)
            elif batch:
                self._waiting.append((batch, self._submit(batch)))
        while self._waiting:
            yield from self._oldest()

    def _full(self) -> bool:
        return len(self._waiting) >= self._workers * _BATCHES_A_WORKER

    def _oldest(self) -> Iterator[Outcome]:
        batch, future = self._waiting.popleft()
        try:
            yield from future.result()
        except BrokenProcessPool:
            self._end()
            yield from map(self._alone_in_the_pool, batch)
            self._waiting = deque((each, self._submit(each)) for each, _ in self._waiting)

    def _alone_in_the_pool(self, line: Line) -> Outcome:
        """Clean one line of a batch whose process died, with nothing beside it: it may be what killed it."""
        try:
            return self._submit([line]).result()[0]
        except BrokenProcessPool:
            self._end()
            return failed(line, "not checked, because the process that read it ended")

    def _submit(self, batch: Sequence[Line]) -> Future[list[Outcome]]:
        if self._pool is None:
            # Forked, so that the word tables that are loaded here are shared and not loaded again.
            self._pool = ProcessPoolExecutor(
                self._workers, multiprocessing.get_context("fork"), initializer=_start_worker
            )
        try:
            return self._pool.submit(_clean_batch, self._clean, batch)
        except BrokenProcessPool as error:
            broken: Future[list[Outcome]] = Future()
            broken.set_exception(error)
            return broken

    def _end(self) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()


def _clean_batch(clean: CleanLine, batch: Sequence[Line]) -> list[Outcome]:
    return [clean(line) for line in batch]


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
