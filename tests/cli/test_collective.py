"""`curbside collective`: a case in is a list out, a bad line loses nothing else, no traceback ever."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli import perform

ROOT = Path(__file__).parents[2]
CASE = {"case": 7, "opinions": [["PE", "r/o croup"], ["Zorblatic"], ["acute PE?"], ["zorblat fever"]]}
ANSWER = {
    "case": 7,
    "ranking": [
        {"name": "Pulmonary Embolism", "mesh": "D011655", "score": 2.0, "voters": 2, "first": 2},
        {"name": "zorblat fever", "mesh": None, "score": 1.0, "voters": 1, "first": 1},
        {"name": "zorblatic", "mesh": None, "score": 1.0, "voters": 1, "first": 1},
        {"name": "Croup", "mesh": "D003440", "score": 0.5, "voters": 1, "first": 0},
    ],
    "agreement": 0.25,
}
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)


class Shell:
    """Runs the command in this process and keeps what it said."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        self.out = ""
        self.err = ""

    def run(self, content: bytes) -> int:
        """Run it with this standard input; the exit code."""
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        code = perform(["collective"])
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def answers(self) -> list[dict[str, Any]]:
        """Standard output, read as JSON lines."""
        return [json.loads(line) for line in self.out.split("\n")[:-1]]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """Standard error, read as JSON lines."""
        return [json.loads(line) for line in self.err.split("\n")[:-1]]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def line(value: object) -> bytes:
    """A value as one line of JSON."""
    return json.dumps(value).encode() + b"\n"


def test_a_case_in_is_a_list_out(shell: Shell) -> None:
    assert shell.run(line(CASE)) == 0
    assert shell.answers == [ANSWER]
    assert shell.err == ""


@pytest.mark.parametrize(
    ("opinions", "names", "agreement"),
    [
        ([], [], None),
        ([[]], [], None),
        ([["\N{SHRUG}", "", " "]], [], None),
        ([["gout"]], ["Gout"], None),
        ([["gout"], ["PE"]], ["Gout", "Pulmonary Embolism"], 0.0),
        ([["\N{FACE WITH MEDICAL MASK} gout \N{FACE WITH MEDICAL MASK}"], ["GOUT"]], ["Gout"], 1.0),
    ],
)
def test_it_ranks_from_one_opinion_on(
    shell: Shell, opinions: list[list[str]], names: list[str], agreement: float | None
) -> None:
    assert shell.run(line({"case": "a", "opinions": opinions})) == 0
    (answer,) = shell.answers
    assert [row["name"] for row in answer["ranking"]] == names
    assert answer["agreement"] == agreement


def test_thirty_diagnoses_keep_their_order(shell: Shell) -> None:
    named = [f"zorblat {chr(97 + number // 10)}{number}" for number in range(30)]
    assert shell.run(line({"case": 1, "opinions": [named]})) == 0
    assert [row["name"] for row in shell.answers[0]["ranking"]] == named


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"not json", {"error": "this line is no JSON"}),
        (b"\xff\xfe", {"error": "this line is not UTF-8 text"}),
        (b"[1]", {"error": "this line is no JSON object"}),
        (b"[" * 100_000, {"error": "this line is no JSON"}),
        (b'{"case": 1}', {"case": 1, "error": "there is no `opinions`"}),
        (b'{"case": "x", "opinions": "gout"}', {"case": "x", "error": "`opinions` is no list"}),
        (b'{"case": 1, "opinions": [["a"], "gout"]}', {"case": 1, "error": "opinion 2 is no list"}),
        (b'{"case": 1, "opinions": [{"a": 1}]}', {"case": 1, "error": "opinion 1 is no list"}),
        (
            b'{"case": 1, "opinions": [["a", ["b"]]]}',
            {"case": 1, "error": "opinion 1 holds something that is no text"},
        ),
        (
            b'{"case": 1, "opinions": [["a", null]]}',
            {"case": 1, "error": "opinion 1 holds something that is no text"},
        ),
        (
            b'{"case": 1e999, "opinions": []}',
            {"error": "it is nested too deeply, or holds a number that is none in JSON"},
        ),
        (
            b'{"case": 1, "opinions": [[' + b'"a",' * 10_000 + b'"a"]]}',
            {"case": 1, "error": "there are more than 10000 diagnoses"},
        ),
        (b'{"opinions": [["' + b"x" * 33 * 1024**2 + b'"]]}', {"error": "this line is longer than 32 MB"}),
    ],
)
def test_a_bad_line_is_named_and_loses_nothing_else(
    shell: Shell, content: bytes, error: dict[str, object]
) -> None:
    assert shell.run(line(CASE) + b"\n" + content + b"\n" + line(CASE).rstrip(b"\n")) == 1
    assert shell.answers == [ANSWER, ANSWER]
    assert shell.errors == [{"line": 3, **error}]


def test_an_error_quotes_nothing_of_the_opinions(shell: Shell) -> None:
    shell.run(b'{"opinions": [["zorblat"\n{"opinions": [["zorblat", 3]]}\n')
    assert len(shell.errors) == 2
    assert "zorblat" not in shell.err


def test_a_case_may_be_called_anything_and_comes_back(shell: Shell) -> None:
    idents = [1.5, ["a"], {"b": 1}, "\u00e9\u2028", "\udc80"]
    assert shell.run(b"".join(line({"case": ident, "opinions": []}) for ident in idents)) == 0
    assert [json.loads(each)["case"] for each in shell.out.split("\n")[:-1]] == idents


def test_a_case_nested_as_deep_as_can_be_read_ends_in_no_traceback(shell: Shell) -> None:
    content = [
        b'{"case": ' + b"[" * deep + b"]" * deep + b', "opinions": []}\n' for deep in range(800, 1000, 3)
    ]
    assert shell.run(b"".join(content) + line(CASE)) in {0, 1}
    assert shell.out.count("\n") + shell.err.count("\n") == len(content) + 1
    assert json.loads(shell.out.split("\n")[-2]) == ANSWER


def test_own_words_are_short_and_plain(shell: Shell) -> None:
    texts = ["<@U0123> \x1b[31mzorblat\x07 fever", "zorblat " * 500, "x" * 5_000, "\u202eevil\u202c fever"]
    assert shell.run(line({"case": 1, "opinions": [texts]})) == 0
    names = [row["name"] for row in shell.answers[0]["ranking"]]
    assert names[0] == "u0123 31mzorblat fever"
    assert names[3] == "evil fever"
    assert all(len(name) <= 80 and re.fullmatch(r"[a-z0-9 ]+", name) for name in names)


def test_the_same_opinions_in_any_order_give_the_same_bytes(shell: Shell) -> None:
    opinions = [["PE", "MS"], ["gout"], ["pulmonary embolsim", "mitral stenosis"], ["zorblat?"], ["Zorblats"]]
    shell.run(line({"case": 1, "opinions": opinions}))
    first = shell.out
    shell.run(line({"case": 1, "opinions": opinions[::-1]}))
    assert shell.out == first


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.one_of(JUNK, st.fixed_dictionaries({"case": JUNK, "opinions": JUNK | st.lists(st.lists(JUNK))})))
def test_no_junk_ends_in_a_traceback(shell: Shell, junk: object) -> None:
    code = shell.run(line(junk))
    assert (code, shell.out.count("\n"), shell.err.count("\n")) in {(0, 1, 0), (1, 0, 1)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_end_in_a_traceback(shell: Shell, content: bytes) -> None:
    assert shell.run(content + b"\n" + line(CASE)) in {0, 1}
    assert shell.answers[-1] == ANSWER
    assert all(set(error) <= {"line", "case", "error"} for error in shell.errors)


def started(
    stdin: int | IO[bytes] = subprocess.PIPE, stderr: int = subprocess.PIPE
) -> subprocess.Popen[bytes]:
    """Start the command as a program of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    command = (sys.executable, "-m", "bot", "collective")
    return subprocess.Popen(command, stdin=stdin, stdout=subprocess.PIPE, stderr=stderr, env=environment)


def test_an_answer_comes_before_the_next_line_is_there() -> None:
    with started() as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for case in range(3):
            program.stdin.write(line({**CASE, "case": case}))
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["case"] == case
        program.stdin.close()
        assert program.wait() == 0


def test_a_terminal_gets_a_bar_and_a_closing_count(tmp_path: Path) -> None:
    (tmp_path / "cases").write_bytes((line(CASE) * 99 + b"[]\n") * 10)
    ours, theirs = os.openpty()
    with (tmp_path / "cases").open("rb") as file, started(stdin=file, stderr=theirs) as program:
        os.close(theirs)
        assert program.stdout is not None
        answers = program.stdout.readlines()
        shown = b"".join(_until_closed(ours)).decode()
    assert program.returncode == 1
    assert len(answers) == 990
    assert re.search(r"\[#+\] 100%  1,000 cases", shown)
    assert "990 cases ranked, 10 lines refused" in shown


def _until_closed(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            yield os.read(descriptor, 65536)
        except OSError:
            os.close(descriptor)
            return
