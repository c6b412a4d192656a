"""The comparison of queues: ours at the real work, counts by hand, and who is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from benchmarks import queue_engines
from benchmarks.peers.environments import Missing
from benchmarks.queues.measuring import Figures, Plan, Running
from benchmarks.queues.working import Delivered, Later
from tests.server import missing_postgres

SMALL = Plan(facts=3, destinations=2, seconds=30.0, wakings=1, idle=0.1)


def no_server() -> NoReturn:
    raise Missing("there is no PostgreSQL on this machine")


def test_our_outbox_does_the_work_and_who_has_no_server_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue_engines, "postgres", no_server)
    result = queue_engines.compare((queue_engines.OURS["sqlite"], queue_engines.PEERS[0]), SMALL, 1)
    assert result["missing"] == {"procrastinate": "there is no PostgreSQL on this machine"}
    assert result["versions"].keys() == {"Curbside, SQLite"}
    assert_worked(result["systems"]["Curbside, SQLite"])
    assert "Curbside, SQLite" in "\n".join(queue_engines.table(result))


@pytest.mark.skipif(bool(missing_postgres()), reason=missing_postgres() or "there")
def test_our_outbox_does_the_work_on_a_server_of_the_benchmark() -> None:
    result = queue_engines.compare((queue_engines.OURS["postgresql"],), SMALL, 1)
    assert result["missing"] == {}
    assert result["versions"]["Curbside, PostgreSQL"].keys() == {"SQLAlchemy", "asyncpg"}
    assert_worked(result["systems"]["Curbside, PostgreSQL"])


def assert_worked(figures: Figures) -> None:
    wrong = ("overtaken", "together", "doubled", "after_refusal", "left")
    assert {key: figures[key] for key in wrong} == dict.fromkeys(wrong, 0)
    assert (figures["worked_per_second"] or 0) > 0
    assert (figures["wake_ms"] or 0) > 0


def test_it_writes_what_the_makefile_asks_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(queue_engines, "postgres", no_server)
    monkeypatch.setattr(queue_engines, "PEERS", queue_engines.PEERS[:1])
    target = tmp_path / "figures.json"
    monkeypatch.setattr(
        sys, "argv", ["queue_engines.py", "--ours", "postgresql", "--facts", "1", "--json", str(target)]
    )
    queue_engines.main()
    assert json.loads(target.read_text(encoding="utf-8"))["missing"].keys() == {
        "Curbside, PostgreSQL",
        "procrastinate",
    }
    assert "Curbside, PostgreSQL did not run: there is no PostgreSQL" in capsys.readouterr().out


async def test_what_went_wrong_is_counted() -> None:
    delivered = Delivered(2)
    for destination, fact in ((0, 0), (0, 2), (0, 1), (1, 0), (1, 0)):
        await delivered.deliver(destination, fact)
    assert (delivered.count, delivered.overtaken, delivered.doubled) == (5, 1, 1)
    delivered.under_way.add(1)
    await delivered.deliver(1, 3)
    assert delivered.together == 1
    delivered.refuses = 0.5
    with pytest.raises(Later):
        await delivered.deliver(0, 3)
    await delivered.deliver(0, 3)
    assert delivered.count == 7


def test_a_program_that_ends_is_missing_with_its_last_words(tmp_path: Path) -> None:
    script = tmp_path / "dies.py"
    script.write_text("import nothing_of_the_kind\n", encoding="utf-8")
    with Running(sys.executable, str(script), ()) as program, pytest.raises(Missing, match="ModuleNotFound"):
        program.versions()
