"""T-48: a thousand kinds of poison: each is set apart after three tries at most, and holds nobody up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.adapters.memory import MemoryAdapter
from bot.chat.cards import note
from bot.domain.members import MemberId, Role
from bot.ports.adapter import Delivery, Record
from bot.ports.backlog import Retried
from bot.views.moderators import apart_card
from tests.reliability.poison import damaged, exceptions, refusals
from tests.stories.applying import moderator
from tests.stories.world import PEOPLE, World, open_world
from tests.views.test_views import words_of

Kind = TypeVar("Kind")
KINDS = 1000
MODERATOR = "udo"
MOST_TRIES = 3
DAY = 24 * 3600


@dataclass
class Poisoned:
    """A site that chokes on what is listed; ``tried`` counts how often each was handed over."""

    site: MemoryAdapter
    poison: Mapping[str, BaseException]
    tried: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._deliver = self.site.deliver
        self.site.deliver = self.deliver  # type: ignore[method-assign]

    async def deliver(self, delivery: Delivery, record: Record) -> None:
        notice = delivery.action.card.notice  # type: ignore[union-attr]
        if fault := self.poison.get(notice):
            self.tried[notice] += 1
            raise fault
        await self._deliver(delivery, record)


async def pass_time(world: World) -> None:
    """Let every wait of a destination end, until none waits any more."""
    await world.bot.relay.drain()
    while (await world.bot.queue.depth())["waiting"]:
        world.clock.pass_(60)
        await world.bot.relay.drain()


async def enrol(world: World) -> None:
    """Make physicians of the people at the site that is poisoned, and a moderator of one at the other."""
    for person in PEOPLE["forms"]:
        account = world.forms.account(person)
        await world.bot.wall.joining.enrol(account, "Planted", "Dermatology", Role.PHYSICIAN, by="test")
    await moderator(world, MODERATOR)
    await world.settle()


async def members(world: World) -> list[MemberId]:
    found = [await world.bot.wall.who(world.forms.account(person)) for person in PEOPLE["forms"]]
    return [one.member for one in found if one is not None]


async def put(world: World, to: str, notices: list[str]) -> None:
    """Put a message for each notice into the outbox: for both rooms, or one after the other for homes."""
    homes, now = await members(world), world.clock.now()
    async with world.bot.house.content.work() as work:
        for number, notice in enumerate(notices):
            if to == "room":
                await work.outbox.post(f"poison:{notice}", note(notice), release_at=now)
            else:
                member, card = homes[number % len(homes)], note(notice)
                await work.outbox.tell(member, card, quiet=card, key=f"poison {notice}", release_at=now)


async def spoil(world: World, spoilt: Mapping[str, bytes | None]) -> None:
    """Damage what lies in the outbox for the site with forms; the other site's share is not needed here."""
    spoiling = text("UPDATE outbox SET payload = :p WHERE room = 'forms' AND subject = :s")
    rows = [{"p": payload, "s": f"poison:{notice}"} for notice, payload in spoilt.items()]
    async with world.bot.house.content.work() as work:
        connection = work._connection  # type: ignore[attr-defined]
        await connection.execute(spoiling, rows)
        await connection.execute(
            text("UPDATE outbox SET state = 'cancelled', ended = 1 WHERE room = 'words'")
        )


def between(kinds: list[str]) -> list[str]:
    """Put a message that nothing is wrong with after each tenth of a kind."""
    return [
        notice
        for number, kind in enumerate(kinds)
        for notice in (kind, *([f"good {number}"] if number % 10 == 9 else []))
    ]


def told(world: World) -> Counter[str]:
    """Count what the moderator was told of things set apart."""
    return Counter(text for text in world.home(MODERATOR) if text.startswith("A message to "))


@pytest.fixture(autouse=True)
def logged() -> Iterator[list[EventDict]]:
    """Keep what is logged: hundreds of tracebacks with all they hold take longer to print than to happen."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """Give a folder in memory where there is one: thousands of commits, and no power is cut here."""
    shared = Path("/dev/shm")  # noqa: S108 - nobody else reads what a test invents
    with TemporaryDirectory(dir=shared if shared.is_dir() else tmp_path) as folder:
        yield Path(folder)


@pytest.mark.parametrize(
    "every", [12, pytest.param(1, marks=[pytest.mark.soak, pytest.mark.timeout(0)])], ids=["some", "all"]
)
async def test_t48_a_thousand_kinds_of_poison_hold_nobody_up(in_memory: Path, every: int) -> None:
    async with open_world(in_memory) as world:
        await enrol(world)
        await _poisoned(world, every)


def _some(kinds: dict[str, Kind], every: int) -> dict[str, Kind]:
    return dict(list(kinds.items())[::every])


async def _poisoned(world: World, every: int) -> None:
    """Take every so many kinds, all of them or for the gate some; of what Python raises always each."""
    refused, broken = refusals(), exceptions()
    spoilt = {f"damaged {n}": one for n, one in enumerate(damaged(KINDS - len(refused) - len(broken)))}
    assert len(refused) + len(broken) + len(spoilt) == KINDS
    refused, spoilt = _some(refused, every), _some(spoilt, every)
    kinds = len(refused) + len(broken) + len(spoilt)
    site = Poisoned(world.forms, {**refused, **broken})

    await put(world, "room", between([*refused, *spoilt]))
    await spoil(world, spoilt)
    await put(world, "home", between(list(broken)))
    await pass_time(world)

    apart = await world.bot.backlog.quarantined()
    assert len(apart) == kinds
    assert max(one.tries for one in apart) <= MOST_TRIES
    assert set(site.tried) == {*refused, *broken}
    assert max(site.tried.values()) <= MOST_TRIES
    assert [shown.card.notice for shown in world.forms.room] == [
        one for one in between([*refused, *spoilt]) if one.startswith("good")
    ]
    at_home = [shown.card.notice for person in PEOPLE["forms"] for shown in world.forms.homes[person]]
    assert sum(one.startswith("good") for one in at_home) == len(broken) // 10
    reasons = {(bool(one.room), one.code) for one in apart}
    assert told(world) == Counter(words_of(apart_card(code, to_room=room)) for room, code in reasons)


async def test_t48_what_was_set_apart_is_told_again_the_next_day_and_can_be_retried_or_dropped(
    in_memory: Path,
) -> None:
    async with open_world(in_memory) as world:
        await enrol(world)
        poison = {"one": ValueError("poison"), "two": ValueError("poison"), "three": ValueError("poison")}
        site = Poisoned(world.forms, poison)
        for notice, days in (("one", 0), ("two", 0), ("three", 1)):
            world.clock.pass_(days * DAY)
            await put(world, "room", [notice])
            await pass_time(world)
        assert list(told(world).values()) == [2]

        site.poison = {"three": ValueError("poison")}
        first, second, third = [one.id for one in await world.bot.backlog.quarantined()]
        assert await world.bot.backlog.retry(first) is Retried.WAITING
        assert await world.bot.backlog.drop(second)
        assert await world.bot.backlog.retry(third) is Retried.WAITING
        await pass_time(world)
        assert [shown.card.notice for shown in world.forms.room] == ["one"]
        assert [(one.id, one.tries) for one in await world.bot.backlog.quarantined()] == [(third, MOST_TRIES)]
