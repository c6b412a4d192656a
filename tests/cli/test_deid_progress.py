"""The progress bar: drawn on a terminal only, out of the way of other lines."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from bot.cli import progress
from bot.cli.progress import Progress


class Screen(io.StringIO):
    """Standard error on a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    screen = Screen()
    # Not sys.stderr itself: pytest puts its own there again before the test begins.
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=screen))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "60")
    return screen


def last(screen: Screen) -> str:
    """What stands on the last line, with everything before it wiped away."""
    return screen.getvalue().rstrip("\n").rpartition("\x1b[K")[2]


def test_the_last_line_says_how_much_was_done(screen: Screen) -> None:
    with Progress("files", 4) as bar:
        for _ in range(3):
            bar.step()
    assert last(screen).startswith("[##################------]  75%  3 of 4 files  0:0")


def test_a_share_of_the_whole_may_be_told(screen: Screen) -> None:
    with Progress("lines", 1_000) as bar:
        bar.step(1_000)
    assert last(screen).startswith("[########################] 100%  1 lines  0:0")


def test_without_a_whole_there_is_a_count(screen: Screen) -> None:
    with Progress("lines") as bar:
        bar.step()
    assert last(screen).startswith("1 lines  0:0")


def test_a_line_said_is_not_wiped_away(screen: Screen) -> None:
    with Progress("files", 2) as bar:
        bar.say("first")
        bar.step()
        bar._draw()
        bar.say("second")
    shown = screen.getvalue()
    assert shown.startswith("first\n")
    assert "\r\x1b[Ksecond\n\r\x1b[K[####" in shown


def test_no_line_is_wider_than_the_terminal(screen: Screen) -> None:
    with Progress("words that are very long indeed, longer than any terminal", 3) as bar:
        bar.step()
    assert len(last(screen)) == 59


@pytest.mark.parametrize("term", ["dumb", "xterm"])
def test_nothing_is_drawn_elsewhere(monkeypatch: pytest.MonkeyPatch, term: str) -> None:
    said = Screen() if term == "dumb" else io.StringIO()
    monkeypatch.setattr(progress, "sys", SimpleNamespace(stderr=said))
    monkeypatch.setenv("TERM", term)
    with Progress("files", 2) as bar:
        bar.step()
        bar.say("kept")
    assert said.getvalue() == "kept\n"
