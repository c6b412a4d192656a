"""Nothing of an original touches a disk: not through the bot's own process, not through the worker."""

from __future__ import annotations

import asyncio
import ctypes
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.anonymizer import Anonymizer
from bot.anonymizer.pictures import PicturePool, PictureRefused
from tests.anonymizer import carriers

IN_MODIFY, IN_CREATE, IN_MOVED_TO, IN_NONBLOCK = 0x2, 0x100, 0x80, 0o4000


class Watch:
    """Reports every file that is made or changed in some folders, also one that is gone again."""

    def __init__(self, *folders: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._queue = libc.inotify_init1(IN_NONBLOCK)
        for folder in folders:
            mask = IN_MODIFY | IN_CREATE | IN_MOVED_TO
            assert libc.inotify_add_watch(self._queue, os.fsencode(folder), mask) >= 0

    def events(self) -> int:
        """How many bytes of events came since the last call."""
        try:
            return len(os.read(self._queue, 65_536))
        except BlockingIOError:
            return 0

    def close(self) -> None:
        os.close(self._queue)


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    """The folders in which this process may write without being asked: temporary ones and where it stands."""
    places = [tmp_path / name for name in ("temporary", "data")]
    for place in places:
        place.mkdir()
    monkeypatch.setenv("TMPDIR", str(places[0]))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(places[1])
    watch = Watch(*places)
    yield watch
    watch.close()


def test_the_watch_sees_a_file_that_is_gone_again(watched: Watch) -> None:
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
    assert watched.events() > 0


async def test_the_bots_process_writes_no_file(watched: Watch, pictures: Anonymizer) -> None:
    for name in ("jpeg exif", "png text", "tiff tags", "webp exif"):
        cleaned = await pictures.clean_picture(carriers.CARRIERS[name]())
        await pictures.cover_picture(cleaned.bare, cleaned.covered)
    with pytest.raises(PictureRefused):
        await pictures.clean_picture(carriers.saved(carriers.scene((400, 400)), "PNG")[:900])
    assert watched.events() == 0


WRITES = """
import os, sys, tempfile
from bot.anonymizer.pictures import worker
def answer(job, blob):
    try:
        with tempfile.NamedTemporaryFile() as file:
            os.write(file.fileno(), blob)
        written = True
    except OSError:
        written = False
    return {"refused": "written" if written else "kept out", "sentence": "."}, b""
worker.answer = answer
worker.main()
"""


async def test_the_worker_cannot_write_a_file_even_if_it_tried() -> None:
    pool = PicturePool((), command=(sys.executable, "-c", WRITES))
    try:
        with pytest.raises(PictureRefused) as refusal:
            await pool.clean(carriers.saved(carriers.scene(), "PNG"))
    finally:
        await pool.close()
    # Either the write fails, or the system ends the process for trying.
    assert refusal.value.code in ("kept out", "not_checked")


async def test_the_worker_has_pipes_open_and_no_file_of_its_own(pictures: Anonymizer) -> None:
    await pictures.clean_picture(carriers.CARRIERS["jpeg exif"]())
    worker = pictures._pictures._worker
    assert worker is not None
    folder = Path(f"/proc/{worker.pid}/fd")
    names = await asyncio.to_thread(lambda: [str(each.readlink()) for each in folder.iterdir()])
    kept = [name for name in names if not name.startswith(("pipe:", "socket:", "/dev/null", "/dev/urandom"))]
    assert kept == []
    limits = await asyncio.to_thread(Path(f"/proc/{worker.pid}/limits").read_text)
    largest = next(line for line in limits.splitlines() if line.startswith("Max file size"))
    assert largest.split()[3:5] == ["0", "0"]


async def test_the_worker_stands_behind_whoever_waits_for_the_bot(pictures: Anonymizer) -> None:
    await pictures.clean_picture(carriers.CARRIERS["jpeg exif"]())
    worker = pictures._pictures._worker
    assert worker is not None
    behind = os.getpriority(os.PRIO_PROCESS, worker.pid) - os.getpriority(os.PRIO_PROCESS, 0)
    assert behind > 0 or os.getpriority(os.PRIO_PROCESS, 0) == 19
