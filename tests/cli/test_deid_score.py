"""`curbside deid score`: figures that can be worked out by hand, and files that cannot be scored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.deid_shell import Shell, json_lines

#             0         1         2         3
#             0123456789012345678901234567890123456789
FIRST = "pt jane roe, 45, seen 3/4 in Quillstown"
SECOND = "knee swollen, no fever"
GOLD = (
    {
        "id": 1,
        "text": FIRST,
        "spans": [
            {"start": 3, "end": 11, "type": "NAME"},
            {"start": 22, "end": 25, "type": "DATE"},
            {"start": 29, "end": 39, "type": "LOCATION"},
        ],
        "optional": [{"start": 13, "end": 15}],
    },
    {"id": "2", "text": SECOND, "spans": []},
)
PREDICTED = (
    {
        "id": "1",
        "spans": [
            {"start": 3, "end": 7, "type": "NAME", "tier": "auto"},
            {"start": 8, "end": 11, "type": "NAME", "tier": "ask"},
            {"start": 13, "end": 15, "type": "OTHER_ID", "tier": "auto"},
            {"start": 22, "end": 25, "type": "PHONE"},
        ],
    },
    {"id": 2, "spans": [{"start": 5, "end": 12, "type": "NAME", "tier": "ask"}]},
)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


class Files:
    """A labelled file and one with predictions, which a test may replace."""

    def __init__(self, folder: Path) -> None:
        self.gold = folder / "gold.jsonl"
        self.predicted = folder / "predicted.jsonl"
        self.gold.write_bytes(json_lines(*GOLD))
        self.predicted.write_bytes(json_lines(*PREDICTED))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def figures(shell: Shell, files: Files) -> dict[str, Any]:
    assert shell.run("score", files.gold, files.predicted, "--json") == 0
    read: dict[str, Any] = json.loads(shell.out)
    return read


def test_the_sure_tier_by_hand(shell: Shell, files: Files) -> None:
    """Of `jane roe`, `3/4`, `Quillstown` the second is covered; `45` is free; letters 4+3, 2, 10."""
    assert figures(shell, files)["auto"] == {
        "documents": 2,
        "spans": 3,
        "span_recall": round(1 / 3, 4),
        "character_recall": round((4 + 2) / (7 + 2 + 10), 4),
        "precision": 1.0,
        "f2": round(5 * 1 * (1 / 3) / (4 * 1 + 1 / 3), 4),
        "clean_documents": 0.5,
        "documents_touched_without_need": 0.0,
        "over_redaction": 0.0,
        "kinds": {
            "DATE": {"spans": 1, "recall": 1.0},
            "LOCATION": {"spans": 1, "recall": 0.0},
            "NAME": {"spans": 1, "recall": 0.0, "precision": 1.0},
            "PHONE": {"spans": 0, "precision": 1.0},
        },
    }


def test_both_tiers_by_hand(shell: Shell, files: Files) -> None:
    """The name is whole in two pieces; `swollen` is needless, 7 of the 26 other letters."""
    both = figures(shell, files)["auto+ask"]
    others = sum(map(str.isalnum, FIRST + SECOND)) - (7 + 2 + 10) - 2
    assert others == 26
    assert both["span_recall"] == round(2 / 3, 4)
    assert both["character_recall"] == round((7 + 2) / 19, 4)
    assert both["precision"] == 0.75
    assert both["f2"] == round(5 * 0.75 * (2 / 3) / (4 * 0.75 + 2 / 3), 4)
    assert both["clean_documents"] == 0.5
    assert both["documents_touched_without_need"] == 0.5
    assert both["over_redaction"] == round(7 / 26, 4)
    assert both["kinds"]["NAME"] == {"spans": 1, "recall": 1.0, "precision": round(2 / 3, 4)}


def test_the_table_says_the_same(shell: Shell, files: Files) -> None:
    assert shell.run("score", files.gold, files.predicted) == 0
    rows = [line.split() for line in shell.out.splitlines()]
    assert ["span", "recall", "33.3%", "66.7%"] in rows
    assert ["over-redaction", "of", "other", "text", "0.0%", "26.9%"] in rows
    assert ["NAME", "1", "0.0%", "100.0%", "100.0%", "66.7%"] in rows
    assert ["LOCATION", "1", "0.0%", "0.0%", "-", "-"] in rows


def test_output_of_the_text_command_is_a_prediction(shell: Shell, files: Files) -> None:
    post = {"id": 1, "text": "saw Mrs. Quillfeather", "spans": [{"start": 9, "end": 21, "type": "NAME"}]}
    files.gold.write_bytes(json_lines(post))
    assert shell.run("text", content=files.gold.read_bytes()) == 0
    files.predicted.write_text(shell.out, encoding="utf-8")
    assert figures(shell, files)["auto"]["kinds"]["NAME"] == {"spans": 1, "recall": 1.0, "precision": 1.0}


def test_a_document_without_prediction_counts_as_missed(shell: Shell, files: Files) -> None:
    files.predicted.write_bytes(json_lines(PREDICTED[1], {"id": "x", "spans": []}))
    assert shell.run("score", files.gold, files.predicted, "--json") == 1
    read = json.loads(shell.out)
    assert read["documents_without_prediction"] == 1
    assert read["predictions_without_document"] == 1
    assert read["auto"]["span_recall"] == 0.0
    assert shell.run("score", files.gold, files.predicted) == 1
    assert "1 documents have no prediction and count as missed." in shell.out


def test_misses_are_told_by_their_place_and_without_their_text(
    shell: Shell, files: Files, tmp_path: Path
) -> None:
    assert shell.run("score", files.gold, files.predicted, "--misses", tmp_path / "misses") == 0
    said = (tmp_path / "misses").read_text(encoding="utf-8")
    name = {"id": "1", "start": 3, "end": 11, "type": "NAME"}
    town = {"id": "1", "start": 29, "end": 39, "type": "LOCATION"}
    assert [json.loads(line) for line in said.splitlines()] == [
        {"tiers": "auto", **name},
        {"tiers": "auto", **town},
        {"tiers": "auto+ask", **town},
    ]
    assert "Quill" not in said


SPAN = {"start": 0, "end": 2, "type": "NAME"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"nothing\n", "this line is no JSON"),
        (b"[1]\n", "this line is no JSON object"),
        (json_lines({"id": 9, "spans": []}), "there is no `text`"),
        (json_lines({"id": 9, "text": 5, "spans": []}), "a value is not of the kind it should be"),
        (json_lines({"id": 9, "text": "abc", "spans": ["x"]}), "a value is not of the kind it should be"),
        (json_lines({"id": 9, "text": "a", "spans": [SPAN]}), "a span ends after its text"),
        (json_lines({"id": 9, "text": "abc", "spans": [{**SPAN, "end": 0}]}), "the end after the start"),
        (
            json_lines({"id": 9, "text": "abc", "spans": [{**SPAN, "start": "0"}]}),
            "a span needs whole numbers",
        ),
        (json_lines({"id": 9, "text": "abc", "spans": [{"start": 0, "end": 1}]}), "has no `type`"),
        (json_lines({"id": 1, "text": "abc", "spans": []}), "an earlier line has the same id"),
    ],
)
def test_a_wrong_labelled_file_is_named_with_its_line(
    shell: Shell, files: Files, line: bytes, said: str
) -> None:
    files.gold.write_bytes(json_lines(*GOLD) + b"\n" + line)
    assert shell.run("score", files.gold, files.predicted) == 2
    assert shell.err.startswith(f"curbside deid score: {files.gold}, line 4: ")
    assert said in shell.err
    assert shell.out == ""


def test_a_wrong_tier_is_named(shell: Shell, files: Files) -> None:
    files.predicted.write_bytes(json_lines({"id": 1, "spans": [{**SPAN, "tier": "sure"}]}))
    assert shell.run("score", files.gold, files.predicted) == 2
    assert "line 1: a tier is `auto` or `ask`, not 'sure'" in shell.err


def test_predictions_for_another_text_are_not_scored(shell: Shell, files: Files) -> None:
    files.predicted.write_bytes(json_lines({"id": 1, "spans": [{"start": 90, "end": 95}]}))
    assert shell.run("score", files.gold, files.predicted) == 2
    assert "a span of '1' ends after the labelled text" in shell.err


def test_ids_that_never_match_are_shown(shell: Shell, files: Files) -> None:
    files.predicted.write_bytes(json_lines({"id": "post-1", "spans": []}))
    assert shell.run("score", files.gold, files.predicted) == 2
    assert "'post-1'" in shell.err
    assert "'1'" in shell.err


def test_a_missing_or_empty_file_is_wrong_use(shell: Shell, files: Files, tmp_path: Path) -> None:
    assert shell.run("score", files.gold, tmp_path / "none") == 2
    assert "none" in shell.err
    files.gold.write_bytes(b"")
    assert shell.run("score", files.gold, files.predicted) == 2
    assert "there is no labelled document" in shell.err
