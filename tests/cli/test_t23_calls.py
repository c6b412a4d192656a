"""T-23, before anything runs: every log call of the house has a fixed event and declared fields."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.logs.fields import FIELDS, is_event

ROOT = Path(__file__).parents[2]
LOGGERS = {"_log", "log", "_logger", "logger", "LOG"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "warn", "msg"}
BESIDES = {"exc_info"}


def complaints(source: str) -> list[str]:
    return [complaint for call in log_calls(ast.parse(source)) for complaint in wrong_with(call)]


def log_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LEVELS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in LOGGERS
        ):
            yield node


def wrong_with(call: ast.Call) -> Iterator[str]:
    for event in literals(call.args[0]) if len(call.args) == 1 else [None]:
        if event is None or not is_event(event):
            yield f"line {call.lineno}: the event is no fixed snake_case word"
    for keyword in call.keywords:
        if keyword.arg not in FIELDS and keyword.arg not in BESIDES:
            yield f"line {call.lineno}: the field {keyword.arg} is not declared"


def literals(event: ast.expr) -> list[str | None]:
    """Look through `"a" if … else "b"`."""
    if isinstance(event, ast.IfExp):
        return [*literals(event.body), *literals(event.orelse)]
    return [event.value if isinstance(event, ast.Constant) and isinstance(event.value, str) else None]


def sources() -> list[Path]:
    return sorted(path for folder in ("bot", "storage") for path in (ROOT / folder).rglob("*.py"))


def test_t23_every_log_call_has_a_fixed_event_and_declared_fields() -> None:
    found = {
        f"{path.relative_to(ROOT)} {complaint}"
        for path in sources()
        if "node_modules" not in path.parts
        for complaint in complaints(path.read_text(encoding="utf-8"))
    }

    assert found == set()


@pytest.mark.parametrize(
    "planted",
    [
        "_log.info(f'posted by {name}')",
        "_log.info('Posted a case')",
        "_log.info('posted', text=story)",
        "_log.warning('posted %s', name)",
        "log.error(event)",
        "_log.info('posted', **fields)",
        "_log.info('posted' if ok else name)",
    ],
)
def test_t23_a_planted_call_is_complained_about(planted: str) -> None:
    assert complaints(planted) != []


def test_t23_a_proper_call_is_not() -> None:
    assert complaints("_log.error('delivery_failed' if a else 'late', site=site, exc_info=fault)") == []
