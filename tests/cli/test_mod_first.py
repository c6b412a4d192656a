"""`curbside mod first`: the code is shown once, or the sentence that says what to do instead."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.cli.stage import PretendCode, Terminal

CODE = PretendCode("ABCDE-FGHJK", datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


def test_the_code_is_shown_with_what_its_holder_types(terminal: Terminal) -> None:
    terminal.bot.first_moderator.code = CODE
    ended = terminal.type("mod", "first")

    assert ended.code == 0
    assert ended.out.startswith("ABCDE-FGHJK\n")
    assert "/consult mod first ABCDE-FGHJK" in ended.out
    assert "!consult mod first ABCDE-FGHJK" in ended.out
    assert "until 2026-03-02T09:00+00:00" in ended.out
    assert terminal.bot.story == ["open", "stop"]


def test_json_holds_code_and_end(terminal: Terminal) -> None:
    terminal.bot.first_moderator.code = CODE
    ended = terminal.type("mod", "first", "--json")

    assert json.loads(ended.out) == {"code": "ABCDE-FGHJK", "until": "2026-03-02T09:00+00:00"}


def test_where_there_is_a_moderator_it_says_what_to_do_instead(terminal: Terminal) -> None:
    ended = terminal.type("mod", "first")

    assert ended.code == 1
    assert ended.out == ""
    assert ended.err == (
        "There is a moderator already; `curbside mod enrol --role moderator` makes another.\n"
    )
