"""`curbside deid text`: lines in and out in order, one bad line loses nothing else, memory stays flat."""

from __future__ import annotations

import json
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.cli.deid_shell import Shell, json_lines, started

POST = "saw Mrs. Quillfeather today, mrn 4417229"
IDENTS = (1.5, ["a"], {"b": 1}, "é\u2028", "\udc80")
CLEAN = "saw Mrs. [person 1] today, mrn [record number]"


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def test_a_line_in_is_a_line_out(shell: Shell) -> None:
    assert shell.run("text", content=json_lines({"id": 7, "text": POST})) == 0
    assert shell.answers == [
        {
            "id": 7,
            "text": CLEAN,
            "spans": [
                {"start": 9, "end": 21, "type": "NAME", "tier": "auto"},
                {"start": 33, "end": 40, "type": "MRN", "tier": "auto"},
            ],
        }
    ]
    assert shell.err == ""


def test_spans_index_the_input_as_it_came(shell: Shell) -> None:
    text = "\N{ZERO WIDTH SPACE}\N{FACE WITH MEDICAL MASK}  saw Mrs. Quill\N{SOFT HYPHEN}feather"
    shell.run("text", content=json_lines({"id": "a", "text": text}))
    (span,) = shell.answers[0]["spans"]
    assert text[span["start"] : span["end"]] == "Quill\N{SOFT HYPHEN}feather"


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"not json", {"error": "this line is no JSON"}),
        (b'{"id": 1, "text": NaN}', {"error": "this line is no JSON"}),
        (b"[" * 100_000, {"error": "this line is no JSON"}),
        (b"\xff\xfe", {"error": "this line is not UTF-8 text"}),
        (b"[1]", {"error": "this line is no JSON object"}),
        (b'{"id": 1}', {"id": 1, "error": "there is no `text`"}),
        (b'{"id": null, "text": 5}', {"id": None, "error": "`text` is no string"}),
        (
            b'{"id": "\\ud800", "text": "a \\ud800"}',
            {"id": "\ud800", "error": "the text holds half of a character (a lone surrogate)"},
        ),
        (
            b'{"id": [2], "text": "' + b"x" * 10_000_000 + b'"}',
            {"id": [2], "error": "the text is longer than 200000 characters"},
        ),
        (b'{"text": "' + b"x" * 33 * 1024**2 + b'"}', {"error": "this line is longer than 32 MB"}),
        (
            b'{"id": 1e999, "text": "x"}',
            {"error": "it is nested too deeply, or holds a number that is none in JSON"},
        ),
    ],
)
def test_a_bad_line_is_named_and_loses_nothing_else(
    shell: Shell, line: bytes, error: dict[str, object]
) -> None:
    good = [json_lines({"id": ident, "text": POST}) for ident in ("first", "last")]
    content = good[0] + b"\n" + line + b"\n" + good[1].rstrip(b"\n")
    assert shell.run("text", content=content) == 1
    assert [(answer["id"], answer["text"]) for answer in shell.answers] == [("first", CLEAN), ("last", CLEAN)]
    assert shell.errors == [{"line": 3, **error}]


def test_an_error_quotes_nothing_of_the_text(shell: Shell) -> None:
    shell.run("text", content=b'{"text": "Quillfeather"\n{"id": 1, "texts": "Quillfeather"}\n')
    assert len(shell.errors) == 2
    assert "Quill" not in shell.err


def test_an_id_may_be_anything_and_comes_back(shell: Shell) -> None:
    content = json_lines(
        *({"id": ident, "text": "x"} for ident in (1.5, ["a"], {"b": 1}, "é\u2028", "\udc80"))
    )
    assert shell.run("text", content=content + b'{"text": "no id"}') == 0
    idents = [json.loads(line)["id"] for line in shell.out.split("\n")[:-1]]
    assert idents == [*IDENTS, None]


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble(shell: Shell) -> None:
    assert shell.run("text", content=b'\xef\xbb\xbf{"id": 1, "text": "fine"}\r\n\r\n') == 0
    assert [answer["id"] for answer in shell.answers] == [1]


@pytest.mark.parametrize("text", ["\N{FACE WITH MEDICAL MASK}" * 50, "\u05e9\u05dc\u05d5\u05dd", ""])
def test_texts_without_a_latin_letter_come_back_whole_or_flagged(shell: Shell, text: str) -> None:
    assert shell.run("text", content=json_lines({"id": 1, "text": text})) == 0
    (answer,) = shell.answers
    assert answer["text"] == text or answer["spans"]


def test_what_an_author_would_be_asked_can_be_kept(shell: Shell) -> None:
    shell.run("text", content=json_lines({"id": 1, "text": "pt jane roe met zorblat"}))
    asked = [span for span in shell.answers[0]["spans"] if span["tier"] == "ask"]
    assert asked
    assert "zorblat" not in shell.answers[0]["text"]
    shell.run("text", "--keep-ask", content=json_lines({"id": 1, "text": "pt jane roe met zorblat"}))
    (answer,) = shell.answers
    assert answer["text"].endswith(" met zorblat")
    assert "jane" not in answer["text"]
    assert [span for span in answer["spans"] if span["tier"] == "ask"] == asked


def test_plain_text_keeps_its_lines(shell: Shell) -> None:
    assert shell.run("text", "--plain", content=f"{POST}\r\n\nBP 120/80\n".encode()) == 0
    assert shell.out == f"{CLEAN}\r\n\nBP 120/80\n"


@pytest.mark.parametrize("content", [b"\xff\xfe\xff", b"x" * 200_001, "é".encode() * 10_000_000])
def test_plain_text_that_cannot_be_checked_gives_nothing(shell: Shell, content: bytes) -> None:
    assert shell.run("text", "--plain", content=content) == 1
    assert shell.out == ""
    assert set(shell.errors[0]) == {"error"}


def posts(count: int) -> Iterator[bytes]:
    """Posts with a bad line now and then; most of each is a field that is not looked at."""
    for number in range(count):
        yield (
            b"[]\n" if number % 100 == 7 else json_lines({"id": number, "text": POST, "source": "x" * 1_500})
        )


def test_several_processes_give_what_one_gives(shell: Shell) -> None:
    content = b"".join(posts(250))
    assert len(content) > 200_000
    assert shell.run("text", "--workers", "1", content=content) == 1
    alone = (shell.out, shell.err)
    assert shell.run("text", "--workers", "2", content=content) == 1
    assert (shell.out, shell.err) == alone
    assert [answer["id"] for answer in shell.answers] == [n for n in range(250) if n % 100 != 7]


def test_an_answer_comes_before_the_next_line_is_there() -> None:
    with started("text") as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for ident in range(3):
            program.stdin.write(json_lines({"id": ident, "text": POST}))
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["id"] == ident
        program.stdin.close()
        assert program.wait() == 0


@pytest.fixture
def some(tmp_path: Path) -> Iterator[IO[bytes]]:
    """A file of posts that takes a moment."""
    with _file_of(tmp_path, 500) as file:
        yield file


@pytest.fixture
def many(tmp_path: Path) -> Iterator[IO[bytes]]:
    """A file of posts whose answers fill any pipe, so that nobody is done before they are read."""
    with _file_of(tmp_path, 2_000) as file:
        yield file


def _file_of(folder: Path, count: int) -> IO[bytes]:
    (folder / "posts").write_bytes(b"".join(posts(count)))
    return (folder / "posts").open("rb")


def test_a_reader_that_goes_away_ends_it_quietly(many: IO[bytes]) -> None:
    with started("text", "--workers", "2", stdin=many) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        for _ in range(150):
            assert program.stdout.readline()
        program.stdout.close()
        assert program.wait() == 1
        said = program.stderr.read().decode()
    assert [line for line in said.splitlines() if "no JSON object" not in line] == []


def test_ctrl_c_ends_it_with_130_and_no_words(many: IO[bytes]) -> None:
    with started("text", "--workers", "2", stdin=many) as program:
        assert program.stdout is not None
        assert program.stderr is not None
        for _ in range(150):
            assert program.stdout.readline()
        program.send_signal(signal.SIGINT)
        while program.stdout.readline():
            pass
        assert program.wait() == 130
        said = program.stderr.read().decode()
    assert [line for line in said.splitlines() if "no JSON object" not in line] == []


def test_processes_end_with_the_one_that_started_them(many: IO[bytes]) -> None:
    with started("text", "--workers", "2", stdin=many) as program:
        assert program.stdout is not None
        for _ in range(150):
            assert program.stdout.readline()
        program.kill()
        # The pipe closes when the last process that could write to it is gone.
        while program.stdout.readline():
            pass


def test_ten_times_the_lines_take_no_more_memory() -> None:
    few, many = _peak(500), _peak(5_000)
    assert many < few + 4 * 1024
    assert few < 200 * 1024


def _peak(count: int) -> int:
    """The most memory that the program ever had, in KiB."""
    with started("text", "--workers", "1") as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for start in range(0, count, 100):
            program.stdin.write(
                json_lines(
                    *(
                        {"id": n, "text": "BP 120/80", "source": "x" * 3_000}
                        for n in range(start, start + 100)
                    )
                )
            )
            program.stdin.flush()
            for _ in range(100):
                assert program.stdout.readline()
        status = Path(f"/proc/{program.pid}/status").read_text(encoding="utf-8")
        program.stdin.close()
        assert program.wait() == 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1])


def test_a_terminal_gets_a_bar_and_a_closing_report(some: IO[bytes]) -> None:
    ours, theirs = os.openpty()
    with started("text", stdin=some, stderr=theirs) as program:
        os.close(theirs)
        assert program.stdout is not None
        answers = program.stdout.readlines()
        shown = b"".join(_until_closed(ours)).decode()
    assert program.returncode == 1
    assert len(answers) == 495
    assert re.search(r"\[#+-*\] +\d+%  [\d,]+ lines  \d:\d\d left", shown)
    assert "495 lines cleaned, 5 refused" in shown
    assert re.search(r"NAME +495 +0", shown)
    assert "Quillfeather" not in shown


def _until_closed(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            yield os.read(descriptor, 65536)
        except OSError:
            os.close(descriptor)
            return
