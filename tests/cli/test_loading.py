import gc
import subprocess
import sys

import pytest

from bot.cli.loading import undisturbed

LATER = (
    "PIL",  # with the first picture
    "joserfc.jwt",  # with the first sign-on
    "cryptography.x509",  # joserfc brings it
    "alembic",  # with a migration
    "asyncpg",  # with a PostgreSQL server
    "numpy",  # in the picture worker
    "multiprocessing",
    "bot.demo",
    "bot.standin",
)
"""What `curbside run` has no use for until somebody asks for it, though it needs all of it some day."""

_LOAD = "import asyncio, gc, sys; import bot.cli; from bot.cli.opening import load_bot; load_bot(); "


def _in_a_process_of_its_own(then: str) -> str:
    done = subprocess.run([sys.executable, "-c", _LOAD + then], capture_output=True, text=True, check=True)
    return done.stdout


def test_what_is_seldom_needed_is_not_loaded_by_a_bot_that_starts() -> None:
    loaded = set(_in_a_process_of_its_own("print(*sys.modules)").split())

    assert {"bot.bootstrap", "nio", "slack_bolt", "sqlalchemy"} <= loaded
    assert loaded.isdisjoint(LATER)


def test_what_was_loaded_is_out_of_the_collectors_way_and_the_collector_at_work() -> None:
    frozen, loose, at_work = _in_a_process_of_its_own(
        "print(gc.get_freeze_count(), len(gc.get_objects()), gc.isenabled())"
    ).split()

    assert int(frozen) > 100 * int(loose)
    assert at_work == "True"


def test_what_is_loaded_takes_no_more_memory_than_a_small_machine_can_spare() -> None:
    lines = _in_a_process_of_its_own("print(open('/proc/self/status').read())").splitlines()
    kilobytes = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

    assert kilobytes < 150_000


@pytest.mark.parametrize("at_work", [True, False])
def test_the_collector_rests_inside_and_is_then_as_it_was_where_nothing_was_loaded(at_work: bool) -> None:
    was, frozen = gc.isenabled(), gc.get_freeze_count()
    (gc.enable if at_work else gc.disable)()
    try:
        with undisturbed():
            inside = gc.isenabled()
        after = (gc.isenabled(), gc.get_freeze_count())
    finally:
        (gc.enable if was else gc.disable)()

    assert (inside, after) == (False, (at_work, frozen))
