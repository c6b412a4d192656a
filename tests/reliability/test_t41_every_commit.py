"""T-41 without names: a story that is cut off after any of its commits ends as if nothing had been."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.memory.adapter import Shown
from bot.chat.events import Kind
from storage.connection import Connection
from storage.database import Database
from storage.lane import Lane
from tests.reliability.mortal import Fate, House, _drop, _mortal, forget_the_dead, settled_house
from tests.reliability.test_t41_boundaries import assert_at_rest, calm
from tests.stories.world import PEOPLE, World
from tests.views.test_views import words_of

STORY = (
    ("ravi", "comment 101 The border is sharp."),
    ("sana", "opinion 101 Psoriasis"),
    ("ben", "opinion 101 Lichen planus"),
    ("ravi", "follow 101"),
    ("ada", "comment 101 No fever at any time."),
    ("ravi", "ask 101 Since when is it there?"),
    ("ada", 'poll "Biopsy first?" yes | no'),
    ("ada", "post"),
    ("ada", "post"),
    ("ravi", "vote 102 1"),
    ("sana", "vote 102 2"),
    ("ada", "add 101 It came back in the spring."),
    ("ada", "post"),
    ("ada", "post"),
    ("ravi", "unfollow 101"),
    ("ada", "close 101"),
    ("ada", "yes"),
)
SAMPLE = 12
"""How many of the commits the gate tries, evenly spread; ``make soak`` tries each."""


@dataclass
class Counting(Fate):
    """Ends the process after so many commits; never, where ``last`` is zero."""

    last: int = 0
    commits: int = field(default=0, init=False)
    dead: bool = field(default=False, init=False)

    def committed(self) -> None:
        self.commits += 1
        if self.commits == self.last:
            self.strike()


@contextmanager
def counted(fate: Counting) -> Iterator[None]:
    """Count every commit of every database, when it is done and before anybody goes on."""
    transaction, share, put = Database.transaction, Database.share, Lane.put

    def counting(database: Database) -> AbstractAsyncContextManager[Connection]:
        @asynccontextmanager
        async def unit() -> AsyncIterator[Connection]:
            async with transaction(database) as connection:
                yield connection
            fate.committed()

        return unit()

    async def sharing(database: Database, change: Callable[[Connection], Awaitable[Any]]) -> Any:
        result = await share(database, change)
        fate.committed()
        return result

    async def putting(lane: Lane, *given: Any) -> Any:
        result = await put(lane, *given)
        fate.committed()
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Database, "transaction", counting)
        patch.setattr(Database, "share", sharing)
        patch.setattr(Lane, "put", putting)
        yield


@dataclass(frozen=True)
class Seen:
    """What people have in the end: both rooms in their order, and what each was told at home."""

    rooms: tuple[tuple[str, ...], ...]
    homes: dict[str, Counter[str]]

    @classmethod
    def of(cls, house: House, names: Mapping[str, str]) -> Seen:
        """Look at everything; who stands there is named by the person, since names are drawn each time."""

        def words(shown: Shown) -> str:
            found = words_of(shown.card)
            for name, person in names.items():
                found = found.replace(name, person)
            return found

        sites = (house.forms, house.words)
        rooms = tuple(tuple(words(shown) for shown in site.room) for site in sites)
        homes = {
            person: Counter(words(shown) for shown in shown_here if shown.delivery)
            for site in sites
            for person, shown_here in site.homes.items()
        }
        return cls(rooms, homes)


async def told(house: House, *, cut: int = 0) -> tuple[Seen, int]:
    """Tell the story, cut off after so many commits and then told on; gives how many it had by then."""
    fate = Counting(cut)
    asyncio.get_running_loop().set_exception_handler(forget_the_dead)
    world = await house.open()
    accepted = [0]
    with counted(fate), _mortal(fate):
        try:
            await tell_on(world, accepted)
            await world.wait(1)
        except BaseException as end:
            if not fate.dead:
                raise end from None
        finally:
            await _drop(world.bot)
    async with house.life() as world:
        await calm(world)
        await tell_on(world, accepted)
        await calm(world)
        names = {await world.name_of(person): person for people in PEOPLE.values() for person in people}
    return Seen.of(house, names), fate.commits


async def tell_on(world: World, accepted: list[int]) -> None:
    """Go on where nothing was acknowledged yet: what was not is said again under its id, as platforms do."""
    while accepted[0] < len(STORY):
        person, words = STORY[accepted[0]]
        site, event = world.site_of(person), f"told{accepted[0]}"
        await site.does(person, Kind.TEXT, words, event=event)
        accepted[0] += 1
        await world.settle()


def fresh(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


async def undisturbed(folder: Path) -> tuple[Seen, int]:
    async with settled_house(fresh(folder)) as house:
        whole = await told(house)
        assert_at_rest(house)
        return whole


async def cut_after(folder: Path, commit: int, whole: Seen) -> None:
    async with settled_house(fresh(folder)) as house:
        seen, commits = await told(house, cut=commit)
        assert commits >= commit
        assert seen.rooms == whole.rooms, commit
        assert seen.homes == whole.homes, commit
        assert_at_rest(house)


async def test_the_story_is_one(tmp_path: Path) -> None:
    whole, commits = await undisturbed(tmp_path)
    shown = "\n".join(whole.rooms[0])
    for words in ("border is sharp", "Psoriasis", "No fever", "Since when", "Biopsy first?", "in the spring"):
        assert words in shown
    assert whole.homes["ravi"]
    assert commits > 100, commits


@pytest.mark.timeout(300)
async def test_t41_cut_off_after_some_of_its_commits_it_ends_the_same(tmp_path: Path) -> None:
    whole, commits = await undisturbed(tmp_path / "whole")
    for number in range(SAMPLE):
        commit = 1 + number * (commits - 1) // SAMPLE
        await cut_after(tmp_path / str(commit), commit, whole)


@pytest.mark.soak
@pytest.mark.timeout(0)
async def test_t41_cut_off_after_any_of_its_commits_it_ends_the_same(tmp_path: Path) -> None:
    whole, commits = await undisturbed(tmp_path / "whole")
    for commit in range(1, commits + 1):
        await cut_after(tmp_path / str(commit), commit, whole)
