"""The wall's parts: who is welcome, who is stopped under any name, and that all share one of each."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.chat.events import Account
from bot.domain.members import MemberId, Persona
from bot.domain.standing import Cause, Standing, Stop
from bot.identity.sealing import AesSealer
from bot.identity.wall import Wall
from bot.ports.names import Changed
from storage.content.store import ContentStore
from storage.vault.vault import VaultStore
from tests.identity.test_wall import ADA, BEN, enrol, member_of
from tests.storage.handed_in import SeededChance, StillClock


async def stopped(content: ContentStore, member: MemberId, *stops: Stop) -> None:
    async with content.work() as work:
        await work.standings.put(member, Standing(stops))


async def with_state(wall: Wall, state: str) -> None:
    link = await wall.accounts.of(ADA)
    assert link is not None
    await wall.accounts.replace(wall.accounts.index(ADA), replace(link, state=state))


async def test_members_and_those_who_are_just_coming_are_welcome(wall: Wall) -> None:
    assert not await wall.welcome(ADA)
    await enrol(wall)
    for state in ("pending", "linking", "moving", "active"):
        await with_state(wall, state)
        assert await wall.welcome(ADA)
    await with_state(wall, "leaving")
    assert not await wall.welcome(ADA)
    assert await wall.who(ADA) is None


async def test_who_is_stopped_now_and_who_was(wall: Wall, content: ContentStore, clock: StillClock) -> None:
    await enrol(wall)
    await enrol(wall, BEN, "Ben Example")
    ada = await member_of(wall)
    assert not await wall.is_stopped(ADA)
    await stopped(content, ada, Stop(Cause.MODERATORS, "Words.", clock.now() + timedelta(days=1), "one"))
    assert await wall.is_stopped(ADA)
    assert not await wall.is_stopped(BEN)
    assert not await wall.is_stopped(Account("slack", "T0EXAMPLE", "U0NOBODY"))
    clock.move(2 * 24 * 3600)
    assert not await wall.is_stopped(ADA)


async def test_a_persona_of_somebody_stopped_is_known_as_one(
    wall: Wall, content: ContentStore, clock: StillClock
) -> None:
    await enrol(wall)
    known = await wall.who(ADA)
    assert known is not None
    alias = await wall.naming(known).persona(Persona.ALIAS)
    assert alias != known.member
    assert not await wall.is_stopped_persona(alias)
    await stopped(content, known.member, Stop(Cause.BAN, by="one", second="two"))
    assert await wall.is_stopped_persona(alias)
    assert not await wall.is_stopped_persona(known.member)
    assert not await wall.is_stopped_persona(MemberId("f" * 32))
    assert await wall.logins(alias) == (ADA,) == await wall.logins(known.member)
    assert await wall.mailbox(alias) == ADA


async def test_names_are_asked_for_one_member(wall: Wall) -> None:
    await enrol(wall)
    known = await wall.who(ADA)
    assert known is not None
    naming = wall.naming(known)
    assert naming.own_name_bound
    assert naming.changed_on is None
    assert not naming.always_own
    assert len(naming.draw().split()) == 2
    (name,) = await naming.free(1)
    assert await naming.change(name) is Changed.CHANGED


def test_the_parts_of_the_wall_share_one_of_each(
    wall: Wall,
    vault: VaultStore,
    content: ContentStore,
    sealer: AesSealer,
    chance: SeededChance,
    clock: StillClock,
) -> None:
    parts = {type(part): part for part in vars(wall).values()}
    parts |= {type(part): part for part in (vault, content, sealer, chance, clock)}
    looked = 0
    for part in (one for one in vars(wall).values() if type(one).__module__.startswith("bot.identity")):
        for name, held in getattr(part, "__dict__", {}).items():
            assert held is not None or name == "_last", f"{type(part).__name__}.{name}"
            if type(held) in parts and not isinstance(held, asyncio.Lock):
                assert held is parts[type(held)], f"{type(part).__name__}.{name}"
                looked += 1
    assert looked > 40
    turns = {part._turn for part in (wall.belonging, wall.routing, wall.leaving, wall.renaming)}
    assert turns == {wall.turn}


async def test_two_ids_are_one_person_if_they_lead_to_one_member(wall: Wall) -> None:
    await enrol(wall)
    await enrol(wall, BEN, "Ben Example")
    ada, ben, alias = await member_of(wall), await member_of(wall, BEN), MemberId("a" * 32)
    await wall.personae.add(alias, ada, Persona.ALIAS)
    assert await wall.is_same_person(ada, alias)
    assert await wall.is_same_person(alias, ada)
    assert not await wall.is_same_person(ben, alias)
    assert not await wall.is_same_person(ada, ben)
