"""The comparison with other programs: locked peers, one protocol, figures that can be worked out by hand."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks import deid_peers, picture_peers
from benchmarks.peers import program
from benchmarks.peers.environments import Missing
from benchmarks.pictures_set import drawing
from tests.cli.deid_shell import ROOT, json_lines

PEERS = ROOT / "benchmarks" / "peers"
LINE = re.compile(
    r"(#.*|[a-z0-9._-]+(\[[a-z0-9,-]+\])?==[\w.+!-]+( ; [^;]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?)"
)
EVERYTHING = {"left": 0, "top": 0, "width": 4_000, "height": 4_000}
POSTS = (
    {
        "id": 1,
        "text": "saw Mrs. Quillfeather",
        "spans": [{"start": 9, "end": 21, "type": "NAME"}],
    },
    {"id": 2, "text": "the keeper of the lighthouse", "spans": [{"start": 4, "end": 10, "type": "OTHER_ID"}]},
    {"id": 3, "text": "BP 120/80, Foley in", "spans": []},
)


@pytest.mark.parametrize("name", ["text", "pictures", "plot", "procrastinate", "pgqueuer", "dbos"])
def test_a_peer_is_locked_with_hashes_and_without_addresses(name: str) -> None:
    locked = (PEERS / f"{name}.txt").read_text(encoding="utf-8")
    assert [row for row in locked.splitlines() if not LINE.fullmatch(row)] == []
    wanted = (PEERS / f"{name}.in").read_text(encoding="utf-8").splitlines()
    for row in wanted:
        assert f"\n{row.partition('==')[0]}==" in locked


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A labelled file, and our own engine as the only program beside it."""
    monkeypatch.setattr(deid_peers, "SYSTEMS", deid_peers.SYSTEMS[:2])
    (tmp_path / "posts.jsonl").write_bytes(json_lines(*POSTS))
    return tmp_path / "posts.jsonl"


def test_the_figures_by_hand(corpus: Path) -> None:
    result = deid_peers.compare([corpus], None)
    figures = result["corpora"]["posts"]["systems"]["Curbside, auto"]
    assert figures["span_recall"] == 0.5
    assert figures["clean_documents"] == 0.5
    assert figures["plain_documents"] == 1
    assert figures["touched"] == 0.0
    assert figures["precision"] == 1.0
    assert figures["peak_mib"] > 10
    assert result["versions"].keys() == {"Curbside, auto"}


def test_it_writes_what_the_makefile_asks_for(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = corpus.with_name("figures.json")
    monkeypatch.setattr(sys, "argv", ["deid_peers.py", "--corpus", str(corpus), "--json", str(target)])
    deid_peers.main()
    assert json.loads(target.read_text(encoding="utf-8"))["corpora"]["posts"]["identifiers"] == 2
    assert "posts: 3 documents, 2 identifiers" in capsys.readouterr().out


def test_a_program_that_cannot_run_is_named_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(program, "__file__", str(tmp_path / "program.py"))
    (tmp_path / "says.py").write_text('print(\'{"missing": "no tesseract"}\')\n', encoding="utf-8")
    (tmp_path / "dies.py").write_text("import nothing_of_the_kind\n", encoding="utf-8")
    with pytest.raises(Missing, match="no tesseract"):
        program.run(sys.executable, "says.py", [])
    with pytest.raises(Missing, match="ended before it was ready: ModuleNotFoundError"):
        program.run(sys.executable, "dies.py", [])


def test_only_lines_that_are_not_known_to_be_clinical_are_filled() -> None:
    known, name = (
        {"text": text, "left": 20, "top": top, "width": 40, "height": 10}
        for text, top in (("120 kVp", 10), ("QUILLFEATHER, JONAS", 60))
    )
    mask = picture_peers.unknown_lines({"lines": [known, name]}, (100, 100))
    assert mask.sum() == (10 + 2 * 2) * (40 + 2 * 2)
    assert mask[58:72, 18:62].all()


def test_all_are_scored_on_the_pictures_that_nobody_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = list(drawing.draw("look", 3))
    monkeypatch.setattr(picture_peers, "SYSTEMS", picture_peers.SYSTEMS[1:])
    monkeypatch.setattr(picture_peers, "python_of", str)

    def run(_: str, script: str, jobs: list[dict[str, str]]) -> program.Ran:
        answers: dict[str, dict[str, Any]]
        answers = {job["id"]: {"lines": [], "boxes": [EVERYTHING]} for job in jobs}
        if script == "pictures_presidio.py":
            answers[pictures[2].name] = {"refused": "too_big"}
        return program.Ran({}, answers, 2.0, 50)

    monkeypatch.setattr(picture_peers, "run", run)
    result = picture_peers.compare(pictures, tmp_path)
    blind, sees_all = (result["systems"][name] for name in ("Tesseract, our rules", "Presidio"))
    assert result["scored"] == 2
    assert blind["burned-in recall"] == 0.0
    assert sees_all["burned-in recall"] == 1.0
    assert sees_all["clinical text kept"] == 0.0
    assert (blind["refused"], sees_all["refused"]) == (0, 1)


def test_overlapping_spans_count_once() -> None:
    assert deid_peers._merged(iter([(5, 9), (0, 3), (2, 4), (9, 12)])) == [(0, 4), (5, 9), (9, 12)]
