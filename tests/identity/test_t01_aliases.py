"""T-01 for aliases and past names: who has the content database alone guesses no better than by chance."""

from __future__ import annotations

import random
import re
import sqlite3
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Final

import pytest

from bot.anonymizer import Anonymizer
from bot.chat.events import Account, FileRef
from bot.commands import cases, comments, drafts, names, opinions
from bot.commands.context import Ask, Context, House, Rules
from bot.commands.registry import Run
from bot.domain.drafts import Draft, DraftKind, Sent, Source
from bot.domain.members import MemberId, Role
from bot.domain.personae import Signing
from bot.identity.wall import Wall
from bot.ports.adapter import Part
from bot.ports.names import Changed
from bot.ports.work import Work
from storage.content.store import ContentStore
from tests.storage.handed_in import ROOMS, SeededChance, StillClock

USERS: Final = 200
ALIASES: Final = 100
RENAMED: Final = 50
UNDO_AND_DELAY: Final = 200.0
"""Seconds after which a case has left for sure."""
MOST_RIGHT: Final = 0.02
"""By chance it is one in two hundred."""
SPECIALTIES: Final = ("Dermatology", "Surgery", "Cardiology", "Pediatrics", "Urology")
_ID: Final = re.compile(rb"[0-9a-f]{32}")

pytestmark = pytest.mark.timeout(300)


class Town:
    """People who post, answer and change their names; and who stands behind which persona."""

    def __init__(self, wall: Wall, content: ContentStore, clock: StillClock, chance: SeededChance) -> None:
        self.wall = wall
        self.clock = clock
        self.queue = content.queue
        self.house = House(content, Anonymizer(), clock, chance, Rules())
        self.draw = random.Random(1)  # noqa: S311 - a story, not a secret
        self.behind: dict[str, str] = {}

    async def move_in(self, users: int) -> None:
        for number in range(users):
            specialty = SPECIALTIES[number % len(SPECIALTIES)]
            await self.wall.joining.enrol(
                account(number), "Nora Planted", specialty, Role.PHYSICIAN, by="test"
            )

    async def live(self, users: int, aliases: int) -> None:
        """Let some post under an alias and go on with it, while others answer and comment."""
        open_cases: list[int] = []
        for number, person in enumerate(self.draw.sample(range(users), aliases)):
            await self.post_as_alias(person)
            open_cases.append(101 + number)
            case = self.draw.choice(open_cases)
            other, another = self.draw.sample([one for one in range(users) if one != person], 2)
            await self.does(other, comments.say, f"comment {case} I agree.")
            await self.does(another, opinions.give, f"opinion {101 + number} 1) gout")
            if number % 4 == 0:
                await self.does(person, comments.say, f"comment {101 + number} It itches.")
            await self.deliver()
            if number % 10 == 0:
                await self.does(person, cases.withdraw, f"withdraw {open_cases.pop()} yes")

    async def deliver(self) -> None:
        """Let what is due stand in the rooms."""
        for room in ROOMS:
            while claimed := await self.queue.claim(f"room:{room}", self.clock.now()):
                await self.queue.record(claimed, Part("message", self.house.chance.id()))
                await self.queue.sent(claimed)

    async def rename(self, people: Iterable[int]) -> None:
        for person in people:
            await self.does(person, names.name, "name")
            await self.does(person, names.name, "name 1")

    async def post_as_alias(self, person: int) -> None:
        ctx = await self._context(person)
        draft = Draft(
            id=self.house.chance.id(),
            member=ctx.member.id,
            kind=DraftKind.CASE,
            templates={"story": "A plaque.", "question": "Biopsy?"},
            created_at=self.clock.now(),
            settings={"urgency": "soon", "signing": Signing.ALIAS.value},
            source=Source({"story": "A plaque."}, (Sent("site", "$message"),)) if person % 2 else None,
            text_read=True,
            asked_last=True,
        )
        async with ctx.work() as work:
            await work.drafts.add(draft)
        self.clock.move(self.draw.uniform(5, 900))
        await drafts.post(ctx, Ask())
        self.clock.move(UNDO_AND_DELAY)

    async def does(self, person: int, command: Run, text: str) -> None:
        self.clock.move(self.draw.uniform(5, 900))
        await command(await self._context(person), Ask(text.partition(" ")[2]))

    async def _context(self, person: int) -> Context:
        known = await self.wall.who(account(person))
        assert known is not None
        async with self.house.content.work() as work:
            member = await work.members.get(known.member)
        assert member is not None
        return Context(
            member,
            self.house,
            receipt=_NoReceipt(),
            fetch=_nothing,
            voter=lambda key, poll: poll,
            names=self.wall.naming(known),
            audited=_unaudited,
            personae=known.held.ids,
        )

    async def note(self, users: int) -> None:
        """Write down whose persona is whose: what the thief is to find out."""
        for person in range(users):
            known = await self.wall.who(account(person))
            assert known is not None
            self.behind |= {persona: str(known.member) for persona in known.held.ids}


def account(number: int) -> Account:
    return Account("matrix", "north.example", f"@user{number}:north.example")


class _NoReceipt:
    """No inbox here."""

    async def write(self, work: Work) -> None:
        pass

    def committed(self) -> None:
        pass


async def _unaudited(what: str, reference: str) -> None:
    raise AssertionError(f"no moderator acts here: {what} {reference}")


async def _nothing(_: FileRef) -> bytes:
    raise AssertionError("nobody attaches anything here")


class Thief:
    """Has every table and every byte, and a list of ways to guess."""

    def __init__(self, folder: Path) -> None:
        self.files = [data for _, data in self.bytes_in(folder)]
        with closing(sqlite3.connect(folder / "content.db")) as database:
            tables = [
                name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            ]
            self.tables = {
                name: list(database.execute(f'SELECT * FROM "{name}"'))  # noqa: S608 - names of tables
                for name in tables
            }
        kinds = defaultdict(list)
        for ident, _, _, _, specialty, kind in self.tables["members"]:
            kinds[kind].append((ident, specialty))
        self.members = [ident for ident, _ in kinds["member"]]
        self.personae = [ident for kind in ("alias", "past") for ident, _ in kinds[kind]]
        self.with_specialty = kinds["alias"]

    @staticmethod
    def bytes_in(folder: Path) -> list[tuple[str, bytes]]:
        """Read all files of a folder as they lie there."""
        return [(path.name, path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()]

    def guesses(self) -> Mapping[str, Mapping[str, str]]:
        """Give, for each way, whom it takes to be behind each persona."""
        return {
            "next in order of ids": self._near(sorted([*self.members, *self.personae])),
            **{f"next row of {name}": self._near(self._ids(rows)) for name, rows in self.tables.items()},
            **{
                f"before in {name}": self._near(self._ids(rows), after=False)
                for name, rows in self.tables.items()
            },
            "nearest moment": self._by_time(),
            "nearest bytes": self._by_bytes(),
            "shared values": self._by_values(),
        }

    def _ids(self, rows: Iterable[Sequence[object]]) -> list[str]:
        return [
            found.decode()
            for row in rows
            for value in row
            if isinstance(value, str | bytes)
            for found in _ID.findall(value.encode() if isinstance(value, str) else value)
        ]

    def _near(self, order: Sequence[str], *, after: bool = True) -> dict[str, str]:
        known, votes = set(self.members), defaultdict[str, Counter[str]](Counter)
        last = ""
        for ident in order if not after else reversed(order):
            if ident in known:
                last = ident
            elif last:
                votes[ident][last] += 1
        return {ident: votes[ident].most_common(1)[0][0] for ident in self.personae if votes[ident]}

    def _by_time(self) -> dict[str, str]:
        moments = defaultdict[str, list[int]](list)
        known = {*self.members, *self.personae}
        for rows in self.tables.values():
            for row in rows:
                times = [value for value in row if isinstance(value, int) and value > 10**12]
                for ident in {ident for ident in self._ids([row]) if ident in known}:
                    moments[ident] += times
        line = sorted((time, ident) for ident in self.members for time in moments[ident])
        guessed = {}
        for persona in self.personae:
            near = Counter(_closest(line, time) for time in moments[persona] if line)
            if near:
                guessed[persona] = near.most_common(1)[0][0]
        return guessed

    def _by_bytes(self) -> dict[str, str]:
        votes = defaultdict[str, Counter[str]](Counter)
        known, wanted = set(self.members), set(self.personae)
        for data in self.files:
            seen = [(found.start(), found[0].decode()) for found in _ID.finditer(data)]
            line = [(place, ident) for place, ident in seen if ident in known]
            for place, ident in seen:
                if ident in wanted and line:
                    votes[ident][_closest(line, place)] += 1
        return {ident: votes[ident].most_common(1)[0][0] for ident in votes}

    def _by_values(self) -> dict[str, str]:
        """Go from a persona to members in the same row, or in a row with an id in common."""
        beside = defaultdict[str, Counter[str]](Counter)
        for rows in self.tables.values():
            for row in rows:
                ids = set(self._ids([row]))
                for ident in ids:
                    beside[ident].update(ids - {ident})
        known, guessed = set(self.members), {}
        for persona in self.personae:
            votes = Counter({one: 100 * times for one, times in beside[persona].items() if one in known})
            for near in beside[persona]:
                votes.update({one: times for one, times in beside[near].items() if one in known})
            if votes:
                guessed[persona] = votes.most_common(1)[0][0]
        return guessed


def _closest(line: Sequence[tuple[int, str]], place: int) -> str:
    at = bisect_left(line, (place, ""))
    around = line[max(0, at - 1) : at + 1]
    return min(around, key=lambda one: abs(one[0] - place))[1]


@pytest.fixture
def town(wall: Wall, content: ContentStore, clock: StillClock, chance: SeededChance) -> Town:
    return Town(wall, content, clock, chance)


async def test_t_01_who_has_the_content_database_does_not_find_the_author_of_an_alias(
    town: Town, content: ContentStore, data_dir: Path, tmp_path: Path
) -> None:
    await town.move_in(USERS)
    await town.live(USERS, ALIASES)
    await town.rename(town.draw.sample(range(USERS), RENAMED))
    await town.note(USERS)
    copytree(data_dir, tmp_path / "while it runs")
    await content._database.truncate()
    copytree(data_dir, tmp_path / "folded")
    for folder in ("while it runs", "folded"):
        thief = Thief(tmp_path / folder)
        assert len(thief.members) == USERS
        assert len(thief.personae) == ALIASES + RENAMED
        assert {specialty for _, specialty in thief.with_specialty} == {""}
        for way, guessed in thief.guesses().items():
            right = sum(town.behind[persona] == member for persona, member in guessed.items())
            assert right <= len(thief.personae) * MOST_RIGHT, (folder, way, right, len(guessed))


async def test_t_01_the_log_keeps_no_commit_that_joins_two_names(
    town: Town, wall: Wall, data_dir: Path
) -> None:
    await town.move_in(2)
    log = data_dir / "content.db-wal"
    for person in (0, 1):
        await town.post_as_alias(person)
        assert log.stat().st_size == 0
        known = await wall.who(account(person))
        assert known is not None
        (name,) = await wall.joining.free_names(1)
        assert await wall.naming(known).change(name) is Changed.CHANGED
        assert log.stat().st_size == 0


async def test_t_01_the_thief_would_find_a_link_that_is_there(
    town: Town, content: ContentStore, data_dir: Path, tmp_path: Path
) -> None:
    await town.move_in(20)
    await town.live(20, 10)
    await town.note(20)
    async with content.work() as work:
        for persona, member in town.behind.items():
            await work.outbox.erase(MemberId(member), (Sent("site", "$message"),), key=persona)
    copytree(data_dir, tmp_path / "stolen")
    guessed = Thief(tmp_path / "stolen").guesses()["shared values"]
    assert sum(town.behind[persona] == member for persona, member in guessed.items()) == 10


async def test_t_01_the_vault_names_no_id_of_the_content_side(town: Town, data_dir: Path) -> None:
    await town.move_in(10)
    await town.live(10, 5)
    await town.rename(range(5))
    await town.note(10)
    lying = b"".join(data for name, data in Thief.bytes_in(data_dir) if name.startswith("vault"))
    assert len(town.behind) == 10
    for ident in (*town.behind, *town.behind.values()):
        assert ident.encode() not in lying
        assert bytes.fromhex(ident) not in lying
