"""Calm code: short functions, files one can read in a sitting, a first line that says what for."""

import ast
import statistics

import pytest

from tests.architecture.code import Module, modules

LONGEST_FILE = 400
LONGEST_FUNCTION = 60
NINE_IN_TEN = 30

CODE = modules("bot", "storage")
# A migration lists tables as they were on its day; it is read once and never changed.
MIGRATIONS = "/migrations/versions/"


def functions(module: Module) -> dict[str, int]:
    """Lines of each function of a module, by name and first line."""
    return {
        f"{module.path}:{node.lineno} {node.name}": (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(module.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


@pytest.mark.parametrize("tops", [("bot", "storage"), ("tests",)], ids=["code", "tests"])
def test_no_file_is_long(tops: tuple[str, ...]) -> None:
    assert {module.path: module.lines for module in modules(*tops) if module.lines > LONGEST_FILE} == {}


@pytest.mark.parametrize("tops", [("bot", "storage"), ("tests",)], ids=["code", "tests"])
def test_no_function_is_long(tops: tuple[str, ...]) -> None:
    lengths = {name: lines for module in modules(*tops) for name, lines in functions(module).items()}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FUNCTION}
    assert {name: lines for name, lines in long.items() if MIGRATIONS not in name} == {}


def test_nine_in_ten_functions_are_short() -> None:
    lengths = [lines for module in CODE for lines in functions(module).values()]
    assert statistics.quantiles(lengths, n=10)[-1] <= NINE_IN_TEN


def test_every_module_says_what_it_is_for() -> None:
    assert [module.path for module in CODE if not ast.get_docstring(module.tree)] == []
