"""Files of a database: their owner's alone, and locked by one process at a time."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from storage.files import OwnerLock, private_file, private_folder
from storage.refused import StorageRefused


def test_folder_and_file_belong_to_their_owner_alone(tmp_path: Path) -> None:
    folder, file = tmp_path / "new" / "var", tmp_path / "old.db"
    file.touch(mode=0o644)
    private_folder(folder)
    private_file(file)
    private_file(folder / "new.db")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "new.db").stat().st_mode) == 0o600


def test_a_folder_where_a_file_is_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").touch()
    with pytest.raises(StorageRefused, match="cannot be made"):
        private_folder(tmp_path / "var")
    with pytest.raises(StorageRefused, match="cannot be opened"):
        private_file(tmp_path / "var" / "content.db")


def test_a_lock_has_one_holder_and_can_be_given_back(tmp_path: Path) -> None:
    first, second = OwnerLock(tmp_path / "content.lock"), OwnerLock(tmp_path / "content.lock")
    first.take()
    first.take()
    with pytest.raises(StorageRefused, match=r"content\.db"):
        second.take()
    first.release()
    first.release()
    second.take()
    second.release()
