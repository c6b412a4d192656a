"""How long an outcome, its correction and a withdrawal hold the content database with many cases in it.

    python benchmarks/search_index.py [--cases 20000] [--json FILE]

All other writers wait as long. Beside them stands a change that the index has nothing to do with.
"""

from __future__ import annotations

import random
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from benchmarks._figures import main
from bot.bootstrap import SystemChance, SystemClock
from bot.domain.cases import Case
from bot.domain.members import MemberId
from bot.domain.outcomes import Certainty, Outcome
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from bot.ports.work import Work
from storage.content.store import ContentStore, open_content

WORDS: Final = (
    *("fever", "rash", "cough", "ulcer", "shin", "knee", "chest", "biopsy", "travel", "malaria", "dengue"),
    *(
        "gout",
        "sepsis",
        "child",
        "adult",
        "weight",
        "loss",
        "night",
        "sweats",
        "murmur",
        "syncope",
        "effusion",
    ),
    *("anaemia", "platelets", "ferritin", "troponin", "nodule", "plaque", "lesion", "itching"),
)
TOLD: Final = datetime(2031, 1, 1, tzinfo=UTC)
_AT_ONCE: Final = 1000


async def measure(folder: Path, count: int) -> dict[str, float]:
    """Fill a library and time changes of one case, in milliseconds, the middle one of three."""
    chance = SystemChance()
    sealer = AesSealer(MasterKey(bytes(range(32))), chance)
    store = await open_content(folder, sealer, rooms=("north",), clock=SystemClock(), chance=chance)
    rng = random.Random(1)  # noqa: S311 - each run asks the same
    for first in range(0, count, _AT_ONCE):
        async with store.work() as work:
            for number in range(first + 101, min(first + _AT_ONCE, count) + 101):
                await work.cases.add(_case(number, rng))
    figures: dict[str, list[float]] = {}
    for number in (101, 102, 103):
        for name, change in _changes(_case(number, rng)).items():
            figures.setdefault(name, []).append(await _took(store, change))
    await store.close()
    return {name: sorted(took)[1] for name, took in figures.items()}


def _case(number: int, rng: random.Random) -> Case:
    title, question = (" ".join(rng.choices(WORDS, k=size)) for size in (8, 20))
    who = MemberId("a" * 32)
    return Case(f"c{number}", number, who, title, "", question, "soon", posted_at=TOLD, released_at=TOLD)


def _changes(case: Case) -> dict[str, Callable[[Work], Awaitable[None]]]:
    told = Outcome(f"o{case.number}", case.id, Certainty.CONFIRMED, "gout", "", "", TOLD, look_at=TOLD)
    return {
        "nothing_of_the_index": lambda work: work.members.forget(MemberId("b" * 32)),
        "outcome_told": lambda work: work.outcomes.put(told),
        "outcome_stands": lambda work: work.outcomes.put(told.concluded(1)),
        "outcome_corrected": lambda work: work.outcomes.put(told.corrected(told)),
        "case_withdrawn": lambda work: work.cases.replace(case.withdraw()),
    }


async def _took(store: ContentStore, change: Callable[[Work], Awaitable[None]]) -> float:
    began = time.perf_counter()
    async with store.work() as work:
        await change(work)
    return round((time.perf_counter() - began) * 1000, 1)


if __name__ == "__main__":
    main(__doc__, measure, counted="cases", most=20_000)
