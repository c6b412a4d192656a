"""Accounts come to a member and go again; stopping anywhere leaves nothing half done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from bot.chat.events import Account
from bot.domain.members import MemberId, Role
from bot.domain.verification import HardKey, KeyKind
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.ports.sealing import SealBroken
from storage.content.store import ContentStore
from storage.vault.vault import VaultStore
from tests.storage.handed_in import SeededChance, StillClock

ADA = Account("slack", "T0EXAMPLE", "U0ADA")
HOME = Account("matrix", "north.example", "@ada:north.example")
THIRD = Account("slack", "T0OTHER", "U0ADA2")
BEN = Account("matrix", "north.example", "@ben:north.example")


@pytest.fixture
async def ada(wall: Wall) -> MemberId:
    await wall.joining.enrol(ADA, "Ada Example", "Dermatology", Role.PHYSICIAN, by="shell")
    return await member_of(wall, ADA)


async def member_of(wall: Wall, account: Account) -> MemberId:
    known = await wall.who(account)
    assert known is not None
    return known.member


async def told(content: ContentStore, clock: StillClock, wall: Wall, account: Account) -> list[str]:
    """Take what waits for one account, in order."""
    courier = wall.accounts.courier(wall.accounts.index(account))
    notices = []
    while (claimed := await content.queue.claim(f"home:{courier}", clock.now())) is not None:
        assert claimed.card is not None
        notices.append(f"{claimed.subject}:{claimed.card.notice}")
        await content.queue.sent(claimed)
    return notices


async def test_accounts_of_a_member_are_listed_in_the_order_in_which_they_came(
    wall: Wall, ada: MemberId
) -> None:
    assert await wall.accounts.of_member(ada) == (ADA,)
    assert await wall.belonging.add(ADA, HOME)
    assert await wall.belonging.add(HOME, THIRD)
    assert await wall.accounts.of_member(ada) == (ADA, HOME, THIRD)
    assert await wall.accounts.of_member(MemberId("f" * 32)) == ()
    assert {await wall.who(one) for one in (ADA, HOME, THIRD)} == {await wall.who(ADA)}
    assert await wall.mailbox(ada) == ADA


async def test_somebodys_account_is_not_added_to_somebody_else(wall: Wall, ada: MemberId) -> None:
    await wall.joining.enrol(BEN, "Ben Example", "Dermatology", Role.PHYSICIAN, by="shell")
    ben = await member_of(wall, BEN)
    assert not await wall.belonging.add(ADA, BEN)
    assert not await wall.belonging.add(THIRD, HOME)
    assert not await wall.belonging.take_off(ADA, BEN)
    assert not await wall.belonging.take_off(THIRD, ADA)
    assert not await wall.belonging.take_off(ADA, ADA)
    assert not await wall.belonging.move(ada, BEN)
    assert not await wall.belonging.move(MemberId("f" * 32), HOME)
    assert not await wall.belonging.be_home(THIRD)
    assert (await member_of(wall, ADA), await member_of(wall, BEN)) == (ada, ben)
    assert await wall.accounts.of_member(ben) == (BEN,)


async def test_the_home_chat_follows_when_its_account_is_taken_off(wall: Wall, ada: MemberId) -> None:
    await wall.belonging.add(ADA, HOME)
    assert await wall.belonging.be_home(HOME)
    assert await wall.mailbox(ada) == HOME
    assert await wall.belonging.take_off(ADA, HOME)
    assert await wall.mailbox(ada) == ADA
    assert await wall.accounts.of_member(ada) == (ADA,)
    assert await wall.who(HOME) is None


async def test_enrolling_a_linked_account_by_hand_changes_nothing(wall: Wall, ada: MemberId) -> None:
    await wall.belonging.add(ADA, HOME)
    again = await wall.joining.enrol(HOME, "Somebody Else", "Surgery", Role.MODERATOR, by="shell")
    assert again.already
    assert await member_of(wall, HOME) == ada


async def test_what_was_shown_anew_is_the_members_once_it_moved(wall: Wall, ada: MemberId) -> None:
    await wall.joining.enrol(BEN, "Ben Example", "Dermatology", Role.PHYSICIAN, by="shell")
    ben, licence, subject = await member_of(wall, BEN), _key("licence"), _key("subject")
    assert await wall.belonging.move(ben, THIRD, [subject])
    assert await wall.belonging.move(ada, HOME, [licence, subject])
    assert [await wall.hard_keys.owner(key) for key in (licence, subject)] == [ada, ben]


def _key(kind: str) -> HardKey:
    return HardKey(KeyKind(kind), "x")


class Died(Exception):
    """The process stops here."""


def die_in(thing: Any, name: str, at: int, *, after: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the call number ``at`` stop the process, before or after it did its work."""
    real: Callable[..., Any] = getattr(thing, name)
    calls = 0

    async def call(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls != at:
            return await real(*args, **kwargs)
        if after:
            await real(*args, **kwargs)
        raise Died

    monkeypatch.setattr(thing, name, call)


PLANS = [
    (act, step, at, after)
    for act in ("add", "take_off", "move")
    for step, most in (("change_accounts", 3), ("append_audit", 2))
    for at in range(1, most + 1)
    for after in (False, True)
]


@pytest.mark.parametrize("plan", PLANS)
async def test_t_41_what_stopped_anywhere_is_finished_at_the_next_start(
    wall: Wall,
    vault: VaultStore,
    content: ContentStore,
    sealer: AesSealer,
    clock: StillClock,
    ada: MemberId,
    monkeypatch: pytest.MonkeyPatch,
    plan: tuple[str, str, int, bool],
) -> None:
    act, step, at, after = plan
    if act == "take_off":
        await wall.belonging.add(ADA, HOME)
        await told(content, clock, wall, HOME)
    with monkeypatch.context() as dying:
        die_in(vault, step, at, after=after, monkeypatch=dying)
        with contextlib.suppress(Died):
            await _do(wall, act, ada)
    begun = (step, at, after) != ("change_accounts", 1, False)

    again = Wall(vault, content, sealer, chance=SeededChance(5), clock=clock)
    await again.belonging.repair()
    assert await again.belonging.repair() == 0

    has_home = {"add": begun, "take_off": not begun, "move": begun}[act]
    has_ada = not (act == "move" and begun)
    assert (await again.who(HOME) is not None) is has_home
    assert (await again.who(ADA) is not None) is has_ada
    there = tuple(one for one, is_there in ((ADA, has_ada), (HOME, has_home)) if is_there)
    assert await again.accounts.of_member(ada) == there
    assert await again.mailbox(ada) in there
    notices = [*await told(content, clock, again, HOME), *await told(content, clock, again, ADA)]
    assert len(notices) == (begun * (2 if act == "move" else 1))
    assert (await again.audit.verify()).problem == ""


async def _do(wall: Wall, act: str, member: MemberId) -> None:
    if act == "add":
        await wall.belonging.add(ADA, HOME)
    elif act == "take_off":
        await wall.belonging.take_off(ADA, HOME)
    else:
        await wall.belonging.move(member, HOME)


async def test_t_04_the_accounts_of_one_member_are_not_served_as_anothers(
    wall: Wall, vault: VaultStore, ada: MemberId
) -> None:
    await wall.joining.enrol(BEN, "Ben Example", "Dermatology", Role.PHYSICIAN, by="shell")
    ben = await member_of(wall, BEN)
    await wall.belonging.add(ADA, HOME)
    await wall.belonging.add(BEN, THIRD)
    async with vault._database.transaction() as connection:
        rows = (await connection.execute(text("SELECT route, sealed FROM member_accounts"))).all()
        for (route, _), (_, sealed) in zip(rows, reversed(rows), strict=True):
            await connection.execute(
                text("UPDATE member_accounts SET sealed = :sealed WHERE route = :route"),
                {"sealed": sealed, "route": route},
            )
    for member in (ada, ben):
        with pytest.raises(SealBroken):
            await wall.accounts.of_member(member)


async def test_a_courier_leads_to_nobody(wall: Wall, content: ContentStore, ada: MemberId) -> None:
    """T-01: the id that stands on the content side is no member's, and another one for each account."""
    await wall.belonging.add(ADA, HOME)
    couriers = {wall.accounts.courier(wall.accounts.index(one)) for one in (ADA, HOME)}
    assert len(couriers) == 2
    async with content.work() as work:
        assert {await work.members.get(one) for one in couriers} == {None}
    assert ada not in couriers
