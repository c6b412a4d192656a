"""`curbside deid image`: every file is cleaned, refused or left out, and the report says which."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.anonymizer import Anonymizer, CleanedPicture
from bot.anonymizer.pictures import PicturePool
from bot.cli.deid import pictures
from bot.cli.progress import Progress
from tests.cli.deid_shell import Shell


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


class Picturing(Anonymizer):
    """The real decoding and rebuilding, without the checks of the pixels, answering as a test wants it."""

    change: Callable[[CleanedPicture], CleanedPicture] = staticmethod(lambda cleaned: cleaned)

    def __init__(self) -> None:
        super().__init__(pictures=PicturePool(checks=()))

    async def clean_picture(self, data: bytes, names: Any = ()) -> CleanedPicture:
        return type(self).change(await super().clean_picture(data))


@pytest.fixture
def changed(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let every cleaned picture say other things of itself; without values: everything was looked for."""

    def change(**values: Any) -> None:
        whole = {"not_looked_for": (), **values}
        kind = type("Changed", (Picturing,), {"change": staticmethod(lambda cleaned: _with(cleaned, whole))})
        monkeypatch.setattr(pictures, "anonymizer", kind)

    change()
    return change


def _with(cleaned: CleanedPicture, values: dict[str, Any]) -> CleanedPicture:
    kept = {name: getattr(cleaned, name) for name in CleanedPicture.__slots__}
    return CleanedPicture(**{**kept, **values})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a picture that has a name in it and in its own name."""
    folder = tmp_path / "in"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x010E] = "Quillfeather"
    Image.new("RGB", (40, 30), "grey").save(folder / "quill.jpg", exif=exif)
    return folder


def names(folder: Path) -> list[str]:
    """What lies in a folder."""
    return sorted(file.name for file in folder.iterdir())


def report(target: Path) -> dict[str, dict[str, Any]]:
    """The report by the file names of the input."""
    entries = json.loads((target / "report.json").read_text(encoding="utf-8"))
    return {Path(entry["input"]).name: entry for entry in entries}


def test_a_picture_is_cleaned_under_a_name_that_says_nothing(
    shell: Shell, changed: object, folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "deep" / "out"
    assert shell.run("image", folder, target) == 0
    entry = report(target)["quill.jpg"]
    assert entry["input"] == str(folder / "quill.jpg")
    assert "EXIF" in entry["removed"]
    assert {"ran", "failed", "covered", "notes", "not_looked_for", "mime", "width", "height"} <= set(entry)
    assert "bare" not in entry
    assert "data" not in entry
    assert "quill" not in entry["output"]
    assert b"Quillfeather" not in (target / entry["output"]).read_bytes()
    assert names(target) == sorted([entry["output"], "report.json"])
    assert "1 cleaned, 0 refused" in shell.out
    assert "keep it apart" in shell.out


def test_the_report_names_files_and_is_its_owners_alone(
    shell: Shell, changed: object, folder: Path, tmp_path: Path
) -> None:
    shell.run("image", folder, tmp_path / "out")
    assert stat.S_IMODE((tmp_path / "out" / "report.json").stat().st_mode) == 0o600


def test_one_file_may_be_given_alone(shell: Shell, changed: object, folder: Path) -> None:
    assert shell.run("image", folder / "quill.jpg", folder) == 0
    assert report(folder)["quill.jpg"]["output"] in names(folder)


def test_every_other_file_is_refused_or_left_out_and_named(
    shell: Shell, changed: object, folder: Path, tmp_path: Path
) -> None:
    (folder / "sub" / ".thumbs").mkdir(parents=True)
    (folder / "sub" / ".thumbs" / "a.png").write_bytes(b"x")
    Image.new("L", (8, 8)).save(folder / "sub" / "deep.png")
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "note.pdf").write_bytes(b"%PDF-1.7")
    (folder / "empty.png").write_bytes(b"")
    (folder / "gone.png").symlink_to(folder / "nothing")
    (folder / "again").symlink_to(folder, target_is_directory=True)
    os.mkfifo(folder / "pipe.png")
    (folder / os.fsdecode(b"odd\xff.png")).write_bytes(b"odd")
    (folder / "huge.png").touch()
    os.truncate(folder / "huge.png", 30 * 1024**2)
    target = tmp_path / "out"
    assert shell.run("image", folder, target) == 1
    found = report(target)
    assert {name: entry["refused"] for name, entry in found.items() if "refused" in entry} == {
        "note.pdf": "not_a_picture",
        "empty.png": "empty",
        "gone.png": "unreadable",
        "pipe.png": "unreadable",
        "odd\\xff.png": "not_a_picture",
        "huge.png": "too_large",
    }
    assert all(entry["sentence"] for entry in found.values() if "refused" in entry)
    assert {name: entry["skipped"] for name, entry in found.items() if "skipped" in entry} == {
        ".thumbs": "hidden",
        ".DS_Store": "hidden",
        "again": "a link to a folder",
    }
    outputs = {entry["output"] for entry in found.values() if "output" in entry}
    assert {name for name, entry in found.items() if "output" in entry} == {"quill.jpg", "deep.png"}
    assert names(target) == sorted({*outputs, "report.json"})
    assert "2 cleaned, 6 refused, 3 left out" in shell.out


def test_what_nobody_looked_for_is_refused(
    shell: Shell, changed: Callable[..., None], folder: Path, tmp_path: Path
) -> None:
    changed(not_looked_for=("text burned into the picture", "faces"))
    target = tmp_path / "out"
    assert shell.run("image", folder, target) == 1
    entry = report(target)["quill.jpg"]
    assert entry["refused"] == "not_looked_for"
    assert "text burned into the picture and faces" in entry["sentence"]
    assert names(target) == ["report.json"]
    assert "install curbside[pictures]" in shell.out


def test_what_nobody_looked_for_can_be_accepted_and_is_said(
    shell: Shell, changed: Callable[..., None], folder: Path, tmp_path: Path
) -> None:
    changed(not_looked_for=("text burned into the picture", "faces"))
    assert shell.run("image", folder, tmp_path / "out", "--accept-unchecked") == 0
    assert report(tmp_path / "out")["quill.jpg"]["not_looked_for"] == [
        "text burned into the picture",
        "faces",
    ]
    assert "NOT LOOKED FOR in 1 cleaned pictures: text burned into the picture and faces" in shell.out


def test_a_check_that_failed_refuses_also_what_may_be_unchecked(
    shell: Shell, changed: Callable[..., None], folder: Path, tmp_path: Path
) -> None:
    changed(failed=("faces",))
    assert shell.run("image", folder, tmp_path / "out", "--accept-unchecked") == 1
    assert report(tmp_path / "out")["quill.jpg"]["refused"] == "not_checked"
    assert names(tmp_path / "out") == ["report.json"]


def test_several_at_a_time_are_reported_in_order(
    shell: Shell, changed: object, folder: Path, tmp_path: Path
) -> None:
    for number in range(6):
        Image.new("L", (8 + number, 8)).save(folder / f"{number}.png")
    assert shell.run("image", folder, tmp_path / "out", "--workers", "3") == 0
    found = report(tmp_path / "out")
    assert list(found) == [*(f"{number}.png" for number in range(6)), "quill.jpg"]
    assert [found[f"{number}.png"]["width"] for number in range(6)] == list(range(8, 14))


def test_an_earlier_report_is_kept(shell: Shell, changed: object, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "out"
    for _ in range(3):
        assert shell.run("image", folder, target) == 0
    assert len(list(target.glob("report*.json"))) == 3
    assert len(list(target.glob("*.jpg"))) == 3


def test_ctrl_c_leaves_a_report_of_what_was_done(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, changed: object, folder: Path, tmp_path: Path
) -> None:
    for name in "abcdef":
        Image.new("L", (8, 8)).save(folder / f"{name}.png")
    monkeypatch.setattr(Progress, "step", lambda _: signal.raise_signal(signal.SIGINT))
    assert shell.run("image", folder, tmp_path / "out") == 130
    assert "output" in report(tmp_path / "out")["a.png"]


def test_a_picture_that_cannot_be_written_leaves_nothing_and_the_others_go_on(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, changed: object, folder: Path, tmp_path: Path
) -> None:
    Image.new("L", (8, 8)).save(folder / "a.png")
    write = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        if path.suffix == ".jpg":
            write(path, data[:10])
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert shell.run("image", folder, tmp_path / "out") == 1
    found = report(tmp_path / "out")
    assert found["quill.jpg"]["refused"] == "not_written"
    assert names(tmp_path / "out") == sorted([found["a.png"]["output"], "report.json"])


def test_a_target_that_cannot_be_made_is_wrong_use(shell: Shell, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert shell.run("image", folder, tmp_path / "file" / "out") == 2
    assert "cannot be written to: Not a directory" in shell.err


@pytest.mark.parametrize("target", ["in", "in/out", "in/../in/out", "in/quill.jpg"])
def test_a_target_that_does_not_fit_is_wrong_use(
    shell: Shell, folder: Path, tmp_path: Path, target: str
) -> None:
    assert shell.run("image", folder, tmp_path / target) == 2
    assert shell.err.startswith("curbside deid image: ")
    assert names(folder) == ["quill.jpg"]


def test_a_missing_input_is_wrong_use(shell: Shell, tmp_path: Path) -> None:
    assert shell.run("image", tmp_path / "none", tmp_path / "out") == 2
    assert not (tmp_path / "out").exists()


def test_an_empty_folder_is_a_problem(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    assert shell.run("image", tmp_path / "in", tmp_path / "out") == 1
    assert "There is no file." in shell.out


@pytest.mark.parametrize("word", ["0", "-1", "x", "1000"])
def test_a_number_of_workers_that_makes_no_sense_is_wrong_use(
    shell: Shell, folder: Path, tmp_path: Path, word: str
) -> None:
    assert shell.run("image", folder, tmp_path / "out", f"--workers={word}") == 2


def test_with_what_is_installed_here(shell: Shell, folder: Path, tmp_path: Path) -> None:
    assert shell.run("image", folder, tmp_path / "out", "--accept-unchecked") == 0
    entry = report(tmp_path / "out")["quill.jpg"]
    assert "rebuilding without metadata" in entry["ran"]
    assert (tmp_path / "out" / entry["output"]).is_file()
