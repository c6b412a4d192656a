"""Sharing: a bot that is not logged in everywhere asks of few home chats at a time, and of each once."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.memory import MemoryAdapter
from bot.chat.cards import note
from bot.chat.events import Account
from bot.domain.members import MemberId
from bot.ports.adapter import Health
from bot.relay.sharing import AT_ONCE, Sharing
from tests.relay.test_erasing import member_of
from tests.stories.world import PEOPLE, enrol_everybody, open_world
from tests.waiting import until

AWAY = Health(connected=False, waiting=True, elsewhere=True)
HERE = Health(connected=True)


class Asked:
    """A wall that notes of whom it was asked; every other home chat is at the site with words."""

    def __init__(self, forms: MemoryAdapter, words: MemoryAdapter) -> None:
        self.of: list[str] = []
        self._sites = (forms, words)

    async def mailbox(self, member: MemberId) -> Account | None:
        self.of.append(member)
        return self._sites[int(member) % 2].account(f"p{member}")


@pytest.fixture
def forms() -> MemoryAdapter:
    return MemoryAdapter("forms")


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> MemoryAdapter:
    site = MemoryAdapter("words")
    monkeypatch.setattr(site, "health", lambda: AWAY)
    return site


@pytest.fixture
def asked(forms: MemoryAdapter, words: MemoryAdapter) -> Asked:
    return Asked(forms, words)


@pytest.fixture
def sharing(asked: Asked, forms: MemoryAdapter, words: MemoryAdapter) -> Sharing:
    return Sharing(asked, {"forms": forms, "words": words})  # type: ignore[arg-type]  # asked one thing only


def homes(first: int, behind: int) -> list[str]:
    return [f"home:{number}" for number in range(first, behind)]


async def test_rooms_are_told_apart_without_asking_anybody(sharing: Sharing, asked: Asked) -> None:
    assert await sharing.ours(["room:forms", "room:words", "room:words/moderators"], whole=True) == [
        "room:forms"
    ]
    assert asked.of == []


async def test_a_home_chat_of_another_bot_is_asked_for_once_while_something_is_due_there(
    sharing: Sharing, asked: Asked
) -> None:
    for whole in (True, True, False):
        assert await sharing.ours(["home:1"], whole=whole) == []
    assert await sharing.ours([], whole=False) == []
    assert await sharing.ours(["home:1"], whole=True) == []
    assert asked.of == ["1"]
    assert await sharing.ours([], whole=True) == []
    assert await sharing.ours(["home:1"], whole=True) == []
    assert asked.of == ["1", "1"]


async def test_one_look_asks_of_some_and_the_next_ones_of_the_rest(sharing: Sharing, asked: Asked) -> None:
    due = homes(0, 3 * AT_ONCE)
    mine = list(await sharing.ours(due, whole=True))
    for look in (2, 3):
        assert list(sharing.unasked) == due[(look - 1) * AT_ONCE :]
        mine.extend(await sharing.ours(sharing.unasked, whole=False))
        assert len(asked.of) == look * AT_ONCE
    assert list(sharing.unasked) == []
    assert mine == due[::2]
    assert await sharing.ours(due[1::2], whole=True) == []
    assert asked.of == [str(number) for number in range(3 * AT_ONCE)]


async def test_who_takes_the_seat_serves_all_of_them(
    sharing: Sharing, words: MemoryAdapter, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = homes(0, 4)
    await sharing.ours(due, whole=True)
    monkeypatch.setattr(words, "health", lambda: HERE)
    assert await sharing.ours(due, whole=True) == due
    assert len(asked.of) == 4


async def test_the_relay_looks_again_at_once_for_those_it_has_not_asked_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(tmp_path, undo=0) as world:
        await enrol_everybody(world)
        await world.settle()
        monkeypatch.setattr("bot.relay.sharing.AT_ONCE", 1)
        monkeypatch.setattr(world.words, "health", lambda: AWAY)
        now = world.clock.now()
        members = {person: await member_of(world, person) for site in PEOPLE.values() for person in site}
        async with world.bot.house.content.work() as work:
            for person, member in members.items():
                card = note(f"news for {person}")
                await work.outbox.tell(member, card, quiet=card, key="news", release_at=now)
        await until(lambda: all(world.home(one)[-1] == f"news for {one}" for one in PEOPLE["forms"]))
        assert not any("news" in world.home(one)[-1] for one in PEOPLE["words"])
