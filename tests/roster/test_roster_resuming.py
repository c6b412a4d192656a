"""An import that was ended before its time goes on behind its last commit, and comes to the same."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.roster_import import invented
from bot.domain.roster import RosterRow
from storage.refused import StorageRefused
from storage.roster.roster import RosterStore, open_roster
from storage.roster.source import RosterFile
from tests.roster.desk import NOW, Desk, Killed, Onlooker
from tests.roster.files import csv_file, gzipped, text_of, zipped

ROWS = list(invented(23, seed=4))
CHUNK = 5
COMMITS = range(1, 6)


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.roster.importing._CHUNK", CHUNK)


def broken() -> str:
    """A file of 23 people with an empty line, a field over two lines and two bad rows on the way."""
    lines = text_of(ROWS).replace("CLINIC", "CLIN\r\nIC", 1).split("\r\n")
    lines[4:4] = ["", "bad"]
    lines[16:16] = ['"worse']
    return "\r\n".join(lines)


def plain(path: Path) -> Path:
    path.write_text(broken(), newline="")
    return path


FORMS: dict[str, Callable[[Path], Path]] = {
    "plain": plain,
    "gzip": lambda path: gzipped(path, broken()),
    "zip": lambda path: zipped(path, rows_csv=broken()),
}


async def everybody(roster: RosterStore) -> list[RosterRow | None]:
    return [await roster.by_npi(row["NPI"]) for row in ROWS]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("commits", COMMITS)
async def test_ended_after_any_commit_it_comes_to_the_same(
    desk: Desk, tmp_path: Path, form: str, commits: int
) -> None:
    path = FORMS[form](tmp_path / "rows")
    undisturbed = await open_roster(tmp_path / "other")
    with RosterFile(path) as file:
        whole = await undisturbed.import_file(file, calm := Onlooker(), again=False, now=NOW)

    with pytest.raises(Killed):
        await desk.take(path, commits=commits)
    assert await everybody(desk.roster) == [None] * len(ROWS)
    heard = desk.onlooker.bad
    went_on = await desk.take(path)

    assert len(desk.onlooker.resumed_at) == 1
    assert heard + desk.onlooker.bad == calm.bad
    assert len(desk.onlooker.done) == len(COMMITS) - commits
    assert (went_on.counts, went_on.changed) == (whole.counts, whole.changed)
    assert went_on.counts["rejected"] == 2
    assert await everybody(desk.roster) == await everybody(undisturbed)
    await undisturbed.close()


async def test_again_starts_anew(desk: Desk, tmp_path: Path) -> None:
    path = plain(tmp_path / "rows")
    with pytest.raises(Killed):
        await desk.take(path, commits=3)

    anew = await desk.take(path, again=True)

    assert desk.onlooker.resumed_at == []
    assert (anew.rows, anew.changed) == (25, 23)


@pytest.mark.parametrize("change", [lambda text: text + "\r\n", lambda text: text.replace("BRA", "ARB", 1)])
async def test_another_file_starts_anew_and_the_first_is_forgotten(
    desk: Desk, tmp_path: Path, change: Callable[[str], str]
) -> None:
    path = plain(tmp_path / "rows")
    with pytest.raises(Killed):
        await desk.take(path, commits=3)
    path.write_text(change(broken()), newline="")

    other = await desk.take(path)

    assert desk.onlooker.resumed_at == []
    assert (other.rows, other.changed) == (25, 23)


async def test_the_same_file_under_another_name_goes_on(desk: Desk, tmp_path: Path) -> None:
    path = plain(tmp_path / "rows")
    with pytest.raises(Killed):
        await desk.take(path, commits=1)

    await desk.take(path.rename(tmp_path / "moved"))

    assert len(desk.onlooker.resumed_at) == 1


async def test_a_finished_import_is_not_gone_on_with(desk: Desk, tmp_path: Path) -> None:
    path = plain(tmp_path / "rows")
    first = await desk.take(path)

    second = await desk.take(path)

    assert desk.onlooker.resumed_at == []
    assert (second.counts, second.changed) == (first.counts, 0)


async def test_the_bot_reads_the_old_roster_until_the_new_one_is_whole(desk: Desk, tmp_path: Path) -> None:
    beside = await open_roster(tmp_path / "var")
    path = csv_file(tmp_path / "rows.csv", ROWS)
    with pytest.raises(Killed):
        await desk.take(path, commits=2)

    assert await everybody(beside) == [None] * len(ROWS)
    assert await beside.latest_import() == 0
    finished = await desk.take(path)
    assert None not in await everybody(beside)
    assert await beside.latest_import() == finished.number
    await beside.close()


async def test_one_import_at_a_time(desk: Desk, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "rows.csv", ROWS)
    beside = await open_roster(tmp_path / "var")
    with pytest.raises(Killed):
        await desk.take(path, commits=1)

    with RosterFile(path) as file, pytest.raises(StorageRefused, match="Another import into this roster"):
        await beside.import_file(file, Onlooker(), again=False, now=NOW)
    await beside.close()
