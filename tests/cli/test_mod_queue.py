"""The review queue from the shell: who waits, what was found, and what is decided."""

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.duplicates import Signal
from bot.domain.verification import Applicant, Stage
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


def test_what_speaks_for_a_second_account_is_listed(terminal: Terminal) -> None:
    signals = (Signal.EMAIL, Signal.TOGETHER)
    terminal.bot.review.waiting = (replace(WAITING, gone=True, held=True, signals=signals),)

    assert "also: email, together, old account gone" in terminal.type("mod", "queue").out
    (one,) = json.loads(terminal.type("mod", "queue", "--json").out)
    assert (one["signals"], one["gone"], one["objected"]) == (["email", "together"], True, False)


@pytest.mark.parametrize(
    ("decided", "sentence"),
    [
        ({"stage": Stage.MOVING, "held": True, "gone": True, "approvals": 1}, "14 days to object"),
        ({"held": True, "approvals": 1}, "cannot be approved"),
        ({"held": True, "gone": True, "objected": True, "approvals": 1}, "cannot be approved"),
        ({"held": True, "gone": True, "approvals": 1, "needed": 2}, "since it moves an old account"),
        ({"approvals": 1, "needed": 2}, "since it overrides a failed check"),
    ],
)
def test_what_an_approval_came_to_is_said(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, decided: dict[str, Any], sentence: str
) -> None:
    async def approve(reference: str, by: str) -> Applicant:
        return replace(WAITING, **decided)

    monkeypatch.setattr(terminal.bot.review, "approve", approve)
    assert sentence in terminal.type("mod", "approve", REF).out
