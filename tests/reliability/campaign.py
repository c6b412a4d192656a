"""A campaign: people work, the bot is killed again and again, and at the end everything is counted."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from random import Random

import pytest

from tests.reliability import evidence
from tests.reliability.evidence import Verdict
from tests.reliability.ledger import Ledger
from tests.reliability.physicians import AtMatrix, Physician, at_work
from tests.reliability.stage import MATRIX_SITE, SLACK_SITE, Stage

_YOUNG = 0.25
"""The share of kills that hit the bot while it still starts."""
_CALM_SECONDS = 240.0
_ACTS_A_LIFE = 2
_ACTING = 9
"""How many of a crowd act in one life: everybody else is told of it."""


@dataclass
class Report:
    """What a campaign saw.

    ``trouble`` counts Slack's faults by kind, ``told`` the direct messages that were sent and those that
    people have, ``orphans`` the bot's files in Slack that no message shows.
    """

    seed: int
    kills: int = 0
    running: int = 0
    said: int = 0
    deliveries: int = 0
    destinations: int = 0
    trouble: dict[str, int] = field(default_factory=dict)
    rooms: dict[str, Verdict] = field(default_factory=dict)
    told: tuple[int, int] = (0, 0)
    orphans: int = 0
    calm: float = 0.0
    exit_code: int = -1

    def __str__(self) -> str:
        """Tell it in a few lines."""
        head = (
            f"seed {self.seed}: {self.kills} kills ({self.running} of a running bot), {self.said} phrases, "
        )
        head += f"{self.deliveries} deliveries to {self.destinations} destinations"
        calm = f"calm after {self.calm:.1f} s, exit {self.exit_code}, orphans {self.orphans}"
        lines = [f"{head}; {calm}", f"  trouble: {self.trouble}; direct messages sent and seen: {self.told}"]
        return "\n".join([*lines, *(f"  {room}: {verdict}" for room, verdict in self.rooms.items())])


class Campaign:
    """Kills the bot of a stage ``kills`` times at moments that ``seed`` decides.

    How much is said in a life depends on the machine; so there are more of them, up to twice as many, until
    ``least`` deliveries were put.
    """

    def __init__(
        self,
        stage: Stage,
        *,
        kills: int,
        seed: int,
        longest_life: float,
        curious: bool = False,
        least: int = 0,
    ) -> None:
        self.stage = stage
        self.report = Report(seed)
        self.ledger = Ledger()
        self.people: list[Physician] = []
        self._kills = kills
        self._least = least
        self._longest_life = longest_life
        self._curious = curious
        self._chance = Random(seed)  # noqa: S311 (a campaign must repeat itself)
        self._over = asyncio.Event()

    async def run(self) -> Report:
        """Kill, then let the bot live until nothing waits any more, and judge."""
        await self.stage.slack.trouble()
        people = self.people = at_work(self.stage, self._chance, self.ledger)
        for person in people:
            person.curious = self._curious
        working = [asyncio.create_task(person.work(self._over)) for person in people]
        try:
            while self._goes_on():
                _let_act(self._chance.sample(people, _ACTING) if self._curious else people)
                await self._one_life(working)
        finally:
            self._over.set()
            _let_act(people)
        await self.stage.slack.calm()
        await self._calm(working, people)
        await self._judge()
        return self.report

    def _goes_on(self) -> bool:
        if self.report.kills < self._kills:
            return True
        put = sum(evidence.states(self.stage.content).values())
        return put < self._least and self.report.kills < 2 * self._kills

    async def _one_life(self, working: list[asyncio.Task[None]]) -> None:
        """Let the bot live a while; the moment of its death is drawn before it is born."""
        young, moment = self._chance.random() < _YOUNG, self._chance.random()
        program = await self.stage.run()
        if not young:
            await program.until_running()
            self.report.running += 1
        done, _ = await asyncio.wait(working, timeout=moment * (1.5 if young else self._longest_life))
        for task in done:  # nobody goes home early
            task.result()
        await program.kill()
        self.report.kills += 1

    async def _calm(self, working: list[asyncio.Task[None]], people: list[Physician]) -> None:
        program = await self.stage.run()
        try:
            await program.until_running()
            await asyncio.gather(*working)
            author = next(person for person in people if isinstance(person, AtMatrix))
            patience = _CALM_SECONDS * (10 if self._curious else 1)
            self.report.calm = await at_rest(self.stage, self.ledger, patience=patience)
            await author.withdraw()
            await at_rest(self.stage, self.ledger, patience=patience)
            self.report.exit_code = await program.stop()
        finally:
            await program.kill()

    async def _judge(self) -> None:
        self.report.said = len(self.ledger.sure | self.ledger.tried)
        self.report.deliveries = sum(evidence.states(self.stage.content).values())
        self.report.destinations = evidence.destinations(self.stage.content)
        self.report.trouble = await self.stage.slack.troubles()
        self.report.rooms = await rooms_of(self.stage, self.ledger)
        self.report.told = (evidence.direct_messages(self.stage.content), await news_seen(self.stage))
        self.report.orphans = await self.stage.slack.orphans()


def _let_act(people: list[Physician]) -> None:
    for person in people:
        for _ in range(_ACTS_A_LIFE):
            person.turns.release()


async def at_rest(stage: Stage, ledger: Ledger, *, patience: float = _CALM_SECONDS) -> float:
    """Wait until all that was accepted is handled and sent, and say how many seconds that took."""
    started = time.monotonic()
    while why := _restless(stage, ledger):
        if time.monotonic() - started > patience:
            last = stage.programs[-1].lines[-12:]
            pytest.fail(f"no calm after {patience:.0f} s: {why}; {evidence.waiting(stage.content)}; {last}")
        await asyncio.sleep(0.2)  # another process's database: there is nothing to be woken by
    return time.monotonic() - started


def _restless(stage: Stage, ledger: Ledger) -> str:
    known = evidence.effects(stage.content, ledger)
    gone = {phrase for phrase, about in ledger.about.items() if about in ledger.withdrawn}
    missing = sorted(phrase for phrase in ledger.sure - gone if not known[phrase])
    missing += [f"withdrawal of #{number}" for number in ledger.withdrawn - evidence.withdrawn(stage.content)]
    return evidence.at_rest(stage.content) or (f"never taken in: {missing}" if missing else "")


async def rooms_of(stage: Stage, ledger: Ledger) -> dict[str, Verdict]:
    """Judge both consult rooms as somebody in them sees them, the bot being down."""
    await stage.matrix.caught_up()
    seen = await stage.slack.room_as_seen(stage.slack_people[0])
    texts = [f"{message['text']} {message.get('blocks')}" for message in seen]
    bodies = [message.body for message in stage.matrix.room_as_seen(stage.matrix_people[0])]
    return {
        "slack": evidence.judge(stage.content, SLACK_SITE, texts, ledger),
        "matrix": evidence.judge(stage.content, MATRIX_SITE, bodies, ledger),
    }


async def news_seen(stage: Stage) -> int:
    """Count the welcomes and the news that everybody has in the home chat, answers left aside."""
    dms = [one for name in stage.slack_people for one in await stage.slack.home_as_seen(name)]
    texts = [f"{one['text']} {one.get('blocks')}" for one in dms]
    texts += [
        one.body
        for name, person in stage.matrix.people.items()
        for one in person.read(stage.matrix.home(name))
    ]
    return sum("Something new in #" in text or "You are in" in text for text in texts)
