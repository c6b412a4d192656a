"""Whether the time of an answer tells a link code that was shown from one that never was (T-22).

    python benchmarks/link_codes.py [--tries 500] [--json FILE]

Both get the same words: the shown ones are too old. They are typed in turn, each by an account of its own,
on real databases; told is how long the answer takes and how far the middles of both kinds are apart.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._figures import main
from bot.bootstrap import Bot
from bot.bootstrap.system import SystemChance, SystemClock
from bot.chat.events import Account
from bot.config.settings import Settings
from bot.domain.linking import GOOD_FOR, Linked
from bot.identity.keys import create_key_file

BAR: Final = 5.0
"""Milliseconds that the middles may be apart."""


class MovedClock(SystemClock):
    """The machine's clock, which can be put forward."""

    def __init__(self) -> None:
        """Begin with the machine's time."""
        self.forward = timedelta()

    def now(self) -> datetime:
        """Give the time, put forward."""
        return datetime.now(UTC) + self.forward


def account(name: str, number: int) -> Account:
    """Give an invented account."""
    return Account("slack", "T0EXAMPLE", f"U{name}{number}")


async def measure(folder: Path, tries: int) -> dict[str, object]:
    """Type as many shown and unknown codes, in turn; gives milliseconds."""
    clock, chance = MovedClock(), SystemChance()
    create_key_file(folder / "master.key", chance)
    settings = Settings.model_construct(
        data_dir=folder / "var", key_file=folder / "master.key", slack=(), matrix=()
    )
    bot = await Bot.open(settings, clock, adapters=(), chance=chance)
    try:
        shown = [(await bot.linking.stand(account("SHOWS", number))).code for number in range(tries)]
        clock.forward = 2 * GOOD_FOR
        took: dict[str, list[float]] = {"shown": [], "unknown": []}
        for number, code in enumerate(shown):
            unknown = f"{(int(code) + 1) % 10**8:08}"
            for kind, typed in (("shown", code), ("unknown", unknown)):
                began = time.perf_counter()
                told = await bot.linking.typed(account(kind.upper(), number), typed)
                took[kind].append((time.perf_counter() - began) * 1000)
                if told.stands is not Linked.NO_CODE:
                    raise SystemExit(f"a code that leads nowhere was answered with {told.stands}")
    finally:
        await bot.stop()
    return _figures(took)


def _figures(took: dict[str, list[float]]) -> dict[str, object]:
    middles = {kind: median(times) for kind, times in took.items()}
    return {
        **{
            kind: {"p50_ms": round(middles[kind], 3), "p95_ms": round(quantiles(times, n=20)[-1], 3)}
            for kind, times in took.items()
        },
        "apart_ms": round(abs(middles["shown"] - middles["unknown"]), 3),
        "bar_ms": BAR,
    }


if __name__ == "__main__":
    main(__doc__, measure)
