"""What one comment asks of a server from the beginning of its unit of work to the commit."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import pytest

from storage.asking import Asking
from storage.prepared import Prepared
from tests import server
from tests.stories.world import World, enrol_everybody, open_world

pytestmark = pytest.mark.skipif(not server.ON_POSTGRES, reason="runs with CURBSIDE_TEST_DATABASE=postgresql")

_WAYS: Final = ("run", "run_many", "execute", "exec_driver_sql", "run_sync", "_say", "_undone")
"""All ways to a server that a connection has."""
_ENDS: Final = ("BEGIN", "SAVEPOINT", "RELEASE", "NOTIFY", "COMMIT")
_CASE: Final = {
    "title": "Fever without a focus",
    "story": "A patient with fever for weeks, and nothing that explains it.",
    "question": "What else would you look for?",
}


def noted(way: Callable[..., Awaitable[Any]], trips: list[tuple[Asking, str]]) -> Callable[..., Any]:
    async def asked(self: Asking, *said: Any) -> Any:
        trips.append((self, said[0].on_postgres.sql if isinstance(said[0], Prepared) else str(said[0])))
        return await way(self, *said)

    return asked


def of_unit(trips: list[tuple[Asking, str]], contains: str) -> list[str]:
    """Give what was asked in the one unit of work that asked something, without its beginning and end."""
    [writer] = [asking for asking, words in trips if words.startswith(contains)]
    words = [words for asking, words in trips if asking is writer]
    [at] = [place for place, asked in enumerate(words) if asked.startswith(contains)]
    ends = [place for place, asked in enumerate(words) if asked.startswith(_ENDS)]
    began = max(place for place in ends if place < at)
    ended = min(place for place in ends if place > at)
    return words[began + 1 : ended]


async def ask_a_case(world: World) -> str:
    await world.command("ada", "case")
    await world.submit("ada", _CASE)
    [number, *_] = re.findall(r"#(\d+)", await world.post("ada"))
    await world.wait(60)
    assert isinstance(number, str)
    return number


async def test_a_comment_on_anothers_case_is_twelve_round_trips_in_its_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trips: list[tuple[Asking, str]] = []
    async with open_world(tmp_path) as world:
        await enrol_everybody(world)
        number = await ask_a_case(world)
        for way in _WAYS:
            monkeypatch.setattr(Asking, way, noted(getattr(Asking, way), trips))
        await world.command("sana", f"comment {number} Was there any travel?")
        assert "Was there any travel?" in world.answer("sana")
    asked = of_unit(trips, "INSERT INTO comments")
    assert len(asked) == 12, "\n".join(asked)
