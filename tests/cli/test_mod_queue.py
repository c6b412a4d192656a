"""The review queue from the shell: who waits, what was found, and what is decided."""

import json

import pytest

from tests.cli.stage import Terminal
from tests.views.applicants import WAITING

REF = WAITING.reference


def test_nobody_waits(terminal: Terminal) -> None:
    assert terminal.type("mod", "queue").out == "Nobody waits.\n"
    assert json.loads(terminal.type("mod", "queue", "--json").out) == []


def test_who_waits_is_listed_with_what_was_found(terminal: Terminal) -> None:
    terminal.bot.review.waiting = (WAITING,)
    told = terminal.type("mod", "queue").out

    assert REF in told
    assert "roster review: name_unknown" in told
    assert "number: 1234567893" in told
    (one,) = json.loads(terminal.type("mod", "queue", "--json").out)
    assert one["findings"][1] == {
        "step": "credential",
        "check": "roster",
        "outcome": "review",
        "reason": "name_unknown",
    }


@pytest.mark.parametrize(
    ("typed", "done", "sentence"),
    [
        (("approve", REF), "approve", "chooses a screen name now"),
        (("reject", REF, "We do not know you."), "reject We do not know you.", "rejected"),
        (("ask", REF, "Which licence?"), "ask Which licence?", "asked for more"),
    ],
)
def test_a_decision_reaches_the_one_who_proves(
    terminal: Terminal, typed: tuple[str, ...], done: str, sentence: str
) -> None:
    terminal.bot.review.waiting = (WAITING,)
    ended = terminal.type("mod", *typed)

    assert ended.code == 0
    assert sentence in ended.out
    assert terminal.bot.review.decided == [(done, REF, "shell")]


def test_an_unknown_reference_is_one_sentence(terminal: Terminal) -> None:
    ended = terminal.type("mod", "approve", "V-NONE")

    assert ended.code == 1
    assert "No application V-NONE waits" in ended.err


def test_a_rejection_needs_a_reason(terminal: Terminal) -> None:
    assert terminal.type("mod", "reject", REF).code == 2
    assert terminal.type("mod", "reject", REF, " ").code == 2
