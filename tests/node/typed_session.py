"""A pytest plugin: every call that any test made to the local Slack is type-checked when the tests are over.

Switched on by ``-p tests.node.typed_session``. Each worker checks its own calls. Calls that the stand-in
refused are left out: those tests are about the refusal.
"""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from bot.standin.slack import Call, SlackStandin
from tests.node.typed_calls import type_problems

_seen: dict[str, Call] = {}
_told: list[str] = []


def pytest_configure() -> None:
    """Keep the calls of every stand-in when it stops."""
    stop = SlackStandin.stop

    @functools.wraps(stop)
    async def stop_and_keep(standin: SlackStandin) -> None:
        keep(standin.calls)
        await stop(standin)

    SlackStandin.stop = stop_and_keep  # type: ignore[method-assign,assignment]


def keep(calls: list[Call]) -> None:
    """Remember what was answered with ok, each call once."""
    for call in calls:
        if call.ok:
            _seen.setdefault(json.dumps([call.method, call.args], sort_keys=True), call)


def complaints() -> list[str]:
    """What Slack's types have against the calls kept so far."""
    calls = list(_seen.values())
    problems = type_problems(calls) if calls else {}
    return [
        f"{calls[number].method} {json.dumps(calls[number].args)[:300]}: {told[0]}"
        for number, told in problems.items()
    ]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Check at the end; a worker hands its findings to whoever gathers them."""
    _told.extend(complaints())
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["typed"] = _told
    elif _told:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Gather what a worker found."""
    _told.extend(getattr(node, "workeroutput", {}).get("typed", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what was found."""
    if _told:
        terminalreporter.section("Slack's types have something against these calls", red=True)
    for line in _told:
        terminalreporter.line(line)
