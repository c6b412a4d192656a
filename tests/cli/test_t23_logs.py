"""T-23: planted canaries in log calls, exceptions and other libraries' lines never reach the log."""

import asyncio
import io
import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import structlog

from bot import logs
from bot.domain.refusal import Refused
from bot.logs import Counts, Undeclared, failure, reference
from bot.ports.adapter import Undeliverable

CANARY = "Jane Canary"


class Log:
    """What was written, as lines."""

    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.dropped = 0
        self.levels: list[str] = []

    def drop(self) -> None:
        self.dropped += 1

    @property
    def text(self) -> str:
        return self.stream.getvalue()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.text.splitlines()]

    @property
    def line(self) -> dict[str, Any]:
        [only] = self.lines
        return only


@pytest.fixture
def log() -> Iterator[Log]:
    written = Log()
    undo = logs.configure(
        "debug", "json", stream=written.stream, counts=Counts(written.drop, written.levels.append)
    )
    yield written
    undo()


@pytest.fixture
def strict() -> Iterator[Log]:
    written = Log()
    undo = logs.configure("debug", "text", stream=written.stream, strict=True)
    yield written
    undo()


def ours() -> Any:
    return structlog.get_logger("bot.somewhere")


def test_t23_a_declared_line_comes_out_whole(log: Log) -> None:
    ours().warning("delivery_failed", site="st-anna", code="channel_not_found", tries=2, seconds=0.5)

    line = log.line
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "warning",
        "event": "delivery_failed",
        "site": "st-anna",
        "code": "channel_not_found",
        "tries": 2,
        "seconds": 0.5,
    }
    assert (log.dropped, log.levels) == (0, ["warning"])


@pytest.mark.parametrize(
    "fields",
    [
        {"text": CANARY},
        {"user": "U0CANARY"},
        {"site": CANARY},
        {"code": "@canary:city.example"},
        {"count": CANARY},
        {"error": CANARY},
        {"trace": [CANARY]},
        {"reference": "canary"},
        {"delivery": {"text": CANARY}},
        {"connected": CANARY},
    ],
)
def test_t23_what_is_not_declared_is_dropped_and_counted(log: Log, fields: dict[str, object]) -> None:
    ours().info("case_posted", **fields)

    assert "anary" not in log.text.lower().replace("undeclared", "")
    assert log.line["dropped"] == 1
    assert log.dropped == 1


@pytest.mark.parametrize("event", [f"posted by {CANARY}", "Posted", "", "x" * 65])
def test_t23_an_event_is_a_fixed_word(log: Log, event: str) -> None:
    ours().info(event)

    assert log.line["event"] == "undeclared_event"
    assert log.dropped == 1


def test_t23_in_tests_an_undeclared_field_or_event_raises(strict: Log) -> None:
    with pytest.raises(Undeclared, match="the field text"):
        ours().info("case_posted", text=CANARY)
    with pytest.raises(Undeclared, match="a value of site"):
        ours().info("case_posted", site=CANARY)
    with pytest.raises(Undeclared, match="an event"):
        ours().info(f"posted by {CANARY}")
    assert strict.text == ""


def test_t23_bound_fields_go_the_same_way(log: Log) -> None:
    with structlog.contextvars.bound_contextvars(reference="K7Q2", person=CANARY):
        ours().bind(account=CANARY).info("case_posted")

    assert log.line["reference"] == "K7Q2"
    assert log.line["dropped"] == 2
    assert "anary" not in log.text


def broken(text: str) -> None:
    local = f"{text} again"
    try:
        os.environ[local]
    except KeyError as error:
        raise ValueError(text) from error


def test_t23_an_exception_is_class_cause_and_places(log: Log) -> None:
    try:
        broken(CANARY)
    except ValueError:
        ours().exception("handling_failed")

    line = log.line
    assert (line["error"], line["cause"]) == ("ValueError", "KeyError")
    assert line["trace"][-1].startswith("tests/cli/test_t23_logs.py:")
    assert "anary" not in log.text


def test_t23_our_own_codes_may_stand_other_peoples_may_not() -> None:
    class TheirsError(Exception):
        code = "jane_canary"

    assert failure(Undeliverable("channel_not_found"))["code"] == "channel_not_found"
    assert failure(Refused("not_found", CANARY))["code"] == "not_found"
    assert "code" not in failure(Undeliverable(CANARY))
    assert "code" not in failure(TheirsError())
    assert failure(ConnectionRefusedError(111, CANARY))["errno"] == "ECONNREFUSED"


def test_t23_a_group_of_exceptions_tells_where_the_first_was_raised() -> None:
    with pytest.raises(ValueError, match=CANARY) as caught:
        broken(CANARY)

    told = failure(ExceptionGroup(CANARY, [caught.value]))

    assert told["error"] == "ExceptionGroup"
    assert told["trace"][-1].startswith("tests/cli/test_t23_logs.py:")
    assert "anary" not in str(told)


@pytest.mark.parametrize(
    "name", ["slack_sdk.web", "aiohttp.access", "nio.client", "sqlalchemy.engine", "asyncio"]
)
def test_t23_other_libraries_lines_lose_their_words(log: Log, name: str) -> None:
    theirs = logging.getLogger(f"{name}.t23")
    theirs.setLevel(logging.DEBUG)

    theirs.debug("frame %s", CANARY)
    theirs.info(f"frame {CANARY}")
    theirs.warning(f"frame {CANARY}")
    theirs.error("frame %s", CANARY, extra={"payload": CANARY})

    assert "anary" not in log.text
    assert [line["level"] for line in log.lines] == ["warning", "error"]
    assert {line["event"] for line in log.lines} == {"library_line"}
    assert log.lines[0]["place"].startswith("tests/cli/test_t23_logs.py:")


def test_t23_handlers_that_libraries_brought_along_are_taken_off() -> None:
    elsewhere = io.StringIO()
    theirs = logging.getLogger("some_library.t23")
    theirs.addHandler(logging.StreamHandler(elsewhere))

    undo = logs.configure("debug", "json", stream=io.StringIO())
    theirs.error("frame %s", CANARY)
    undo()

    assert elsewhere.getvalue() == ""


def test_t23_our_own_standard_lines_keep_a_fixed_word_and_nothing_else(log: Log) -> None:
    mine = logging.getLogger("bot.adapters.t23")

    mine.info("keys_refused")
    mine.info("keys_refused by %s", CANARY)

    assert [line["event"] for line in log.lines] == ["keys_refused", "library_line"]
    assert "anary" not in log.text


def test_t23_warnings_lose_their_words(log: Log) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)  # pytest has taken their place since the log was set up.
        logging.captureWarnings(capture=True)
        warnings.warn(CANARY, stacklevel=1)

    assert (log.line["event"], log.line["logger"]) == ("library_line", "py.warnings")
    assert "anary" not in log.text


def test_t23_crashes_of_threads_and_of_the_process_lose_their_words(log: Log) -> None:
    thread = threading.Thread(target=broken, args=(CANARY,))
    thread.start()
    thread.join()
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, None)

    assert [line["event"] for line in log.lines] == ["thread_failed", "crashed"]
    assert "anary" not in log.text


async def test_t23_a_task_nobody_awaited_loses_its_words(log: Log) -> None:
    async def fail() -> None:
        broken(CANARY)

    task = asyncio.get_running_loop().create_task(fail(), name=CANARY)
    await asyncio.wait({task})
    asyncio.get_running_loop().call_exception_handler(
        {"message": CANARY, "exception": task.exception(), "task": task}
    )

    assert log.line["error"] == "ValueError"
    assert "anary" not in log.text


def test_t23_the_text_form_says_the_same(strict: Log) -> None:
    ours().info("delivery_failed", site="st-anna", trace=["bot/a.py:1", "bot/b.py:2"])

    assert strict.text.endswith("Z info    delivery_failed site=st-anna trace=bot/a.py:1,bot/b.py:2\n")


def test_undoing_gives_everything_back() -> None:
    before = (logging.getLogger().handlers[:], sys.excepthook, threading.excepthook)

    logs.configure("info", "json", stream=io.StringIO())()

    assert (logging.getLogger().handlers, sys.excepthook, threading.excepthook) == before


def test_a_reference_can_be_read_aloud() -> None:
    codes = {reference(Random(seed)) for seed in range(200)}  # noqa: S311  (repeatable)

    assert all(len(code) == 4 and not set(code) & set("AEIOU01Y") for code in codes)
    assert len(codes) > 190
