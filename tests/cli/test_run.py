"""`curbside run`: serves until it is told to stop, and says in one sentence why it cannot."""

import json
import os
import signal
import socket
from collections.abc import Callable

import pytest

from bot.cli import run
from bot.ports.adapter import ConfigurationRefused
from tests.cli.stage import CONFIG, Terminal


def tell(*signals: signal.Signals) -> Callable[[], None]:
    def send() -> None:
        for one in signals:
            os.kill(os.getpid(), one)

    return send


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order_with_code_0(terminal: Terminal, word: signal.Signals) -> None:
    terminal.bot.when_started = tell(word)

    ended = terminal.type("run", "--log-format", "json")

    assert ended.code == 0
    assert terminal.bot.story == ["open", "start", "stop"]
    lines = [json.loads(line) for line in ended.err.splitlines()]
    events = [line["event"] for line in lines]
    assert (events[0], events[-1]) == ("listening", "stopped")
    assert lines[events.index("told_to_stop")]["signal"] == word.name


def test_a_room_that_the_bot_made_is_told_beside_the_log(terminal: Terminal) -> None:
    terminal.bot.own_rooms = {"city": "!abc"}
    terminal.bot.when_started = tell(signal.SIGTERM)

    ended = terminal.type("run")

    assert ended.out == 'city: the consult room is !abc; write room = "!abc" below its [[matrix]].\n'
    assert "!abc" not in ended.err


def test_hanging_up_changes_nothing(terminal: Terminal) -> None:
    terminal.bot.when_started = tell(signal.SIGHUP, signal.SIGTERM)

    ended = terminal.type("run")

    assert ended.code == 0
    assert "SIGHUP" not in ended.err


def test_it_can_be_stopped_while_it_still_connects(terminal: Terminal) -> None:
    terminal.bot.never_starts = True
    terminal.bot.when_started = tell(signal.SIGTERM)

    ended = terminal.type("run")

    assert ended.code == 0
    assert terminal.bot.story[-1] == "stop"


def test_a_stop_that_takes_too_long_is_told(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "STOP_SECONDS", 0.01)
    terminal.bot.never_stops = True
    terminal.bot.when_started = tell(signal.SIGTERM)

    ended = terminal.type("run")

    assert ended.code == 1
    assert "stop_took_too_long" in ended.err


def test_a_refusal_while_starting_is_one_sentence_and_closes_what_was_open(terminal: Terminal) -> None:
    terminal.bot.refuses_to_start = ConfigurationRefused("data_dir", "another Curbside runs on this database")

    ended = terminal.type("run")

    assert ended.code == 2
    assert ended.err.splitlines()[-1] == "curbside: data_dir: another Curbside runs on this database"
    assert "Traceback" not in ended.err
    assert terminal.bot.story == ["open", "start", "stop"]


def test_a_port_in_use_is_one_sentence(terminal: Terminal) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        terminal.write(CONFIG.replace("port = 0", f"port = {port}"))

        ended = terminal.type("run")

    assert ended.code == 2
    assert f"curbside: [http] cannot listen on 127.0.0.1:{port}" in ended.err
    assert terminal.bot.story == ["open", "stop"]


def test_a_bug_while_starting_says_class_and_place_only(terminal: Terminal) -> None:
    terminal.bot.refuses_to_start = RuntimeError("Jane Canary called")

    ended = terminal.type("run")

    assert ended.code == 1
    assert "RuntimeError" in ended.err
    assert "Canary" not in ended.err
    assert "Traceback" not in ended.err


def test_two_runs_in_one_process_leave_nothing_behind(terminal: Terminal) -> None:
    terminal.bot.when_started = tell(signal.SIGTERM)

    assert [terminal.type("run").code for _ in range(2)] == [0, 0]
