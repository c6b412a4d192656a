"""Whether the time of an answer tells what exists: the same words about what is known and what is not.

``python benchmarks/enumeration.py [--tries 500] [--json FILE]``
A whole bot on SQLite with an adapter in memory; milliseconds from the event to the answer, known and unknown
side by side. T-22 wants the median of their difference below 5 ms, and the answers alike.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.adapters.memory import MemoryAdapter
from bot.bootstrap import Bot, SystemChance
from bot.chat.codec import card_to_bytes, form_to_bytes
from bot.chat.forms import Form
from bot.config.settings import Settings
from bot.domain.credentials import NameBars, npi_trouble
from bot.domain.members import MemberId, Role
from bot.domain.roster import Kind, ListedRow, RosterRow
from bot.domain.verification import HardKey, KeyKind
from bot.identity.joining import Admission
from bot.identity.keys import create_key_file
from bot.ports.adapter import Profile
from bot.verification.roster import RosterCheck
from bot.verification.workspace import Workspace

Row = dict[str, Any]
Try = Callable[[int], Awaitable[None]]
BAR_MS = 5.0
_DIGITS = re.compile(r"\d+")


class Register:
    """A register in which every number is the same physician's."""

    async def by_npi(self, npi: str) -> RosterRow | None:
        """Find the physician."""
        return RosterRow(
            npi,
            Kind.PERSON,
            first_name="Nemo",
            last_name="Example",
            credential="M.D.",
            physician_taxonomy=True,
            primary_taxonomy="207RC0000X",
        )

    async def by_licence(self, state: str, number: str) -> tuple[RosterRow, ...]:
        """There are no licences in it."""
        return ()

    async def listed(self, number: str) -> ListedRow | None:
        """There is no list."""
        return None

    async def latest_import(self) -> int:
        """Something was imported."""
        return 1

    async def deactivated_since(self, import_number: int) -> tuple[str, ...]:
        """Nobody is switched off."""
        return ()


def number(beginning: int) -> str:
    """Give a number with the right check digit from its first nine digits."""
    return next(one for digit in range(10) if npi_trouble(one := f"{beginning}{digit}") is None)


class Stage:
    """A bot with a few members at one site; everybody speaks through an adapter in memory."""

    def __init__(self, bot: Bot, site: MemoryAdapter) -> None:
        """Take the bot and its site."""
        self.bot, self.site = bot, site

    async def say(self, person: str, words: str) -> None:
        """Say something in the home chat and wait for the answer."""
        await self.site.commands(person, words)
        await self.bot.door.settle()

    async def submit(self, person: str, values: dict[str, str]) -> None:
        """Send a form back and wait for the answer."""
        await self.site.submits(person, values)
        await self.bot.door.settle()

    def answer(self, person: str) -> str:
        """Give the last answer, with every number made the same."""
        reply = self.site.answers[person][-1]
        written = form_to_bytes(reply) if isinstance(reply, Form) else card_to_bytes(reply)
        return _DIGITS.sub("0", written.decode())


@asynccontextmanager
async def staged(folder: Path) -> AsyncIterator[Stage]:
    """Open a bot in which ``ada`` has a case that waits, a poll that is out, and a number."""
    chance = SystemChance()
    create_key_file(folder / "master.key", chance)
    site = MemoryAdapter("here")
    defaults = {name: field.default for name, field in Settings.model_fields.items()}
    settings = Settings.model_construct(
        data_dir=folder / "var",
        key_file=folder / "master.key",
        slack=(),
        matrix=(),
        relay=defaults["relay"].model_copy(update={"undo_seconds": 3600.0}),
        privacy=defaults["privacy"],
    )

    async def profile(_site: str, _account: object) -> Profile:
        return Profile(member=True)

    checks = (Workspace(profile, {}, set()), RosterCheck(Register(), NameBars()))
    bot = await Bot.open(settings, adapters=(site,), checks=checks)
    await bot.start()
    try:
        stage = Stage(bot, site)
        await furnish(stage)
        yield stage
    finally:
        await bot.stop()


async def furnish(stage: Stage) -> None:
    """Let two members in, one of whom has posted something."""
    chance = SystemChance()
    for person in ("ada", "ben"):
        (name,) = await stage.bot.wall.joining.free_names(1)
        held = (HardKey(KeyKind.NPI, number(123456780)),) if person == "ada" else ()
        admission = Admission(
            MemberId(chance.id()), name, "Ada Example", "Cardiology", Role.PHYSICIAN, held, "checks"
        )
        await stage.bot.wall.joining.admit(stage.site.account(person), admission)
    await stage.say("ada", "case")
    await stage.submit("ada", {"story": "A man with a plaque.", "question": "Biopsy?"})
    await stage.say("ada", 'poll "Biopsy?" yes | no')
    for _ in range(4):
        await stage.say("ada", "post")


def by_word(stage: Stage, word: str, numbers: tuple[int, int]) -> tuple[Try, Try]:
    """Say a word about another's thing that is there, and about one that is not."""

    def saying(asked: int) -> Try:
        async def one(_: int) -> None:
            await stage.say("ben", f"{word} {asked}")

        return one

    return saying(numbers[0]), saying(numbers[1])


def by_number(stage: Stage) -> tuple[Try, Try]:
    """Give a number that a member has, and one that nobody has; each applicant is a new one."""

    def giving(beginning: int) -> Try:
        async def one(_: int) -> None:
            await stage.submit("nemo", {"number": number(beginning), "name": "Nemo Example", "licence": ""})

        return one

    return giving(123456780), giving(123456790)


async def measure_pair(stage: Stage, name: str, pair: tuple[Try, Try], person: str, tries: int) -> Row:
    """Try both side by side, now this one first and now that; in ms, and whether the answers are alike.

    The difference is the median of those of each try, so that a machine with other work moves both alike.
    """
    waits: tuple[list[float], list[float]] = ([], [])
    answers: tuple[set[str], set[str]] = (set(), set())
    for turn in range(tries):
        for which in random.sample((0, 1), 2):
            waits[which].append(await timed(stage, pair[which], person, turn))
            answers[which].add(stage.answer(person))
            if person == "nemo":
                await stage.say(person, "verify stop")
    known, unknown = (statistics.median(one) for one in waits)
    apart = statistics.median(one - other for one, other in zip(*waits, strict=True))
    return {
        "asked": name,
        "tries": tries,
        "known_p50_ms": round(known, 2),
        "unknown_p50_ms": round(unknown, 2),
        "difference_ms": round(abs(apart), 2),
        "ratio": round(known / unknown, 3),
        "answers_alike": answers[0] == answers[1] and len(answers[0]) == 1,
        "within_bar": abs(apart) < BAR_MS,
    }


async def timed(stage: Stage, one: Try, person: str, turn: int) -> float:
    """Give the milliseconds that an answer takes."""
    if person == "nemo":
        await stage.say(person, "verify")
    begun = time.perf_counter()
    await one(turn)
    return (time.perf_counter() - begun) * 1000


async def measure(tries: int) -> list[Row]:
    """Try every pair."""
    with tempfile.TemporaryDirectory() as folder:
        async with staged(Path(folder)) as stage:
            # Both are posted and wait for their undo time: 101 is a case, 102 a poll.
            words = [("show", (101, 999)), ("withdraw", (101, 999)), ("endpoll", (102, 999))]
            rows = [
                await measure_pair(stage, word, by_word(stage, word, numbers), "ben", tries)
                for word, numbers in words
            ]
            rows.append(await measure_pair(stage, "verify number", by_number(stage), "nemo", tries))
    return rows


def main() -> None:
    """Measure, print a table, write JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=500)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    rows = asyncio.run(measure(asked.tries))
    print("asked          known p50  unknown p50  difference  ratio  answers alike")
    for row in rows:
        print(
            f"{row['asked']:13} {row['known_p50_ms']:7} ms {row['unknown_p50_ms']:9} ms "
            f"{row['difference_ms']:8} ms {row['ratio']:6}  {'yes' if row['answers_alike'] else 'NO'}"
        )
    if asked.json:
        asked.json.write_text(json.dumps({"benchmark": "enumeration", "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
