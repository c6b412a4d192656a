"""`curbside roster import` as an operator types it: counts, rejected rows, refused files, a kill."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.roster_import import SUBSET, invented, numbered, write
from bot.bootstrap import SystemChance
from bot.identity.keys import create_key_file
from tests.cli.stage import Terminal
from tests.roster.files import ADA, PEOPLE, csv_file, gzipped, marks, text_of

ROOT = Path(__file__).parents[2]
WRONG_DIGIT = numbered(123456789)[:-1] + "0"
WHOLE = {
    "rows": 4,
    "pass": 1,
    "review": 1,
    "fail": 1,
    "organisations": 1,
    "deactivations": 0,
    "rejected": 0,
    "changed": 4,
    "newly_deactivated": 0,
    "import": 1,
}


def with_bad_rows(path: Path, after: int, count: int = 1) -> Path:
    """Put rows with a wrong check digit behind so many others."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    width = lines[0].count(",")
    lines[after + 1 : after + 1] = [f'"{WRONG_DIGIT}"{"," * width}\n'] * count
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_the_counts_as_one_object(terminal: Terminal) -> None:
    ended = terminal.type("roster", "import", str(csv_file(terminal.folder / "rows.csv")), "--json")

    assert (ended.code, json.loads(ended.out), ended.err) == (0, WHOLE, "")
    assert (terminal.folder / "var" / "roster.db").exists()


def test_the_counts_as_a_table(terminal: Terminal) -> None:
    ended = terminal.type("roster", "import", str(csv_file(terminal.folder / "rows.csv")))

    said = dict(line.strip().split(" ", 1)[::-1] for line in ended.out.splitlines())
    assert said == {
        "rows": "4",
        "physicians by taxonomy and degree": "1",
        "physicians by one of the two": "1",
        "other people": "1",
        "organisations": "1",
        "deactivated numbers without more": "0",
        "rejected": "0",
        "new or changed in the roster": "4",
        "newly found deactivated": "0",
    }


def test_a_bad_row_is_an_object_on_standard_error_and_the_code_is_1(terminal: Terminal) -> None:
    path = with_bad_rows(csv_file(terminal.folder / "rows.csv"), after=2)

    ended = terminal.type("roster", "import", str(path), "--json")

    assert ended.code == 1
    assert json.loads(ended.err) == {"line": 4, "reason": "the check digit of the NPI is wrong"}
    assert json.loads(ended.out) == {**WHOLE, "rows": 5, "rejected": 1}


def test_a_list_of_deactivations_tells_its_news(terminal: Terminal) -> None:
    terminal.type("roster", "import", str(csv_file(terminal.folder / "rows.csv")))
    listed = terminal.folder / "off.csv"
    listed.write_text(marks((ADA, "05/01/2024")), encoding="utf-8")

    said = json.loads(terminal.type("roster", "import", str(listed), "--json").out)

    assert (said["deactivations"], said["newly_deactivated"], said["import"]) == (1, 1, 2)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "There is no "),
        (b"", "is empty."),
        (b"Dear all\n", "has no column NPI"),
        (text_of(PEOPLE).encode("utf-16"), "is UTF-16"),
        (b"NPI,Entity Type Code\n", "lacks columns of the registry: Provider Last Name (Legal Name), "),
    ],
)
def test_a_file_that_is_none_is_one_sentence_and_code_2(
    terminal: Terminal, content: bytes | None, said: str
) -> None:
    path = terminal.folder / "rows.csv"
    if content is not None:
        path.write_bytes(content)

    ended = terminal.type("roster", "import", str(path), "--json")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("curbside: ")
    assert said in ended.err
    assert ended.err.count("\n") == 1


def test_a_file_that_breaks_off_changes_nothing(terminal: Terminal) -> None:
    broken = gzipped(terminal.folder / "rows.csv.gz", text_of(PEOPLE))
    broken.write_bytes(broken.read_bytes()[:-20])

    ended = terminal.type("roster", "import", str(broken))

    assert ended.code == 2
    assert "is broken off or damaged" in ended.err
    with sqlite3.connect(terminal.folder / "var" / "roster.db") as roster:
        assert roster.execute("SELECT count(*) FROM providers").fetchone() == (0,)
    roster.close()


@pytest.mark.parametrize("words", [(), ("import",), ("import", "a.csv", "--agin"), ("imprt", "a.csv")])
def test_wrong_use_is_one_line(terminal: Terminal, words: tuple[str, ...]) -> None:
    ended = terminal.type("roster", *words)

    assert (ended.code, ended.err.count("\n")) == (2, 1)


def test_a_list_is_imported_by_the_columns_that_are_named(terminal: Terminal) -> None:
    key = terminal.folder / "keys" / "master.key"
    key.parent.mkdir()
    create_key_file(key, SystemChance())
    path = terminal.folder / "list.csv"
    path.write_text("Staff,Who,Grade\nA1,Ada Lind,resident\nA2,Bo Ek,porter\n", encoding="utf-8")
    maps = ("--map", "licence=Staff", "--map", "name=Who", "--map", "role=Grade")

    ended = terminal.type("roster", "import", str(path), "--list", *maps, "--json")

    assert ended.code == 1
    assert json.loads(ended.err)["line"] == 3
    assert json.loads(ended.out) == {
        "rows": 2,
        "physicians": 0,
        "trainees": 1,
        "rejected": 1,
        "left": 0,
        "import": 1,
    }
    counted = terminal.type("keys", "status", "--json").out
    assert [json.loads(line)["values"] for line in counted.splitlines()] == [3]  # Two canaries and Ada.


def test_a_list_needs_the_key_file_and_the_registry_does_not(terminal: Terminal) -> None:
    path = terminal.folder / "list.csv"
    path.write_text("Staff,Who\nA1,Ada Lind\n", encoding="utf-8")
    maps = ("--map", "number=Staff", "--map", "name=Who", "--role", "trainee")

    ended = terminal.type("roster", "import", str(path), "--list", *maps)

    assert (ended.code, ended.out) == (2, "")
    assert str(terminal.folder / "keys" / "master.key") in ended.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--map", "name=Who"), "--map and --role belong to --list"),
        (("--list", "--map", "who=Who"), "is not KEY=COLUMN with one of: name, first_name"),
        (("--list", "--map", "name"), "is not KEY=COLUMN"),
        (("--list", "--map", "number=A", "--role", "trainee"), "which column holds the name"),
        (("--list", "--map", "name=A", "--role", "trainee"), "the staff or licence number"),
        (("--list", "--map", "name=A", "--map", "number=B"), "who is a physician and who a trainee"),
        (("--list", "--map", "number=A", "--map", "licence=B"), "stands there twice"),
    ],
)
def test_a_list_whose_columns_are_not_told_is_refused(
    terminal: Terminal, words: tuple[str, ...], said: str
) -> None:
    ended = terminal.type("roster", "import", "list.csv", *words)

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert said in ended.err


def command(folder: Path, file: Path, *more: str) -> list[str]:
    words = ["roster", "import", str(file), "--json", "--config", str(folder / "curbside.toml"), *more]
    return [sys.executable, "-m", "bot", *words]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}


def test_killed_in_the_middle_it_goes_on(terminal: Terminal) -> None:
    """Behind the first commit stand more bad rows than a pipe holds, so there it waits to be killed."""
    path, bad = terminal.folder / "rows.csv", 2_500
    write(path, SUBSET, invented(24_000))
    with_bad_rows(path, after=12_000, count=bad)
    words = command(terminal.folder, path)
    with subprocess.Popen(words, stderr=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()) as first:
        assert first.stderr is not None
        assert json.loads(first.stderr.readline())["line"] == 12_002
        first.send_signal(signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL

    second = subprocess.run(words, capture_output=True, text=True, check=False, env=environment())

    assert second.returncode == 1
    went_on, *reports = second.stderr.splitlines()
    assert went_on == "Going on behind line 10,001, where the last run was ended."
    assert [json.loads(report)["line"] for report in reports] == list(range(12_002, 12_002 + bad))
    said = json.loads(second.stdout)
    assert (said["rows"], said["rejected"], said["changed"]) == (24_000 + bad, bad, 24_000)
    assert sum(said[kind] for kind in ("pass", "review", "fail", "organisations")) == 24_000


def test_a_disk_that_is_full_is_told_and_it_goes_on_when_there_is_room(terminal: Terminal) -> None:
    path = terminal.folder / "rows.csv"
    write(path, SUBSET, invented(24_000))
    words = command(terminal.folder, path)
    little_room = ["sh", "-c", 'ulimit -f 3000; exec "$@"', "sh", *words]

    full = subprocess.run(little_room, capture_output=True, text=True, check=False, env=environment())

    assert full.returncode == 2
    assert full.stderr.startswith("curbside: The roster cannot be written (")
    assert full.stderr.count("\n") == 1
    ended = subprocess.run(words, capture_output=True, text=True, check=False, env=environment())
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["changed"] == 24_000


def test_a_terminal_shows_a_bar(terminal: Terminal) -> None:
    path = terminal.folder / "rows.csv"
    write(path, SUBSET, invented(30_000))
    ours, theirs = pty.openpty()
    words = command(terminal.folder, path)
    with subprocess.Popen(words, stderr=theirs, stdout=subprocess.DEVNULL, env=environment()) as run:
        os.close(theirs)
        shown = read_all(ours)
        assert run.wait() == 0

    assert "All is read; now it becomes the roster." in shown
    last = shown.rstrip().rpartition("\x1b[K")[2]
    assert last.startswith("[########################] 100%  30,000 rows")


def read_all(descriptor: int) -> str:
    """What a terminal showed, until its other end was closed."""
    shown = b""
    with os.fdopen(descriptor, "rb", buffering=0) as screen:
        while True:
            try:
                shown += screen.read(4096)
            except OSError:
                return shown.decode()
