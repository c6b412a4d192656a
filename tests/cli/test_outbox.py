"""`curbside outbox`: what waits and what was set apart, without a text or an address, and second chances."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.pauses import Cause, Pause
from bot.ports.backlog import Quarantined, Retried, Waiting
from bot.ports.outbox import What
from tests.cli.stage import PretendBacklog, Terminal

FIRST, SECOND = "a1b2c3d4" * 4, "a1b2ffff" * 4


@pytest.fixture
def backlog(terminal: Terminal) -> PretendBacklog:
    terminal.bot.backlog = PretendBacklog(
        [Waiting("st-anna", 12, 7500), Waiting("", 1, 3)],
        apart={
            FIRST: Quarantined(FIRST, "st-anna", What.POST, 4, 200_000, "channel_not_found"),
            SECOND: Quarantined(SECOND, "", What.EDIT, 1, 59, "picture_gone"),
        },
    )
    return terminal.bot.backlog


def test_the_list_says_where_to_how_many_how_long_and_why(
    terminal: Terminal, backlog: PretendBacklog
) -> None:
    ended = terminal.type("outbox", "list")

    assert ended.code == 0
    assert [line.split() for line in ended.out.splitlines()] == [
        ["waiting", "for", "deliveries", "oldest", "since"],
        ["room", "at", "st-anna", "12", "2", "h"],
        ["home", "chats", "1", "3", "s"],
        [],
        ["in", "quarantine", "to", "what", "tries", "since", "reason"],
        f"{FIRST} room at st-anna post 4 2 d channel_not_found".split(),
        f"{SECOND} home chats edit 1 59 s picture_gone".split(),
    ]
    assert terminal.bot.story == ["open", "stop"]


def test_the_list_as_json(terminal: Terminal, backlog: PretendBacklog) -> None:
    told = json.loads(terminal.type("outbox", "list", "--json").out)

    assert told["waiting"][0] == {"to": "room", "site": "st-anna", "deliveries": 12, "oldest_seconds": 7500}
    assert told["quarantined"][1] == {
        "id": SECOND,
        "to": "home",
        "what": "edit",
        "tries": 1,
        "age_seconds": 59,
        "code": "picture_gone",
    }


def test_paused_rooms_are_listed_with_their_cause(terminal: Terminal, backlog: PretendBacklog) -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    backlog.pauses = [Pause("st-anna", Cause.STRANGER, since, told=True)]

    lines = terminal.type("outbox", "list").out.splitlines()
    assert "room at st-anna          somebody is in it who may not be" in lines
    told = json.loads(terminal.type("outbox", "list", "--json").out)
    assert told["paused"] == [{"site": "st-anna", "cause": "stranger", "told": True}]


def test_an_empty_outbox_says_so(terminal: Terminal) -> None:
    assert terminal.type("outbox", "list").out == "Nothing waits, and nothing is in quarantine.\n"
    assert terminal.type("outbox", "retry", "all").out == "Nothing is in quarantine.\n"


def test_one_gets_its_second_chance_by_the_beginning_of_its_id(
    terminal: Terminal, backlog: PretendBacklog
) -> None:
    ended = terminal.type("outbox", "retry", "A1B2C3")

    assert (ended.code, ended.out) == (0, f"{FIRST} leaves again\n")
    assert backlog.retried == [FIRST]


def test_all_get_theirs_and_what_was_overtaken_is_told(terminal: Terminal, backlog: PretendBacklog) -> None:
    backlog.outcomes[SECOND] = Retried.OVERTAKEN

    ended = terminal.type("outbox", "retry", "all")

    assert ended.code == 1
    assert f"{SECOND} stays: something newer came after it; drop it" in ended.out
    assert json.loads(terminal.type("outbox", "retry", "all", "--json").out) == {
        FIRST: "waiting",
        SECOND: "overtaken",
    }


def test_one_is_dropped(terminal: Terminal, backlog: PretendBacklog) -> None:
    ended = terminal.type("outbox", "drop", SECOND)

    assert (ended.code, ended.out) == (0, f"{SECOND} was dropped\n")
    assert list(backlog.apart) == [FIRST]


@pytest.mark.parametrize(
    ("beginning", "said"),
    [
        ("a1b2", "give at least the first 6 signs of the id"),
        ("ffffff", "no delivery in quarantine begins with ffffff"),
        ("all", "give at least the first 6 signs of the id"),
    ],
)
def test_an_id_that_is_none_is_a_sentence(
    terminal: Terminal, backlog: PretendBacklog, beginning: str, said: str
) -> None:
    ended = terminal.type("outbox", "drop", beginning)

    assert ended.code == 2
    assert said in ended.err
    assert len(backlog.apart) == 2


def test_a_beginning_of_two_asks_for_more(terminal: Terminal, backlog: PretendBacklog) -> None:
    other = f"{FIRST[:8]}{'0' * 24}"
    backlog.apart[other] = Quarantined(other, "", What.POST, 1, 1, "x")

    ended = terminal.type("outbox", "drop", FIRST[:8])

    assert ended.code == 2
    assert f"2 deliveries begin with {FIRST[:8]}; give more of the id" in ended.err
