"""Any story of posts, edits, deletions, failures and crashes ends as the members wanted it."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat.cards import note
from bot.identity.keys import MasterKey
from bot.identity.sealing import AesSealer
from bot.ports.adapter import Part
from bot.ports.outbox import Claimed, Ending, GroupEnded, What
from storage.content.store import ContentStore, open_content
from tests.server import ON_POSTGRES, places
from tests.storage.due import due, next_due
from tests.storage.handed_in import ROOMS, SeededChance, StillClock
from tests.storage.templates import lay_out

SUBJECTS = 3
Step = tuple[str, int, str]

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["post", "edit", "delete", "hold back", "deliver", "deliver", "deliver", "wait", "crash"]
        ),
        st.integers(0, SUBJECTS - 1),
        st.sampled_from(["sent", "refused", "lost before", "lost after", "killed before", "killed after"]),
    ),
    min_size=5,
    max_size=40,
)


@dataclass
class Room:
    """A consult room on a platform that knows each delivery by its id."""

    seen: set[str] = field(default_factory=set)
    standing: dict[str, str] = field(default_factory=dict)
    ever: list[str] = field(default_factory=list)

    def carry_out(self, claimed: Claimed) -> Part | None:
        """What the network does; the same delivery again changes nothing."""
        first = claimed.id not in self.seen
        self.seen.add(claimed.id)
        if claimed.what is What.DELETE:
            self.standing.pop(claimed.subject, None)
            return None
        assert claimed.card is not None
        if claimed.what is What.EDIT:
            assert claimed.subject in self.standing
            self.standing[claimed.subject] = claimed.card.notice
            return None
        if first:
            assert claimed.subject not in self.ever, "posted twice"
            assert not claimed.thread or claimed.thread in self.ever, "before its root"
            self.ever.append(claimed.subject)
            self.standing[claimed.subject] = claimed.card.notice
        return Part("message", f"ts-{claimed.subject}")


@dataclass
class Story:
    """The bot on one side, the rooms on the other, and what the members asked for."""

    folder: Path
    clock: StillClock = field(default_factory=StillClock)
    chance: SeededChance = field(default_factory=lambda: SeededChance(3))
    rooms: dict[str, Room] = field(default_factory=lambda: {room: Room() for room in ROOMS})
    wanted: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    ended: list[GroupEnded] = field(default_factory=list)
    revision: int = 0

    async def open(self) -> ContentStore:
        sealer = AesSealer(MasterKey(bytes(range(32))), self.chance)
        store = await open_content(
            places(self.folder), sealer, rooms=ROOMS, clock=self.clock, chance=self.chance
        )
        await store.queue.recover(self.clock.now())
        return store

    async def run(self, script: list[Step]) -> None:
        self.content = await self.open()
        for what, number, outcome in [("post", 0, ""), ("post", 1, ""), *script]:
            await self.act(what, number, outcome)
        await self.drain()
        for room in self.rooms.values():
            assert room.standing == self.wanted
        assert len({end.group for end in self.ended}) == len(self.ended)
        await self.content.close()

    async def act(self, what: str, number: int, outcome: str) -> None:
        subject = f"case:{number}"
        if what == "deliver":
            await self.deliver(ROOMS[number % len(ROOMS)], outcome)
        elif what == "wait":
            self.clock.move(10 * (number + 1))
        elif what == "crash":
            await self.crash()
        elif what == "post" and subject not in self.used:
            await self.post(subject, number)
        elif subject in self.wanted:
            await self.change(what, subject)

    async def post(self, subject: str, number: int) -> None:
        # Later subjects answer the first one, if it is there, and may want to leave before it does.
        thread = "case:0" if number and "case:0" in self.wanted else ""
        release_at = self.clock.now() + timedelta(seconds=20 - 10 * number)
        async with self.content.work() as work:
            await work.outbox.post(subject, note(subject), release_at=release_at, thread=thread)
        self.used.add(subject)
        self.wanted[subject] = subject

    async def change(self, what: str, subject: str) -> None:
        self.revision += 1
        # A root stays as long as something in its thread does, as the commands have it.
        answered = subject == "case:0" and len(self.wanted) > 1
        async with self.content.work() as work:
            if what == "edit":
                await work.outbox.edit(subject, note(f"{subject} v{self.revision}"), revision=self.revision)
                self.wanted[subject] = f"{subject} v{self.revision}"
            elif what == "delete" and not answered:
                await work.outbox.delete(subject, group=f"g-{subject}")
                del self.wanted[subject]
            elif what == "hold back" and not answered and await work.outbox.hold_back(subject):
                assert all(subject not in room.ever for room in self.rooms.values())
                del self.wanted[subject]

    async def deliver(self, room: str, outcome: str) -> None:
        claimed = await self.content.queue.claim(f"room:{room}", self.clock.now())
        if claimed is None:
            return
        part = (
            None
            if outcome in {"refused", "lost before", "killed before"}
            else self.rooms[room].carry_out(claimed)
        )
        if outcome.startswith("killed"):
            await self.crash()
        elif outcome == "sent":
            if part is not None:
                await self.content.queue.record(claimed, part)
            self.note_end(await self.content.queue.sent(claimed))
        else:
            again = self.clock.now() + timedelta(seconds=5)
            await self.content.queue.again(claimed, again, unsure=outcome.startswith("lost"))

    async def crash(self) -> None:
        await self.content._database.abandon()
        self.content = await self.open()

    async def drain(self) -> None:
        while (at := await next_due(self.content.queue)) is not None:
            self.clock.move(max(0.0, (at - self.clock.now()).total_seconds()))
            for destination in await due(self.content.queue, self.clock.now()):
                await self.deliver(destination.removeprefix("room:"), "sent")

    def note_end(self, ended: GroupEnded | None) -> None:
        if ended is not None:
            assert set(ended.rooms) == set(ROOMS)
            assert Ending.SENT in ended.rooms.values()
            self.ended.append(ended)


@settings(max_examples=8 if ON_POSTGRES else 40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps)
def test_any_story_ends_as_it_was_wanted(script: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder))
        asyncio.run(Story(Path(folder)).run(script))
