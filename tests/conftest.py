"""For the whole suite: which examples property tests draw, and log lines that raise if undeclared."""

from __future__ import annotations

import io
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import settings

from bot import logs
from tests import server

# The gate judges a change by the same examples every time; `make explore` draws new ones.
settings.register_profile("gate", derandomize=True)
settings.register_profile("explore", print_blob=True)
settings.load_profile("gate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out on PostgreSQL what is about SQLite's own files."""
    if server.ON_POSTGRES:
        left_out = pytest.mark.skip(reason="is about SQLite's own files")
        for item in items:
            if item.get_closest_marker("sqlite"):
                item.add_marker(left_out)


@pytest.fixture(autouse=True)
def _dropped_databases() -> Iterator[None]:
    yield
    server.drop_all()


@pytest.fixture(scope="session", autouse=True)
def _strict_logs() -> Iterator[None]:
    hooks = sys.unraisablehook, threading.excepthook
    undo = logs.configure("debug", "json", stream=io.StringIO(), strict=True)
    # pytest listens there, so that a warning, something left open or a thread that dies fails its test.
    sys.unraisablehook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    yield
    undo()
