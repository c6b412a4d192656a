"""Members' standing from the shell: who is stopped and restored, by screen name, and what it says."""

import json
from datetime import UTC, datetime

import pytest

from bot.domain.members import Member, MemberId, Role
from bot.domain.standing import Cause, Done, Standing, Stop
from tests.cli.stage import Terminal

HERON = Member(MemberId("a1" * 16), "Quiet Heron", Role.PHYSICIAN, "Dermatology")
STOP = Stop(Cause.MODERATORS, "Sold things.", datetime(2026, 3, 8, 9, 0, tzinfo=UTC), appealed=True)


@pytest.mark.parametrize(
    ("typed", "answers", "asked", "sentence"),
    [
        (
            ("suspend", "Quiet Heron", "Sold things.", "--days", "7"),
            Done.SUSPENDED,
            ("suspend", "Quiet Heron", "7", "Sold things.", "shell"),
            "Quiet Heron is suspended until 8 March 2026, 09:00 UTC",
        ),
        (
            ("suspend", "Quiet Heron", "Sold things."),
            Done.SUSPENDED,
            ("suspend", "Quiet Heron", "None", "Sold things.", "shell"),
            "until further notice",
        ),
        (
            ("ban", "Quiet Heron", "Sold things."),
            Done.BAN_ASKED,
            ("ban", "Quiet Heron", "Sold things.", "shell"),
            "A second moderator has to agree",
        ),
        (("ban", "Quiet Heron"), Done.BANNED, ("ban", "Quiet Heron", "", "shell"), "is banned"),
        (("restore", "Quiet Heron"), Done.RESTORED, ("restore", "Quiet Heron", "shell"), "was told"),
    ],
)
def test_a_word_reaches_who_stops_members(
    terminal: Terminal, typed: tuple[str, ...], answers: Done, asked: tuple[str, ...], sentence: str
) -> None:
    terminal.bot.stopping.answers = answers
    ended = terminal.type("mod", *typed)

    assert (ended.code, ended.err) == (0, "")
    assert sentence in ended.out
    assert terminal.bot.stopping.asked == [asked]
    assert terminal.bot.story == ["open", "stop"]


@pytest.mark.parametrize("answers", [Done.UNKNOWN, Done.NOT_STOPPED, Done.SAME, Done.WORDLESS])
def test_what_did_nothing_ends_with_one(terminal: Terminal, answers: Done) -> None:
    terminal.bot.stopping.answers = answers
    ended = terminal.type("mod", "ban", "Quiet Heron")

    assert (ended.code, ended.out) == (1, "")
    assert "Quiet Heron" in ended.err
    assert json.loads(terminal.type("mod", "ban", "Quiet Heron", "--json").out)["outcome"] == answers


def test_json_tells_until_when(terminal: Terminal) -> None:
    ended = terminal.type("mod", "suspend", "Quiet Heron", "Sold things.", "--days", "7", "--json")
    assert json.loads(ended.out) == {
        "screen_name": "Quiet Heron",
        "outcome": "suspended",
        "until": "2026-03-08T09:00:00+00:00",
    }


@pytest.mark.parametrize("days", ["0", "-1", "366", "7.5", "seven", "99999999999"])
def test_days_have_to_be_some(terminal: Terminal, days: str) -> None:
    ended = terminal.type("mod", "suspend", "Quiet Heron", "Sold things.", "--days", days)
    assert ended.code == 2
    assert terminal.bot.stopping.asked == []


def test_who_is_stopped_is_listed(terminal: Terminal) -> None:
    assert terminal.type("mod", "stopped").out == "Nobody is stopped by a moderator.\n"
    terminal.bot.stopping.listed = ((HERON, Standing((STOP,))),)
    told = terminal.type("mod", "stopped").out
    assert "Quiet Heron" in told
    assert "Suspended until 8 March 2026" in told
    assert json.loads(terminal.type("mod", "stopped", "--json").out) == [
        {
            "screen_name": "Quiet Heron",
            "state": "suspended",
            "until": "2026-03-08T09:00:00+00:00",
            "reason": "Sold things.",
            "appealed": True,
        }
    ]
