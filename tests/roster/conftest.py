from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.files import private_folder
from storage.roster.roster import HISTORY, StaffedRoster, open_staffed_roster
from tests.roster.desk import Desk, keys
from tests.storage import templates


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A folder with an empty roster of this version, copied: migrating is the slow part of opening."""
    folder = tmp_path / "var"
    private_folder(folder)
    (folder / "roster.db").write_bytes(templates._migrated(HISTORY))
    return folder


@pytest.fixture
async def roster(data_dir: Path) -> AsyncIterator[StaffedRoster]:
    store = await open_staffed_roster(data_dir, keys())
    yield store
    await store.close()


@pytest.fixture
def desk(roster: StaffedRoster, tmp_path: Path) -> Desk:
    return Desk(roster, tmp_path)
