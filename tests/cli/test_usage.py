"""Wrong use: one line with the nearest word, exit code 2, never a traceback."""

import argparse
import subprocess
import sys

import pytest

from bot.cli.main import COMMANDS, build_parser
from bot.ports.adapter import ConfigurationRefused
from tests.cli.stage import Terminal


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rn"], "I don't know 'rn'; did you mean run?"),
        (["zzzz"], "it is one of: demo, init, doctor, run"),
        (["mod", "enrl"], "I don't know 'enrl'; did you mean enrol?"),
        (["run", "--cofig", "x"], "I don't know '--cofig'; did you mean --config?"),
        (["doctor", "--jsn"], "I don't know '--jsn'; did you mean --json?"),
        (["run", "--log-format", "jsn"], "I don't know 'jsn'; did you mean json?"),
        ([], "COMMAND"),
        (["doctor", "--js"], "I don't know '--js'"),
    ],
)
def test_a_mistyped_word_names_the_nearest(terminal: Terminal, words: list[str], said: str) -> None:
    ended = terminal.type(*words)

    assert ended.code == 2
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_help_and_version_are_no_mistakes(terminal: Terminal) -> None:
    assert terminal.type("--help").code == 0
    assert terminal.type("run", "--help").code == 0
    assert terminal.type("--version").out.startswith("curbside ")


def test_config_may_stand_before_or_after_the_command(terminal: Terminal) -> None:
    elsewhere = terminal.folder / "other.toml"
    terminal.config.rename(elsewhere)

    assert terminal.type("outbox", "list").code == 2
    assert terminal.type("--config", str(elsewhere), "outbox", "list").code == 0
    assert terminal.type("outbox", "list", "--config", str(elsewhere)).code == 0


def test_a_wrong_configuration_is_named_by_key_with_code_2(terminal: Terminal) -> None:
    terminal.write("[relay]\nundo_second = 1\n[[matrix]]\nname = 'city'\n")

    ended = terminal.type("run")

    assert ended.code == 2
    assert "curbside: [relay] has no key undo_second; did you mean undo_seconds?" in ended.err
    assert "curbside: [[matrix]] city homeserver is missing" in ended.err
    assert "Traceback" not in ended.err


def test_a_platform_that_refuses_is_one_sentence_without_secrets(terminal: Terminal) -> None:
    terminal.bot.refuses_to_open = ConfigurationRefused(
        "matrix.city", "the password canary-password was refused"
    )

    ended = terminal.type("db", "upgrade")

    assert ended.code == 2
    assert ended.err == "curbside: matrix.city: the password [secret] was refused\n"


def test_a_bug_is_class_and_place_not_words(terminal: Terminal) -> None:
    terminal.bot.refuses_to_open = RuntimeError("Jane Canary, MRN 4711")

    ended = terminal.type("db", "upgrade")

    assert ended.code == 1
    assert "stopped by a bug: RuntimeError at tests/cli/stage.py:" in ended.err
    assert "Canary" not in ended.err


def test_an_interrupt_is_130(terminal: Terminal) -> None:
    terminal.bot.refuses_to_open = KeyboardInterrupt()

    assert terminal.type("db", "upgrade").code == 130


def test_every_command_explains_itself_and_can_be_called() -> None:
    commands = next(one for one in build_parser()._actions if isinstance(one, argparse._SubParsersAction))

    assert {"demo", "init", "doctor", "run", "mod", "outbox", "db"} <= set(commands.choices)
    assert len(commands._choices_actions) == len(commands.choices) >= len(COMMANDS)
    assert all(one.help for one in commands._choices_actions)


@pytest.mark.parametrize(("words", "code"), [(["--version"], 0), (["rn"], 2)])
def test_python_m_bot_is_curbside(words: list[str], code: int) -> None:
    ended = subprocess.run([sys.executable, "-m", "bot", *words], capture_output=True, text=True, check=False)

    assert ended.returncode == code
    assert (ended.stdout + ended.stderr).startswith("curbside")


def test_an_installation_without_the_demos_packages_says_so() -> None:
    script = "import sys; sys.modules['numpy'] = None; from bot.cli import main; main()"

    ended = subprocess.run(
        [sys.executable, "-c", script, "demo"], capture_output=True, text=True, check=False, timeout=60
    )

    assert ended.returncode == 2
    assert ended.stderr == (
        "curbside: the demo needs more packages than the bot; run `make demo` in the source\n"
    )
