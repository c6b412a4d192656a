"""Whether the time of an answer tells a right code of a vouch from a wrong one (T-22).

    python benchmarks/vouch_codes.py [--tries 500] [--json FILE]

A whole bot on SQLite with an adapter in memory. A physician confirms a right code and a wrong one in turn,
now this one first and now that; every other time it is the second vouch of its applicant. Told is how long
the answer takes, and how long the next word takes that follows at once, while codes are being counted.
Afterwards every right code must have counted, and no wrong one.
"""

from __future__ import annotations

import random
import re
import secrets
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks._figures import main
from bot.adapters.memory import MemoryAdapter
from bot.bootstrap import Bot, SystemChance, SystemClock
from bot.chat.cards import Card
from bot.chat.codec import card_to_bytes
from bot.config.settings import Settings
from bot.domain.members import Role
from bot.domain.vouches import ask
from bot.identity.keys import create_key_file
from bot.verification.vouch import Vouch

BAR: Final = 5.0
"""Milliseconds that the middles may be apart."""
KINDS: Final = ("right", "wrong")
_MONTH: Final = timedelta(days=32)
_CODE: Final = re.compile(r"\d{3} \d{3} \d{3}")


class MovedClock(SystemClock):
    """The machine's clock, which can be put forward."""

    def __init__(self) -> None:
        """Begin with the machine's time."""
        self.forward = timedelta()

    def now(self) -> datetime:
        """Give the time, put forward."""
        return datetime.now(UTC) + self.forward


class Stage:
    """A bot at whose site two physicians are members and one person is not."""

    def __init__(self, bot: Bot, site: MemoryAdapter, clock: MovedClock) -> None:
        """Take the bot, its site and the clock."""
        self.bot, self.site, self.clock = bot, site, clock

    async def say(self, person: str, words: str) -> str:
        """Say something in the home chat; gives the answer as it is written down."""
        await self.site.commands(person, words)
        await self.bot.door.settle()
        reply = self.site.answers[person][-1]
        return card_to_bytes(reply).decode() if isinstance(reply, Card) else reply.title

    async def timed(self, person: str, words: str) -> tuple[float, str]:
        """Say something; gives the milliseconds until the answer, and the answer."""
        began = time.perf_counter()
        answer = await self.say(person, words)
        return (time.perf_counter() - began) * 1000, answer

    async def code(self) -> str:
        """Let another month begin, and the applicant ask for a code."""
        self.clock.forward += _MONTH
        await self.bot.vouches.tidy()
        await self.say("nemo", "verify")
        await self.say("nemo", "verify again")
        found = _CODE.search(await self.say("nemo", "verify vouch"))
        if found is None:
            raise SystemExit("the applicant was given no code")
        return found[0].replace(" ", "")

    async def confirm(self, person: str, code: str) -> tuple[float, float]:
        """Confirm a code; gives the milliseconds of the answer and of the one to the next word."""
        took, answer = await self.timed(person, f"vouch {code} yes")
        following, _ = await self.timed(person, "rules")
        if "Noted" not in answer:
            raise SystemExit(f"a code was answered with {answer}")
        await self.bot.watch.settle()
        return took, following


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Open a bot in which ``ada`` and ``ben`` are physicians and ``nemo`` is nobody yet."""
    clock, chance = MovedClock(), SystemChance()
    create_key_file(folder / "master.key", chance)
    site = MemoryAdapter("here")
    settings = Settings.model_construct(
        data_dir=folder / "var", key_file=folder / "master.key", slack=(), matrix=()
    )
    checks = (Vouch(clock=clock, chance=chance),)
    bot = await Bot.open(settings, clock, (site,), chance, checks=checks)
    await bot.start()
    try:
        for person in ("ada", "ben"):
            account = site.account(person)
            await bot.wall.joining.enrol(account, "Ada Example", "Cardiology", Role.PHYSICIAN, by="benchmark")
        yield Stage(bot, site, clock)
    finally:
        await bot.stop()


async def measure(folder: Path, tries: int) -> dict[str, Any]:
    """Confirm as many right and wrong codes; gives milliseconds."""
    took: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    async with staged(folder) as stage:
        for turn in range(tries):
            right = await stage.code()
            second = bool(turn % 2)
            if second:
                await stage.confirm("ben", right)
            wrong = ask(secrets.token_bytes(32), stage.clock.now()).code
            codes = dict(zip(KINDS, (right, wrong), strict=True))
            for kind in random.sample(KINDS, len(KINDS)):
                took[kind].append(await stage.confirm("ada", codes[kind]))
            so_far = await stage.say("nemo", "verify")
            if "One of the two" in so_far if second else "One of the two" not in so_far:
                raise SystemExit("a right code did not count, or a wrong one did")
    answers, following = ({kind: [one[place] for one in took[kind]] for kind in KINDS} for place in (0, 1))
    return {"tries": tries, "answer": _figures(answers), "next_word": _figures(following), "bar_ms": BAR}


def _figures(took: dict[str, list[float]]) -> dict[str, Any]:
    middles = {kind: median(times) for kind, times in took.items()}
    pairs = zip(took["right"], took["wrong"], strict=True)
    return {
        **{
            kind: {"p50_ms": round(middles[kind], 2), "p95_ms": round(quantiles(times, n=20)[-1], 2)}
            for kind, times in took.items()
        },
        "apart_ms": round(abs(middles["right"] - middles["wrong"]), 2),
        "difference_p50_ms": round(abs(median(one - other for one, other in pairs)), 2),
    }


if __name__ == "__main__":
    main(__doc__, measure)
