"""`curbside deid`: lines in and out, pictures in and out, scores; one bad item loses nothing else."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from bot.cli import perform


class _Input:
    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)


def run(monkeypatch: pytest.MonkeyPatch, words: list[str], content: bytes = b"") -> int:
    monkeypatch.setattr(sys, "stdin", _Input(content))
    return perform(["deid", *words])


def lines(*values: object) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def test_text_lines(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, ["text"], lines({"id": 7, "text": "saw Mrs. Quillfeather, mrn 4417229"})) == 0
    out = json.loads(capsys.readouterr().out)
    assert out["id"] == 7
    assert out["text"] == "saw Mrs. [person 1], mrn [record number]"
    assert out["spans"][0] == {"start": 9, "end": 21, "type": "NAME", "tier": "auto"}


def test_bad_lines_are_named_and_lose_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    content = (
        b'not json\n\xff\xfe\n[1]\n{"id":1}\n'
        + lines({"id": 2, "text": "x" * 200_001}, {"id": 3, "text": "fine"})
        + b"\n"
    )
    assert run(monkeypatch, ["text"], content) == 1
    captured = capsys.readouterr()
    assert [json.loads(line)["id"] for line in captured.out.splitlines()] == [3]
    errors = [json.loads(line) for line in captured.err.splitlines()]
    assert [error["line"] for error in errors] == [1, 2, 3, 4, 5]


def test_what_an_author_would_be_asked_can_be_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run(monkeypatch, ["text", "--plain"], b"pt jane roe met zorblat")
    assert "zorblat" not in capsys.readouterr().out
    run(monkeypatch, ["text", "--plain", "--keep-ask"], b"pt jane roe met zorblat")
    out = capsys.readouterr().out
    assert "zorblat" in out
    assert "jane" not in out


def test_plain_text_that_is_none(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, ["text", "--plain"], b"\xff\xfe\xff") == 1
    assert capsys.readouterr().out == ""


def test_a_folder_of_pictures(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    exif = Image.Exif()
    exif[0x010E] = "Quillfeather"
    Image.new("RGB", (40, 30), "grey").save(source / "quill.jpg", exif=exif)
    (source / "note.pdf").write_bytes(b"%PDF-1.7")
    assert run(monkeypatch, ["image", str(source), str(tmp_path / "out")]) == 1
    report = json.loads((tmp_path / "out" / "report.json").read_text())
    by_name = {Path(entry["input"]).name: entry for entry in report}
    assert by_name["note.pdf"]["refused"] == "not_a_picture"
    cleaned = by_name["quill.jpg"]
    assert "EXIF" in cleaned["removed"]
    assert "quill" not in cleaned["output"]
    assert b"Quillfeather" not in (tmp_path / "out" / cleaned["output"]).read_bytes()
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_missing_picture_is_wrong_use(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert run(monkeypatch, ["image", str(tmp_path / "none"), str(tmp_path / "out")]) == 2


def test_scores(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    gold, predicted = tmp_path / "gold", tmp_path / "predicted"
    gold.write_bytes(lines({"id": 1, "text": "pt roe", "spans": [{"start": 3, "end": 6, "type": "NAME"}]}))
    predicted.write_bytes(lines({"id": 1, "spans": [{"start": 3, "end": 6, "type": "NAME", "tier": "ask"}]}))
    assert run(monkeypatch, ["score", str(gold), str(predicted), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["auto"]["span_recall"] == 0.0
    assert figures["auto+ask"]["span_recall"] == 1.0
    assert run(monkeypatch, ["score", str(gold), str(predicted)]) == 0
    assert "span recall" in capsys.readouterr().out


def test_documents_without_prediction_count_as_missed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    gold, predicted = tmp_path / "gold", tmp_path / "predicted"
    gold.write_bytes(lines({"id": 1, "text": "pt roe", "spans": [{"start": 3, "end": 6, "type": "NAME"}]}))
    predicted.write_bytes(b"")
    assert run(monkeypatch, ["score", str(gold), str(predicted), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["documents_without_prediction"] == 1


@pytest.mark.parametrize("content", [b"nothing\n", b'{"id": 1}\n'])
def test_a_file_of_another_kind_is_wrong_use(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes
) -> None:
    gold = tmp_path / "gold"
    gold.write_bytes(content)
    assert run(monkeypatch, ["score", str(gold), str(gold)]) == 2
