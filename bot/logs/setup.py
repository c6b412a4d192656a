"""Taking over every way in which this process can say something."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from bot.logs.failures import OURS, short
from bot.logs.fields import is_event
from bot.logs.lines import Counts, Form, processors


def configure(
    level: str = "info",
    form: Form = "text",
    *,
    stream: TextIO | None = None,
    strict: bool = False,
    counts: Counts | None = None,
) -> Callable[[], None]:
    """Send all lines of the process to ``stream`` (standard error) in one form; gives a call that undoes it.

    ``counts`` hears of lines and of fields left out; ``strict`` raises :class:`Undeclared` for the latter.
    """
    before = structlog.get_config() if structlog.is_configured() else None
    counts = counts or Counts()
    writer = _Writer(stream or sys.stderr)
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=processors(form, counts, strict=strict),
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=lambda *_: writer,
        cache_logger_on_first_use=False,
    )
    # A library's line must never raise into that library, so its chain is never strict.
    handler = _Libraries(processors(form, counts, strict=False), writer, threshold)
    give_back = _take_over(handler, threshold)

    def undo() -> None:
        give_back()
        structlog.reset_defaults()
        if before is None:
            logging.captureWarnings(capture=False)
        else:
            structlog.configure(**before)

    return undo


def _take_over(handler: logging.Handler, threshold: int) -> Callable[[], None]:
    """Route the standard library's log and every way a crash can be printed through ``handler``."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook, sys.unraisablehook)
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(threshold)
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            logger.handlers[:] = [kept for kept in logger.handlers if isinstance(kept, logging.NullHandler)]
            logger.propagate = True  # Here their lines lose their words; nobody needs to silence them.
    logging.captureWarnings(capture=True)
    sys.excepthook = _crashed
    threading.excepthook = lambda args: _failed("thread_failed", args.exc_value)
    sys.unraisablehook = lambda args: _failed("clean_up_failed", args.exc_value)

    def undo() -> None:
        root.handlers[:], level = before[0], before[1]
        root.setLevel(level)
        sys.excepthook, threading.excepthook, sys.unraisablehook = before[2:]

    return undo


def _crashed(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    _failed("crashed", error)


def _failed(event: str, error: BaseException | None) -> None:
    structlog.get_logger(__name__).error(event, exc_info=error)


class _Writer:
    """Where finished lines go."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> None:
        self._stream.write(f"{line}\n")
        self._stream.flush()

    debug = info = warning = error = critical = write


class _Libraries(logging.Handler):
    """Takes a record of the standard library's log and keeps its level, logger and place; not its words.

    A record of our own whose message is an event word keeps that word.
    """

    def __init__(self, chain: Sequence[Processor], writer: _Writer, threshold: int) -> None:
        super().__init__()
        self._chain = chain
        self._writer = writer
        self._threshold = threshold

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; below WARNING other libraries are not heard at all, whatever level they set."""
        ours = record.name.split(".")[0] in OURS
        if record.levelno < (self._threshold if ours else logging.WARNING):
            return
        event = record.msg if ours and not record.args and is_event(record.msg) else "library_line"
        line: Any = {
            "event": event,
            "logger": record.name,
            "place": f"{short(record.pathname)}:{record.lineno}",
            "exc_info": record.exc_info,
        }
        for step in self._chain:
            line = step(None, record.levelname.lower(), line)
        self._writer.write(line)
