"""Enrolment by hand: the wall does the work, the shell learns a reference and never a screen name."""

import json

import pytest

from bot.chat.events import Account
from bot.cli.mod import account
from bot.domain.members import Role
from tests.cli.stage import Terminal

ENROL = ("mod", "enrol", "--name", "Ada Lind", "--specialty", "Dermatology", "--account")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("slack:T0123:U0456", Account("slack", "T0123", "U0456")),
        ("matrix:@ada:city.example", Account("matrix", "city.example", "@ada:city.example")),
        ("matrix:@ada:localhost:8448", Account("matrix", "localhost:8448", "@ada:localhost:8448")),
    ],
)
def test_accounts_are_read(written: str, read: Account) -> None:
    assert account(written) == read


@pytest.mark.parametrize(
    "written", ["slack:T0123", "slack:T0123:@ada", "matrix:ada:city.example", "matrix:@ada", "irc:a:b", ""]
)
def test_anything_else_is_refused_with_the_two_forms(terminal: Terminal, written: str) -> None:
    ended = terminal.type(*ENROL, written)

    assert ended.code == 2
    assert "slack:TEAM:USER or matrix:@user:server" in ended.err
    assert terminal.bot.wall.joining.enrolled == {}


def test_enrolment_reaches_the_wall_and_closes_the_bot_unstarted(terminal: Terminal) -> None:
    ended = terminal.type(*ENROL, "slack:T0123:U0456", "--role", "trainee")

    assert ended.code == 0
    assert terminal.bot.wall.joining.enrolled == {
        Account("slack", "T0123", "U0456"): ("Ada Lind", "Dermatology", Role.TRAINEE, "shell")
    }
    assert "K7Q2" in ended.out
    assert terminal.bot.story == ["open", "stop"]


def test_json_holds_reference_and_whether_it_was_known(terminal: Terminal) -> None:
    first = terminal.type(*ENROL, "slack:T0123:U0456", "--json")
    again = terminal.type(*ENROL, "slack:T0123:U0456", "--json")

    assert json.loads(first.out) == {"reference": "K7Q2", "already": False}
    assert json.loads(again.out) == {"reference": "K7Q2", "already": True}


@pytest.mark.parametrize("name", ["", "   ", "x" * 121, "two\x07bells"])
def test_a_name_has_to_be_one(terminal: Terminal, name: str) -> None:
    ended = terminal.type("mod", "enrol", "--name", name, "--specialty", "x", "--account", "slack:T01:U01")

    assert ended.code == 2
    assert "--name" in ended.err


def test_a_room_is_paused_and_resumed_from_the_shell(terminal: Terminal) -> None:
    assert terminal.type("mod", "pause", "city").out == "city: paused; what is for its room waits.\n"
    assert "was paused already" in terminal.type("mod", "pause", "city").out
    assert terminal.type("mod", "resume", "city").out == "city: goes on; what waited leaves now.\n"
    assert terminal.type("mod", "resume", "city").out == "city: was not paused.\n"
    terminal.bot.pausing.held.add("city")
    assert "stays paused" in terminal.type("mod", "resume", "city").out


def test_a_site_that_is_none_is_a_sentence(terminal: Terminal) -> None:
    ended = terminal.type("mod", "pause", "town")
    assert ended.code == 2
    assert "no site is called town; there are: city" in ended.err
