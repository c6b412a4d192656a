"""For the whole suite: a log line with an undeclared event or field raises where it is written."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture(scope="session", autouse=True)
def _strict_logs() -> Iterator[None]:
    hooks = sys.unraisablehook, threading.excepthook
    undo = logs.configure("debug", "json", stream=io.StringIO(), strict=True)
    # pytest listens there, so that a warning, something left open or a thread that dies fails its test.
    sys.unraisablehook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    yield
    undo()
