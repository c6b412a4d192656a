"""What every text is held against: loaded once, ahead of the first text, and missed aloud."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from structlog.testing import capture_logs

from bot.anonymizer import Anonymizer, anonymizer, loading
from bot.anonymizer.found import Found
from bot.anonymizer.submission import Submission
from bot.bootstrap.loading import Loading
from tests.anonymizer.test_patterns import ALL

THREADS = 8


class Counting:
    """A check that counts how often it runs."""

    name = "counting"

    def __init__(self) -> None:
        self.runs = 0

    def find(self, _submission: Submission, _before: Sequence[Found]) -> Iterator[Found]:
        self.runs += 1
        return iter(())


def fail() -> None:
    raise FileNotFoundError("words.tsv")


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Give the loading of a process that has loaded nothing."""
    loading._load.cache_clear()
    yield loading.load
    monkeypatch.undo()
    loading._load.cache_clear()


def test_threads_that_need_it_at_once_load_it_once(
    fresh: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    check, together = Counting(), Barrier(THREADS)
    monkeypatch.setattr(loading, "TEXT_CHECKS", (check,))

    def need(_number: int) -> None:
        together.wait()
        fresh()

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(need, range(THREADS)))
    assert check.runs == 1


def test_nothing_is_left_for_the_first_text() -> None:
    for pattern in ALL:
        vars(pattern).pop("compiled", None)
    loading._load.cache_clear()
    Anonymizer().load()
    assert [pattern.reason for pattern in ALL if "compiled" not in vars(pattern)] == []


def test_where_nothing_can_be_loaded_no_text_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymizer, "load", fail)
    cleaned = Anonymizer().clean({"x": "Mr. Smith"})
    assert cleaned.failed == ("loading",)
    assert cleaned.text("x") == "[not checked]"


async def test_a_start_goes_on_where_nothing_can_be_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymizer, "load", fail)
    beside = Loading(Anonymizer())
    await beside.ended()
    with capture_logs() as logged:
        beside.begin()
        await beside.ended()
    assert [line["event"] for line in logged] == ["anonymizer_not_loaded"]
