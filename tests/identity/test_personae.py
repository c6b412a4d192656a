"""Personae in the vault: whose they are, how many there may be, and what a change of name makes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.chat.cards import Card, Fine, Items, Paragraph, Quote, Speaker, Strong
from bot.chat.events import Account
from bot.domain.members import MemberId, Persona, Role
from bot.domain.personae import OWN_NAME
from bot.domain.verification import HardKey, KeyKind
from bot.identity.joining import Admission, Admitted
from bot.identity.own_names import NameGone
from bot.identity.personae import Link
from bot.identity.wall import Known, Wall
from bot.ports.names import Changed
from bot.ports.sealing import SealBroken
from storage.vault.vault import VaultStore

ADA = Account("slack", "T0EXAMPLE", "U0ADA")
NPI = HardKey(KeyKind.NPI, "1234567893")


async def known_as(wall: Wall, account: Account = ADA) -> Known:
    known = await wall.who(account)
    assert known is not None
    return known


async def enrolled(wall: Wall) -> Known:
    await wall.joining.enrol(ADA, "Ada Example", "Dermatology", Role.PHYSICIAN, by="shell")
    return await known_as(wall)


async def renamed(wall: Wall) -> Known:
    (name,) = await wall.joining.free_names(1)
    assert await wall.naming(await known_as(wall)).change(name) is Changed.CHANGED
    return await known_as(wall)


async def test_a_member_has_none_at_first(wall: Wall) -> None:
    known = await enrolled(wall)
    assert (known.held.ids, known.held.changed_on) == ((), None)
    assert await wall.personae.author(known.member) == known.member


async def test_a_persona_reaches_its_author_and_nobody_elses(wall: Wall) -> None:
    known = await enrolled(wall)
    persona = await wall.naming(known).persona(Persona.ALIAS)
    assert await wall.mailbox(persona) == ADA
    assert await wall.personae.author(persona) == known.member
    assert (await known_as(wall)).held.ids == (persona,)
    assert await wall.mailbox(MemberId("f" * 32)) is None


async def test_there_may_be_many_and_each_can_be_forgotten(wall: Wall, vault: VaultStore) -> None:
    desk = wall.naming(await enrolled(wall))
    personae = [await desk.persona(Persona.NAMED) for _ in range(95)]
    assert (await known_as(wall)).held.ids == tuple(personae)
    async with vault._database.reading() as connection:
        lengths = await connection.exec_driver_sql("SELECT DISTINCT length(sealed) FROM personae")
        assert len(lengths.all()) == 1
    for persona in (personae[0], personae[50], personae[94]):
        await wall.personae.drop(persona)
        assert await wall.mailbox(persona) is None
    left = [one for place, one in enumerate(personae) if place not in (0, 50, 94)]
    assert (await known_as(wall)).held.ids == tuple(left)
    fresh = await desk.persona(Persona.ALIAS)
    assert set((await known_as(wall)).held.ids) == {*left, fresh}


async def test_names_aliases_and_choices_of_before_stay_ones_own(wall: Wall) -> None:
    first = await enrolled(wall)
    alias = await wall.naming(first).persona(Persona.ALIAS)
    await wall.naming(first).sign_always(own=True)
    second = await renamed(wall)
    another = await wall.naming(second).persona(Persona.ALIAS)
    third = await renamed(wall)

    assert len({first.member, second.member, third.member}) == 3
    assert first.person == second.person == third.person
    assert set(third.held.ids) == {first.member, second.member, alias, another}
    for ident in (first.member, second.member, alias, another):
        assert await wall.personae.author(ident) == third.member
        assert await wall.mailbox(ident) == ADA
    assert wall.naming(third).always_own
    assert third.held.changed_on is not None


async def test_a_number_leads_to_the_member_of_today(wall: Wall) -> None:
    (name,) = await wall.joining.free_names(1)
    admission = Admission(
        MemberId("a" * 32), name, "Ada Example", "Dermatology", Role.PHYSICIAN, (NPI,), by="checks"
    )
    assert await wall.joining.admit(ADA, admission) is Admitted.IN
    known = await renamed(wall)
    assert await wall.hard_keys.owner(NPI) == known.member != MemberId("a" * 32)


async def test_a_row_in_anothers_place_is_not_served(wall: Wall, vault: VaultStore) -> None:
    desk = wall.naming(await enrolled(wall))
    personae = [await desk.persona(Persona.NAMED) for _ in range(2)]
    indexes = [wall.personae.link_row(one, Link(one, Persona.NAMED.value))[0] for one in personae]
    sealed = [await vault.persona(index) for index in indexes]
    assert sealed[1] is not None
    await vault.keep_personae({indexes[0]: sealed[1]})
    with pytest.raises(SealBroken):
        await wall.personae.link(personae[0])


async def test_a_name_is_written_where_views_put_it_and_nowhere_else(wall: Wall) -> None:
    persona = await wall.naming(await enrolled(wall)).persona(Persona.NAMED)
    mark = f"⟪{persona}⟫"
    card = Card(
        notice=mark,
        title=mark,
        speaker=Speaker(mark, "k"),
        blocks=(
            Paragraph((Strong(mark), mark)),
            Fine((Strong(OWN_NAME),)),
            Items(((Strong(mark),), (mark,))),
            Quote(mark, label=f"101.1 {mark}"),
        ),
    )
    filled = await wall.own_names.filled(card, "Ben Example")
    assert filled == replace(
        card,
        speaker=Speaker("Ada Example", "k"),
        blocks=(
            Paragraph((Strong("Ada Example"), mark)),
            Fine((Strong("Ben Example"),)),
            Items(((Strong("Ada Example"),), (mark,))),
            Quote(mark, label="101.1 Ada Example"),
        ),
    )


@pytest.mark.parametrize("kind", [Persona.ALIAS, Persona.PAST, Persona.MEMBER])
async def test_only_who_chose_it_is_named(wall: Wall, kind: Persona) -> None:
    known = await enrolled(wall)
    ident = {Persona.MEMBER: known.member, Persona.PAST: known.member}.get(kind)
    if kind is Persona.PAST:
        await renamed(wall)
    ident = ident or await wall.naming(known).persona(kind)
    with pytest.raises(NameGone):
        await wall.own_names.filled(Card("n", speaker=Speaker(f"⟪{ident}⟫", "k")), "Ben Example")


async def test_nothing_shows_a_name_by_being_printed(wall: Wall) -> None:
    known = await enrolled(wall)
    persona = await wall.naming(known).persona(Persona.NAMED)
    link = await wall.personae.link(persona)
    assert link is not None
    for printed in (
        repr(link),
        repr(known),
        repr(wall.naming(known)),
        repr(known.held),
        repr(known.held.folder),
    ):
        assert "Example" not in printed
        assert persona not in printed
    assert link.real_name == "Ada Example"
