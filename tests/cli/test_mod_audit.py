"""`curbside mod audit verify`: one sentence, and 1 where the chain does not hold."""

from __future__ import annotations

import json

from tests.cli.stage import PretendHead, PretendVerdict, Terminal

WELL = PretendVerdict(PretendHead(12, f"12-{'ab' * 32}"))
CUT = PretendVerdict(PretendHead(9, f"9-{'cd' * 32}"), "Entries at the end of the audit chain are missing.")


def test_a_chain_that_holds(terminal: Terminal) -> None:
    terminal.bot.audit.verdict = WELL
    ended = terminal.type("mod", "audit", "verify")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out == f"The audit chain holds: 12 entries, ending in 12-{'ab' * 32}.\n"
    assert terminal.bot.story == ["open", "stop"]


def test_a_chain_that_was_cut_since_an_end_was_told(terminal: Terminal) -> None:
    terminal.bot.audit.verdict = CUT
    ended = terminal.type("mod", "audit", "verify", "--head", f"12-{'ab' * 32}")

    assert (ended.code, ended.out) == (1, "")
    assert ended.err == "The audit chain does not hold. Entries at the end of the audit chain are missing.\n"
    assert terminal.bot.audit.told == [f"12-{'ab' * 32}"]


def test_json(terminal: Terminal) -> None:
    terminal.bot.audit.verdict = CUT
    ended = terminal.type("mod", "audit", "verify", "--json")

    assert ended.code == 1
    told = {"entries": 9, "head": f"9-{'cd' * 32}", "problem": CUT.problem}
    assert json.loads(ended.out) == told


def test_a_chain_without_entries_and_an_end_that_is_none(terminal: Terminal) -> None:
    assert terminal.type("mod", "audit", "verify").out == "The audit chain has no entry yet.\n"
    ended = terminal.type("mod", "audit", "verify", "--head", "nonsense")
    assert ended.code == 2
    assert "as moderators were told it" in ended.err
